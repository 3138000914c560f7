"""Where we stand: one glance at money, positions, market and health."""

from __future__ import annotations

from aiogram.utils.formatting import Text

from core.flows.status import PositionLine, Status
from handlers.views.badge import venue_badge
from handlers.views.figures import gain, money, percent, short_age
from handlers.views.footer import footer
from handlers.views.plain import lines, verdict
from handlers.views.reader import PRIVATE_COLUMNS, Reader
from handlers.views.table import grid, pairs
from handlers.views.times import moment
from handlers.views.words import regime_word

WIDE = (8, 1, -3, -7, -5)
NARROW = (8, 1, -7, -3)


def status_view(status: Status, reader: Reader, wall_ms: int, most: int) -> Text:
    """The whole screen, footer included. ``most`` positions are listed."""
    return lines(status_body(status, reader, most), footer(reader, wall_ms, status.at_ms))


def status_body(status: Status, reader: Reader, most: int) -> Text:
    """The screen without its age: two bodies that are equal need no edit."""
    shown = status.positions[:most]
    return lines(
        verdict(headline(status, reader)),
        account(status, reader) if reader.full else None,
        position_table(shown, reader) if shown else reader.texts("status-flat"),
        more(len(status.positions) - len(shown), reader),
        market_line(status, reader),
        trouble(status, reader) if reader.full else None,
    )


def headline(status: Status, reader: Reader) -> str:
    """Venue, whether it trades, open positions, today's result."""
    texts = reader.texts
    parts = [
        venue_badge(status.venue_name),
        texts(f"state-{status.state}"),
        texts("status-open", count=len(status.positions)),
    ]
    if reader.full:
        parts.append(texts("status-today", amount=gain(status.day_pnl)))
    return " · ".join(parts)


def account(status: Status, reader: Reader) -> Text:
    """Equity and what is free."""
    texts = reader.texts
    rows = [
        (texts("label-equity"), money(status.equity)),
        (texts("label-free"), money(status.free)),
        (texts("label-unrealised"), gain(status.unrealised)),
        (texts("label-today"), gain(status.day_pnl)),
    ]
    return pairs(rows, reader.columns)


def position_table(positions: tuple[PositionLine, ...], reader: Reader) -> Text:
    """One line per position."""
    wide = reader.columns >= PRIVATE_COLUMNS
    return grid([row(line, wide) for line in positions], WIDE if wide else NARROW)


def row(line: PositionLine, wide: bool) -> tuple[str, ...]:
    """``BTC  L 3x +1.24% 42m``; a narrow screen goes without the leverage."""
    position = line.position
    start = (position.symbol, position.side.value[0].upper())
    rest = (percent(line.pnl_share), short_age(line.age_ms))
    return (*start, f"{position.leverage}x", *rest) if wide else (*start, *rest)


def more(count: int, reader: Reader) -> str | None:
    """What the list leaves out."""
    return reader.texts("list-more", count=count) if count > 0 else None


def market_line(status: Status, reader: Reader) -> Text:
    """Regime and the last scan."""
    texts = reader.texts
    scan: Text | str = texts("status-no-scan")
    if status.last_scan_ms is not None:
        scan = Text(texts("status-scanned", count=status.market_count), " ", moment(status.last_scan_ms, reader.zone))
    return Text(texts("status-regime", regime=regime_word(status.regime, texts)), " · ", scan)


def trouble(status: Status, reader: Reader) -> str | None:
    """What is missing, and what is blocked."""
    texts = reader.texts
    rows = []
    if status.degraded:
        rows.append(texts("status-degraded", what=", ".join(status.degraded)))
    if status.blocks:
        rows.append(texts("status-blocked", symbols=", ".join(block.symbol for block in status.blocks)))
    return "\n".join(rows) or None

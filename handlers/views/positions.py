"""Open positions, one card each: what it is worth, where it ends, and whether its stop really rests."""

from __future__ import annotations

from decimal import Decimal

from aiogram.utils.formatting import Text

from core.flows.status import PositionLine, Status
from handlers.views.badge import light, venue_badge
from handlers.views.figures import age, gain, money, multiple, percent, plain, price
from handlers.views.footer import footer
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.status import more, position_table
from handlers.views.table import pairs

UNREACHABLE = Decimal("0.001")
"""A liquidation price under this share of the mark is none."""


def positions_view(status: Status, reader: Reader, wall_ms: int, most: int) -> Text:
    """All positions; readers who may not see money get one line each."""
    shown = status.positions[:most]
    if not shown:
        body: Text | str = reader.texts("positions-none")
    elif reader.full:
        body = lines(*(card(line, reader) for line in shown))
    else:
        body = position_table(shown, reader)
    return lines(
        verdict(headline(status, reader)),
        body,
        more(len(status.positions) - len(shown), reader),
        footer(reader, wall_ms, status.at_ms),
    )


def headline(status: Status, reader: Reader) -> str:
    """``🧪 SIM · 2 open · +45.67``."""
    parts = [venue_badge(status.venue_name), reader.texts("status-open", count=len(status.positions))]
    if reader.full and status.positions:
        parts.append(gain(status.unrealised))
    return " · ".join(parts)


def title(line: PositionLine, reader: Reader) -> str:
    """``🟢 SOL long 5× · +1.24% · +0.82R``."""
    position = line.position
    side = reader.texts(f"side-{position.side.value}")
    lead = f"{light(line.pnl_share)} {position.symbol} {side} {position.leverage}×"
    return f"{lead} · {percent(line.pnl_share)} · {multiple(line.r)}"


def card(line: PositionLine, reader: Reader) -> Text:
    """One position in full."""
    texts, position = reader.texts, line.position
    rests = {True: "✓", False: "✗"}
    rows = [
        (texts("label-pnl"), gain(line.unrealised)),
        (texts("label-entry"), price(position.entry)),
        (texts("label-mark"), price(line.mark)),
        (texts("label-stop"), f"{price(position.stop)} {rests[line.stop_rests]}"),
        (texts("label-target"), f"{price(position.target)} {rests[line.target_rests]}"),
        (texts("label-size"), f"{plain(position.size)}"),
        (texts("label-notional"), money(line.notional)),
        (texts("label-margin"), money(line.margin)),
        (texts("label-liquidation"), liquidation(line)),
        (texts("label-age"), age(line.age_ms)),
    ]
    missing = None if line.stop_rests else texts("positions-no-stop")
    return lines(verdict(title(line, reader)), pairs(rows, reader.columns), missing)


def liquidation(line: PositionLine) -> str:
    """The liquidation price; a dash where the margin covers (nearly) every price there can be."""
    price_at = line.liquidation
    return price(price_at) if price_at is not None and price_at > line.mark * UNREACHABLE else "–"

"""Liquidations of five minutes: how much, on which side, how large that is, and what followed earlier cascades."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Text

from core.flows.cascades import Liquidations
from core.signals.cascade import MARKET, CascadeReading, Exhaustion, HitRate, Tier
from handlers.views.figures import points, short_age
from handlers.views.footer import footer
from handlers.views.plain import details, lines, verdict
from handlers.views.reader import Reader
from handlers.views.table import grid
from handlers.views.words import side_word

WIDTHS = (8, -6, -6, 5)
UNITS = ((1e9, "B"), (1e6, "M"), (1e3, "k"))


def liq_view(seen: Liquidations, reader: Reader, wall_ms: int, market_ms: int) -> Text:
    """The screen."""
    texts = reader.texts
    highest = max((one.tier for one in seen.windows), default=Tier.NONE)
    head = (texts("funding-market"), texts("side-long"), texts("side-short"), texts("liq-tier"))
    table = grid([head, *(row(one, reader) for one in seen.windows)], WIDTHS) if seen.windows else texts("liq-quiet")
    return lines(
        verdict(texts("liq-headline", tier=tier_word(highest, reader))),
        table,
        feeds(seen, reader, market_ms),
        texts("liq-rate", short=rate(seen.after_15m), long=rate(seen.after_60m)),
        details([past(one, reader, market_ms) for one in seen.past]),
        footer(reader, wall_ms, market_ms),
    )


def row(one: CascadeReading, reader: Reader) -> tuple[str, ...]:
    """``BTC 1.2M 40k high``."""
    name = reader.texts("liq-market") if one.symbol == MARKET else one.symbol
    return name, dollars(one.long_usd), dollars(one.short_usd), tier_word(one.tier, reader)


def tier_word(tier: int, reader: Reader) -> str:
    """Its name."""
    return reader.texts(f"tier-{Tier(tier).name.lower()}")


def dollars(amount: float) -> str:
    """USD with two or three digits and a unit.

    >>> dollars(1_234_567.0), dollars(45_600.0), dollars(0.0)
    ('1.2M', '46k', '0')
    """
    for size, unit in UNITS:
        if amount >= size:
            value = amount / size
            return f"{value:.1f}{unit}" if value < 10 else f"{value:.0f}{unit}"
    return f"{amount:.0f}"


def feeds(seen: Liquidations, reader: Reader, market_ms: int) -> str:
    """``🟢 binance (sampled) · 🔴 okx``."""
    told = [
        f"🟢 {name} ({reader.texts(f'certainty-{certainty.value}')}) {short_age(max(0, market_ms - since))}"
        if since is not None
        else f"🔴 {name}"
        for name, certainty, since in seen.feeds
    ]
    return " · ".join(told)


def rate(measured: HitRate) -> str:
    """``61% of 23``, or a dash before anything was measured."""
    return "–" if measured.share is None else f"{points(measured.share)} ({measured.hits}/{measured.followed})"


def past(one: Exhaustion, reader: Reader, market_ms: int) -> str:
    """One earlier exhaustion and what followed."""
    name = reader.texts("liq-market") if one.symbol == MARKET else one.symbol
    way = side_word(one.direction, reader.texts) or "–"
    moves = " ".join(
        f"{move * 100:+.2f}%".replace("-", "−") for move in (one.after_15m, one.after_60m) if move is not None
    )
    age = short_age(max(0, market_ms - one.at_ms))
    return f"{name} {tier_word(one.tier, reader)} → {way}, {age}: {moves or '…'}"


def totals(long_usd: float, short_usd: float, reader: Reader) -> Sequence[str]:
    """Both sides in words, for the alert."""
    texts = reader.texts
    return f"{texts('side-long')} {dollars(long_usd)}", f"{texts('side-short')} {dollars(short_usd)}"

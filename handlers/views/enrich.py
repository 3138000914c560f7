"""The 35 readings of one market, pass by pass, narrow enough for a phone. A dot stands for neutral."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from aiogram.utils.formatting import Bold, Text

from core.market.symbols import Market
from core.signals.enrichment.dimensions import Dimensions, Pivots
from core.signals.view import MarketView
from handlers.views.figures import percent, price
from handlers.views.footer import footer
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.table import pairs
from handlers.views.top import ARROWS, arrows
from handlers.views.words import key_part, rule_word, side_word

NEUTRAL = "·"
PASSES: dict[str, tuple[str, ...]] = {
    "vwap": ("vwap", "vwap_distance_pct", "vwap_filter"),
    "premarket": ("premarket_high", "premarket_low", "opening_high", "opening_low", "premarket_signal"),
    "volume-delta": ("vd_delta", "vd_divergence", "vd_filter"),
    "momentum": (
        "macd_bias", "macd_cross", "macd_divergence", "stoch_rsi", "stoch_rsi_state", "squeeze", "mi_signal",
    ),
    "structure": ("ms_sequence", "swing_high", "swing_low", "structure_break", "ms_bias"),
    "sweep": ("sweep", "sweep_level", "sweep_age_bars"),
    "obv-cvd": ("obv_slope", "obv_divergence", "cvd_delta", "vol_confirm"),
    "supertrend": ("st_direction", "st_flip", "pivots", "pivot_zone", "pp_st_signal"),
}  # fmt: skip
"""Pass → its dimensions, as the specification groups them."""
SHARES = {"vd_delta": 1.0, "cvd_delta": 1.0, "vwap_distance_pct": 0.01}
"""Dimensions shown in percent, and what makes a share of them."""


def enrich_view(market: Market, view: MarketView | None, refused: Sequence[str], reader: Reader, wall_ms: int) -> Text:
    """The screen; a market that cannot be read says why."""
    texts = reader.texts
    if view is None:
        why = rule_word("candles", refused[0], texts) if refused else texts("why-unread")
        return lines(verdict(f"⚪ {market.symbol} · {why}"), footer(reader, wall_ms))
    side = side_word(view.side, texts) or texts("rule-no-side")
    head = [
        ("15m 1h 4h", arrows(view.states)),
        (texts("dim-close"), price(exact(view.close))),
        (texts("dim-atr"), f"{price(exact(view.atr))} {percent(view.atr / view.close).lstrip('+')}"),
    ]
    groups = [part for name in PASSES for part in group(name, view.dimensions, reader)]
    return lines(
        verdict(f"🔬 {market.symbol} · {side}"),
        pairs(head, reader.columns),
        *groups,
        texts("enrich-neutral") + (" " + texts("enrich-short") if view.short_history else ""),
        footer(reader, wall_ms, view.now_ms),
    )


def group(name: str, seen: Dimensions, reader: Reader) -> list[Text]:
    """One pass: its title and its readings; one that has nothing to say is a single line."""
    rows = [line for dimension in PASSES[name] for line in rows_of(dimension, seen, reader)]
    title = Bold(reader.texts(f"pass-{name}"))
    if all(value == NEUTRAL for _, value in rows):
        return [Text(title, f" {NEUTRAL}")]
    return [title, pairs(rows, reader.columns)]


def rows_of(dimension: str, seen: Dimensions, reader: Reader) -> list[tuple[str, str]]:
    """Name and value; the pivots are five."""
    value = getattr(seen, dimension)
    if isinstance(value, Pivots):
        levels = (("R2", value.r2), ("R1", value.r1), ("P", value.p), ("S1", value.s1), ("S2", value.s2))
        return [(name, price(exact(level))) for name, level in levels]
    return [(reader.texts(f"dim-{key_part(dimension)}"), shown(dimension, value))]


def shown(dimension: str, value: Any) -> str:
    """A value as it is read aloud; a neutral one is a dot.

    >>> shown("vd_delta", -0.31), shown("vwap_filter", Dimensions().vwap_filter), shown("sweep_age_bars", 0)
    ('−31%', '·', '0')
    """
    if value is None or (dimension not in SHARES and value == getattr(Dimensions(), dimension)):
        return NEUTRAL
    if isinstance(value, StrEnum):
        return value.value.lower().replace("_", " ")
    if isinstance(value, bool):
        return "✓"
    if dimension == "st_direction":
        return ARROWS[value]
    if dimension in SHARES:
        return percent(value * SHARES[dimension], 2 if dimension == "vwap_distance_pct" else 0)
    if dimension == "obv_slope":
        return f"{value:+.2f}".replace("-", "−")
    return f"{value:.0f}" if dimension in ("stoch_rsi", "sweep_age_bars") else price(exact(value))


def exact(value: float) -> Decimal:
    """A figure that is only shown."""
    return Decimal(repr(value))

"""Counts, correlation and cooldown before an entry (SPEC R5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.market.symbols import Side
from core.settings import Limits
from core.sifting import Refusal

STAGE = "limits"


@dataclass(frozen=True, slots=True)
class Exposure:
    """What is open when an entry is considered. Amounts in USD.

    ``open_risk`` = Σ max(0, side·(mark − stop)·size); ``day_loss`` is today's loss, unrealised included, ≥ 0.
    """

    equity: float
    free: float
    open_risk: float
    gross: float
    day_loss: float


def refuse_by_count(
    symbol: str, side: Side, open_sides: Sequence[Side], positions: int, rules: Limits
) -> Refusal | None:
    """MAX_POSITIONS, as many as the governor allows (``positions``), and MAX_SAME_DIRECTION."""
    if len(open_sides) >= positions:
        return Refusal(symbol, STAGE, "max_positions", len(open_sides), positions)
    same = sum(s is side for s in open_sides)
    if same >= rules.same_direction:
        return Refusal(symbol, STAGE, "max_same_direction", same, rules.same_direction, side.value)
    return None


def refuse_by_correlation(symbol: str, same_side: Mapping[str, float | None], rules: Limits) -> Refusal | None:
    """No second bet on the same move: ``same_side`` are the correlations with open positions of the same side.

    What cannot be measured (None) does not refuse.

    >>> refuse_by_correlation("ETH", {"BTC": 0.91, "SOL": None}, Limits()).detail
    'BTC'
    """
    known = {other: value for other, value in same_side.items() if value is not None}
    nearest = max(known, key=lambda other: (known[other], other), default=None)
    if nearest is None or known[nearest] <= rules.correlation_most:
        return None
    return Refusal(symbol, STAGE, "correlated", known[nearest], rules.correlation_most, nearest)


def refuse_by_cooldown(symbol: str, last_close: Mapping[str, int], now_ms: int, rules: Limits) -> Refusal | None:
    """No re-entry for a while after a close. Figures in minutes."""
    closed = last_close.get(symbol)
    if closed is None or now_ms - closed >= rules.cooldown_ms:
        return None
    return Refusal(symbol, STAGE, "cooldown", (now_ms - closed) / 60_000, rules.cooldown_ms / 60_000)

"""Displacement: a clearly better newcomer may take the place of a position that has come to nothing (SPEC D1).

One pure function of the positions, the newcomer, the time and the settings. At most one position goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.decision.thresholds import units
from core.market.symbols import Side
from core.settings import Confidence, Displacement, Way


@dataclass(frozen=True, slots=True)
class Holding:
    """An open position as displacement sees it. ``pnl`` is unrealised profit over entry notional, before fees."""

    symbol: str
    side: Side
    confidence: float
    pnl: float
    opened_ms: int


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A finalist that finds no room."""

    symbol: str
    side: Side
    confidence: float


@dataclass(frozen=True, slots=True)
class Victim:
    """The position that goes, and by which ways: ``A`` (too many positions), ``B`` (too many of one side)."""

    holding: Holding
    ways: str


def displace(
    holdings: Sequence[Holding],
    newcomer: Newcomer,
    now_ms: int,
    *,
    positions: int,
    same_direction: int,
    rules: Displacement,
    confidence: Confidence,
) -> Victim | None:
    """Who goes, if anybody. ``positions`` and ``same_direction`` are the maxima in force; ``confidence`` says in what
    steps confidences are compared (SPEC A4), so that sums of floats cannot decide.

    Way A needs that closing one really makes room; where both maxima bind, the victim must meet both ways.
    """
    same = [one for one in holdings if one.side is newcomer.side]
    full, one_sided = len(holdings) >= positions, len(same) >= same_direction
    if not (full or one_sided) or len(holdings) > positions or len(same) > same_direction:
        return None
    able = [
        one
        for one in (same if one_sided else holdings)
        if (not full or meets(one, newcomer, now_ms, rules.any_side, confidence))
        and (not one_sided or meets(one, newcomer, now_ms, rules.same_side, confidence))
    ]
    ways = "A" * full + "B" * one_sided
    weakest = min(
        able, key=lambda one: (units(one.confidence, confidence), one.pnl, one.opened_ms, one.symbol), default=None
    )
    return Victim(weakest, ways) if weakest is not None else None


def meets(one: Holding, newcomer: Newcomer, now_ms: int, way: Way, confidence: Confidence) -> bool:
    """Whether a position is old, dull and weak enough."""
    lead = units(newcomer.confidence, confidence) - units(one.confidence, confidence)
    return (
        now_ms - one.opened_ms >= way.age_ms
        and way.pnl_least <= one.pnl <= way.pnl_most
        and lead >= units(way.lead, confidence)
    )

"""How crowded one side of a market is, by what it pays and by who joined (SPEC X1), and what that costs.

Refuses to speak for the empty side: crowding only ever takes from the side that is crowded.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.market.snapshots import Context
from core.market.symbols import Side
from core.settings import CrowdingRules


class Crowd(StrEnum):
    """Three degrees."""

    NONE = "none"
    MODERATE = "moderate"
    EXTREME = "extreme"


@dataclass(frozen=True, slots=True)
class CrowdingReading:
    """The score of one market, in [−1, +1] (positive: longs are crowded), and what it was made of.

    ``interest_change`` is that of open interest over 24 hours, None until 24 hours of it are known.
    """

    score: float
    funding_a_year: float
    neutral_a_year: float
    interest_change: float | None
    by_funding: float
    by_interest: float

    @property
    def side(self) -> Side | None:
        """The crowded side, however little."""
        return None if self.score == 0 else Side.LONG if self.score > 0 else Side.SHORT


def read_crowding(now: Context, interest_before: float | None, rules: CrowdingRules) -> CrowdingReading:
    """The reading from the present context and the open interest of 24 hours ago.

    >>> rules = CrowdingRules()
    >>> round(read_crowding(Context("SOL", 0, 0.7095 / 8760, 0.1095 / 8760, None), None, rules).score, 6)
    0.6
    >>> round(read_crowding(Context("SOL", 0, -0.3905 / 8760, 0.1095 / 8760, 125.0), 100.0, rules).score, 6)
    -1.0
    """
    by_funding = _clipped((now.funding_a_year - now.neutral_a_year) / rules.funding_full)
    change = None
    if now.open_interest is not None and interest_before is not None and interest_before > 0:
        change = now.open_interest / interest_before - 1
    toward = (by_funding > 0) - (by_funding < 0)
    by_interest = _clipped(toward * change / rules.interest_full) if change is not None else 0.0
    score = _clipped(rules.weight_funding * by_funding + rules.weight_interest * by_interest)
    return CrowdingReading(score, now.funding_a_year, now.neutral_a_year, change, by_funding, by_interest)


def degree(reading: CrowdingReading, rules: CrowdingRules) -> Crowd:
    """How crowded the crowded side is; what counts is the score alone."""
    if abs(reading.score) > rules.extreme:
        return Crowd.EXTREME
    return Crowd.MODERATE if abs(reading.score) > rules.moderate else Crowd.NONE


def display_label(reading: CrowdingReading, rules: CrowdingRules) -> Crowd:
    """What funding alone would be called [S]; for the eye, it decides nothing."""
    if abs(reading.funding_a_year) > rules.label_extreme:
        return Crowd.EXTREME
    return Crowd.MODERATE if abs(reading.funding_a_year) > rules.label_moderate else Crowd.NONE


def penalty(reading: CrowdingReading | None, side: Side, rules: CrowdingRules) -> float:
    """What is taken from the confidence of a side; 0 for the side that is not crowded and without a reading."""
    return {
        Crowd.EXTREME: rules.extreme_penalty,
        Crowd.MODERATE: rules.moderate_penalty,
    }.get(against(reading, side, rules), 0.0)


def size_multiplier(reading: CrowdingReading | None, side: Side, rules: CrowdingRules) -> float:
    """Share of the usual size for a side."""
    return rules.extreme_size if against(reading, side, rules) is Crowd.EXTREME else 1.0


def against(reading: CrowdingReading | None, side: Side, rules: CrowdingRules) -> Crowd:
    """How crowded this very side is."""
    return Crowd.NONE if reading is None or reading.side is not side else degree(reading, rules)


def _clipped(value: float) -> float:
    return max(-1.0, min(1.0, value))

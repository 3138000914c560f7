"""What a venue says of its markets beside their prices: funding and open interest, and how the latter was a day ago.

Plain records and a day's memory of them. Refuses to call anything crowded.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

HOURS_A_YEAR = 24 * 365
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Context:
    """One market at one time. ``funding`` and ``neutral`` (what a market pays that leans to no side) are per hour.

    ``open_interest`` is in base units, None where the venue or a recording tells none.
    """

    coin: str
    at_ms: int
    funding: float
    neutral: float
    open_interest: float | None

    @property
    def funding_a_year(self) -> float:
        """Funding as a share of the notional per year, simple.

        >>> round(Context("SOL", 0, 0.0000125, 0.0000125, None).funding_a_year, 4)
        0.1095
        """
        return self.funding * HOURS_A_YEAR

    @property
    def neutral_a_year(self) -> float:
        """The neutral rate per year."""
        return self.neutral * HOURS_A_YEAR


@dataclass(slots=True)
class InterestHistory:
    """Open interest of the last day and a bit, by coin; what is older than ``keep_ms`` is forgotten."""

    keep_ms: int
    _times: dict[str, list[int]] = field(default_factory=dict)
    _values: dict[str, list[float]] = field(default_factory=dict)

    def note(self, contexts: Iterable[Context]) -> None:
        """Keep what they say of open interest; one that is not later than its coin's last is left out."""
        for one in contexts:
            times, values = self._times.setdefault(one.coin, []), self._values.setdefault(one.coin, [])
            if one.open_interest is None or (times and one.at_ms <= times[-1]):
                continue
            times.append(one.at_ms)
            values.append(one.open_interest)
            gone = bisect_right(times, one.at_ms - self.keep_ms)
            del times[:gone], values[:gone]

    def a_day_before(self, coin: str, at_ms: int, slack_ms: int) -> float | None:
        """The last known value 24 hours before a time, None where it was older than ``slack_ms`` then, or is not known.

        >>> history = InterestHistory(keep_ms=100_000_000)
        >>> history.note([Context("SOL", 1_000, 0, 0, 50.0), Context("SOL", 90_000_000, 0, 0, 60.0)])
        >>> history.a_day_before("SOL", 86_402_000, 5_000), history.a_day_before("SOL", 86_502_000, 5_000)
        (50.0, None)
        """
        times, then = self._times.get(coin, []), at_ms - DAY_MS
        place = bisect_right(times, then) - 1
        if place < 0 or times[place] < then - slack_ms:
            return None
        return self._values[coin][place]

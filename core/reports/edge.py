"""What trades were worth: their mean R after costs, and how far chance alone could have moved it.

Trades of one day share its market, so they are no independent draws: whole days are drawn, with replacement, as many
as there were, and the mean is taken anew each time (the cluster bootstrap with the percentile interval: Efron and
Tibshirani, *An Introduction to the Bootstrap*, 1993, ch. 13; for clusters Field and Welsh, *Bootstrapping clustered
data*, JRSS B 69, 2007). Over few days such an interval is too narrow, so below ``days_least`` there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.reports.slippage import Execution
from core.settings import LiveRules

DAY_MS = 86_400_000
COUNTED = ("paper", "replay")
"""Whose trades say something of real markets; a simulated market is of our own making, a test network has no crowd."""


@dataclass(frozen=True, slots=True)
class Lived:
    """What one trade came to: where it was made (``paper``, ``replay``, ``sim`` …), when it closed, its R after costs."""

    origin: str
    closed_ms: int
    r: float


@dataclass(frozen=True, slots=True)
class Edge:
    """Mean R over trades, with its interval where there are enough days."""

    trades: int
    days: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_shown(self) -> bool:
        """Whether the whole interval lies above zero."""
        return self.low is not None and self.low > 0


class Experience(Protocol):
    """What was traded on every venue, this one included. Raises :class:`core.errors.StorageUnavailable`."""

    async def lived(self) -> Sequence[Lived]:
        """Closed trades of the other venues, and of the replay that the operator named."""
        ...

    async def executions(self) -> Sequence[Execution]:
        """Fills beside the price at which their orders were decided, of all venues."""
        ...


def edge(trades: Sequence[Lived], rules: LiveRules) -> Edge:
    """The mean and its interval by UTC days of the close; the same trades in any order give the same figures."""
    if not trades:
        return Edge(0, 0)
    by_day: dict[int, list[float]] = {}
    for one in sorted(trades, key=lambda t: (t.closed_ms, t.r)):
        by_day.setdefault(one.closed_ms // DAY_MS, []).append(one.r)
    sums = np.array([sum(rs) for rs in by_day.values()])
    counts = np.array([len(rs) for rs in by_day.values()], dtype=float)
    mean, days = float(sums.sum() / counts.sum()), len(by_day)
    if days < rules.days_least:
        return Edge(len(trades), days, mean)
    chance = np.random.default_rng(rules.seed)
    draws = np.empty(rules.resamples)
    for number in range(rules.resamples):
        drawn = chance.integers(0, days, days)
        draws[number] = sums[drawn].sum() / counts[drawn].sum()
    tail = (1 - rules.coverage) / 2
    low, high = np.quantile(draws, (tail, 1 - tail))
    return Edge(len(trades), days, mean, float(low), float(high))


def edges(trades: Sequence[Lived], rules: LiveRules) -> dict[str, Edge]:
    """The edge by where the trades were made, those that count first."""
    origins = sorted({t.origin for t in trades}, key=lambda o: (o not in COUNTED, o))
    return {origin: edge([t for t in trades if t.origin == origin], rules) for origin in origins}


def counted(trades: Sequence[Lived], rules: LiveRules) -> Edge:
    """The edge over all trades that count."""
    return edge([t for t in trades if t.origin in COUNTED], rules)

"""A recording: what is known of each market over time, as columns, and the intervals built from the finest one.

It refuses to hold anything unsound (the loader in ``bot.feeds.recorded`` sees to that) and knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.market.candles import Floats, Ints
from core.market.symbols import AssetClass

INTERVALS: Mapping[str, int] = {"5m": 300_000, "15m": 900_000, "1h": 3_600_000, "4h": 14_400_000}
"""Kinds of candle file and the length of their bars in ms."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of one market, oldest first: open times and lengths (epoch ms, int64), float64 columns, all ``[bars]``.

    ``span`` is the same for every bar of a file; the path of a market may join coarse old bars to fine new ones.
    """

    time: Ints
    span: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats

    def __len__(self) -> int:
        return int(self.time.size)

    def __getitem__(self, bars: slice) -> Bars:
        return Bars(
            self.time[bars],
            self.span[bars],
            self.open[bars],
            self.high[bars],
            self.low[bars],
            self.close[bars],
            self.volume[bars],
        )

    @property
    def columns(self) -> tuple[Ints, Ints, Floats, Floats, Floats, Floats, Floats]:
        """Time, span, open, high, low, close, volume."""
        return self.time, self.span, self.open, self.high, self.low, self.close, self.volume

    @property
    def end_ms(self) -> int:
        """Close time of the last bar; the bars must not be empty."""
        return int(self.time[-1] + self.span[-1])

    def opened_by(self, now_ms: int) -> int:
        """How many bars open at or before ``now_ms``."""
        return int(np.searchsorted(self.time, now_ms, side="right"))


@dataclass(frozen=True, slots=True)
class Readings:
    """A quantity that steps: ``value[i]`` holds from ``time[i]`` (epoch ms, ascending) on."""

    time: Ints
    value: Floats

    def at(self, now_ms: int) -> float | None:
        """The value in force at ``now_ms``; ``None`` before the first."""
        row = int(np.searchsorted(self.time, now_ms, side="right")) - 1
        return float(self.value[row]) if row >= 0 else None


@dataclass(frozen=True, slots=True)
class RecordedSymbol:
    """One market of a recording.

    ``bars`` maps an interval in ms to its bars, given or built; ``path`` are the bars that the price follows, the
    finest known at each time; ``funding`` is a fraction per hour, ``open_interest`` in base units.
    """

    symbol: str
    asset_class: AssetClass
    bars: Mapping[int, Bars]
    path: Bars
    funding: Readings | None = None
    open_interest: Readings | None = None

    @classmethod
    def of(
        cls,
        symbol: str,
        asset_class: AssetClass,
        given: Mapping[int, Bars],
        funding: Readings | None = None,
        open_interest: Readings | None = None,
    ) -> RecordedSymbol:
        """From the given intervals (at least one); 15m, 1h and 4h that are lacking are built from the finest."""
        finest = min(given)
        bars = dict(given)
        for interval in INTERVALS.values():
            if interval > finest and interval not in bars and interval % finest == 0:
                bars[interval] = gathered(given[finest], interval)
        return cls(symbol, asset_class, dict(sorted(bars.items())), finest_path(given), funding, open_interest)

    @property
    def first_price(self) -> float:
        """The first open of the path."""
        return float(self.path.open[0])


class RecordedLiquidation(NamedTuple):
    """One forced closing: ``is_long`` is the side of the position, ``size`` in base units."""

    time_ms: int
    symbol: str
    is_long: bool
    size: float
    price: float


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded of a set of markets, in the manifest's order, and the positions closed by force in them."""

    symbols: tuple[RecordedSymbol, ...]
    liquidations: tuple[RecordedLiquidation, ...] = ()

    @property
    def start_ms(self) -> int:
        """Open time of the earliest bar."""
        return min(int(one.path.time[0]) for one in self.symbols)

    @property
    def end_ms(self) -> int:
        """Close time of the latest bar."""
        return max(one.path.end_ms for one in self.symbols)

    @property
    def classes(self) -> dict[str, AssetClass]:
        """Asset class by symbol."""
        return {one.symbol: one.asset_class for one in self.symbols}


def gathered(bars: Bars, interval_ms: int) -> Bars:
    """Bars of ``interval_ms``, aligned to UTC, made of the finer ``bars`` that there are; empty stretches stay empty."""
    bucket = bars.time // interval_ms * interval_ms
    first = np.flatnonzero(np.diff(bucket, prepend=-1))
    last = np.append(first[1:], bars.time.size) - 1
    if not first.size:
        return bars
    return Bars(
        bucket[first],
        np.full(first.size, interval_ms, dtype=np.int64),
        bars.open[first],
        np.maximum.reduceat(bars.high, first),
        np.minimum.reduceat(bars.low, first),
        bars.close[last],
        np.add.reduceat(bars.volume, first),
    )


def finest_path(given: Mapping[int, Bars]) -> Bars:
    """The finest bars known at each time: coarser ones stand in before the finer begin and after they end."""
    finest, *coarser = (given[interval] for interval in sorted(given))
    path = finest
    for bars in coarser:
        before = bars[: int(np.searchsorted(bars.time + bars.span, path.time[0], side="right"))]
        after = bars[int(np.searchsorted(bars.time, path.end_ms, side="left")) :]
        path = joined((before, path, after))
    return path


def joined(pieces: Sequence[Bars]) -> Bars:
    """Stretches of bars one after the other."""
    return Bars(*(np.concatenate(columns) for columns in zip(*(piece.columns for piece in pieces), strict=True)))

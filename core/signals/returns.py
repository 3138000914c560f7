"""Hourly returns of many markets on one grid of time, and how they move together.

Read by the regime now and by the correlation limit later. Refuses to call the jump over a closed session an hourly
return: only two bars exactly one hour apart make one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.market.candles import CandleSeries, Floats, Ints, Timeframe

HOUR_MS = Timeframe.H1.ms


@dataclass(frozen=True, slots=True)
class Correlations:
    """Pearson's correlation of every pair, ``[symbols, symbols]``; NaN where it could not be measured."""

    symbols: tuple[str, ...]
    matrix: Floats

    def between(self, one: str, other: str) -> float | None:
        """Of two symbols; None where one is not known or the pair could not be measured."""
        if one not in self.symbols or other not in self.symbols:
            return None
        value = float(self.matrix[self.symbols.index(one), self.symbols.index(other)])
        return None if math.isnan(value) else value


@dataclass(frozen=True, slots=True)
class Returns:
    """Simple 1h returns, close / close before − 1: ``values`` of shape ``[symbols, hours]``, NaN where there is none.

    ``time`` holds the open times of the bars (epoch ms), oldest first; row ``i`` belongs to ``symbols[i]``.
    """

    symbols: tuple[str, ...]
    time: Ints
    values: Floats

    def of(self, symbols: tuple[str, ...]) -> Returns:
        """The same for these symbols, in this order; a symbol without returns has a row of NaN."""
        row = {symbol: index for index, symbol in enumerate(self.symbols)}
        values = np.full((len(symbols), self.time.size), np.nan)
        for index, symbol in enumerate(symbols):
            if symbol in row:
                values[index] = self.values[row[symbol]]
        return Returns(symbols, self.time, values)

    def correlations(self, least: int) -> Floats:
        """Pearson's correlation of every pair over the hours that both have, shape ``[symbols, symbols]``.

        NaN for a pair with fewer than ``least`` common returns or with one that did not move in them.
        """
        held = np.isfinite(self.values)
        here = held.astype(np.float64)
        centre = np.where(held, self.values, 0.0).sum(axis=1) / np.maximum(here.sum(axis=1), 1.0)
        moves = np.where(held, self.values - centre[:, None], 0.0)
        common = _products(here, here)
        hours = np.maximum(common, 1.0)
        total, square = _products(moves, here), _products(moves**2, here)
        spread = square - total**2 / hours
        product = _products(moves, moves) - total * total.T / hours
        size = np.sqrt(np.maximum(spread, 0.0) * np.maximum(spread.T, 0.0))
        moving = (spread > square * 1e-12) & (spread.T > square.T * 1e-12) & (common >= least)
        return np.where(moving, np.clip(product / np.where(size > 0, size, 1.0), -1.0, 1.0), np.nan)


def correlations_of(returns: Returns, least: int) -> Correlations:
    """All of them."""
    return Correlations(returns.symbols, returns.correlations(least))


def _products(left: Floats, right: Floats) -> Floats:
    """Every row of one with every row of the other; not by BLAS, whose sums depend on how many threads it takes."""
    found: Floats = np.einsum("it,jt->ij", left, right)
    return found


def hourly_returns(series: Mapping[str, CandleSeries], now_ms: int, hours: int) -> Returns:
    """Returns of the last ``hours`` hours closed by ``now_ms``, from symbol → 1h bars; rows in the mapping's order."""
    last = Timeframe.H1.last_close(now_ms)
    time = np.arange(last - hours * HOUR_MS, last, HOUR_MS, dtype=np.int64)
    values = np.full((len(series), hours), np.nan)
    for row, one in enumerate(series.values()):
        recent = one.closed_by(now_ms).since(int(time[0]) - HOUR_MS)
        adjacent = np.diff(recent.time) == HOUR_MS
        move = recent.close[1:][adjacent] / recent.close[:-1][adjacent] - 1
        values[row, (recent.time[1:][adjacent] - time[0]) // HOUR_MS] = move
    return Returns(tuple(series), time, values)

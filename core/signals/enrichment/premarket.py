"""Pass ② Pre-market: the ranges of New York's morning, and whether the session has left them (SPEC §3).

Stocks only. Refuses an opening range before it is complete, and a break outside the regular session.
"""

from __future__ import annotations

import numpy as np

from core.market.candles import Bools, CandleBlock, Floats
from core.market.new_york import TradingDay
from core.settings import Enrichment
from core.signals.enrichment.blocks import Blocks, Columns, labelled, numbers
from core.signals.enrichment.dimensions import PremarketSignal


def read_premarket(blocks: Blocks, _: Enrichment) -> Columns:
    """``premarket_high``, ``premarket_low``, ``opening_high``, ``opening_low``, ``premarket_signal`` on 15m bars.

    The day is that of the last bar due; the pre-market range grows until the session opens. Where one of the two
    ranges is not there, the other alone is to be broken.
    """
    bars, day = blocks.m15, blocks.day
    closed_ms = bars.timeframe.last_close(blocks.now_ms)
    last_ms = closed_ms - bars.timeframe.ms
    high, low = _range(bars, blocks.equity, (day.premarket, day.opens) if day else None)
    complete = day is not None and closed_ms >= day.opening_over
    opening_high, opening_low = _range(bars, blocks.equity, (day.opens, day.opening_over) if day and complete else None)
    top, bottom = np.fmax(high, opening_high), np.fmin(low, opening_low)
    close = bars.close[:, -1]
    trading = (bars.time[:, -1] == last_ms) & _in_session(last_ms, day)
    broken = (trading & (close > top)).astype(np.int64) - (trading & (close < bottom))
    return {
        "premarket_high": numbers(high),
        "premarket_low": numbers(low),
        "opening_high": numbers(opening_high),
        "opening_low": numbers(opening_low),
        "premarket_signal": labelled(
            [
                (broken * blocks.side > 0, PremarketSignal.CONFIRMED),
                (broken * blocks.side < 0, PremarketSignal.CON),
            ],
            PremarketSignal.NONE,
        ),
    }


def _in_session(bar_ms: int, day: TradingDay | None) -> bool:
    """Whether a bar that opens at ``bar_ms`` belongs to the regular session."""
    return day is not None and day.opens <= bar_ms < day.closes


def _range(bars: CandleBlock, wanted: Bools, span: tuple[int, int] | None) -> tuple[Floats, Floats]:
    """Highest high and lowest low of the bars that open in ``[span[0], span[1])``; NaN where there is none."""
    nothing = np.full(len(bars.symbols), np.nan)
    if span is None or not wanted.any():
        return nothing, nothing
    inside = bars.valid & wanted[:, None] & (bars.time >= span[0]) & (bars.time < span[1])
    held = inside.any(axis=1)
    high = np.where(inside, bars.high, -np.inf).max(axis=1)
    low = np.where(inside, bars.low, np.inf).min(axis=1)
    return np.where(held, high, np.nan), np.where(held, low, np.nan)

"""Candles made by tests: random walks, rows of them as blocks, and whole markets on three timeframes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.market.blocks import CandleBlock
from core.market.candles import CandleSeries, Floats, Timeframe
from core.market.new_york import TradingDay, trading_day
from core.market.symbols import AssetClass, Market
from core.settings import Enrichment, StockHours
from core.sifting import Missed
from core.signals.enrichment.carried import Carried
from core.signals.enrichment.dimensions import Dimensions
from core.signals.enrichment.passes import PASSES, Pass, run

MONDAY = 1_750_032_000_000
"""2025-06-16 00:00 UTC."""
DAY = 86_400_000
WEEK = 7 * DAY


def walk(
    seed: int,
    bars: int,
    timeframe: Timeframe = Timeframe.H1,
    start_ms: int = MONDAY,
    symbol: str = "SOL",
    spread: float = 0.01,
    quiet_bars: int = 0,
) -> CandleSeries:
    """A geometric walk of sound bars with wicks, gaps and uneven volume.

    With ``quiet_bars`` it ends in a burst of two bars after that many quiet ones with long wicks: a squeeze that fires.
    """
    chance = np.random.default_rng(seed)
    step, wick = chance.standard_t(4, bars) * spread, np.full(bars, spread / 2)
    if quiet_bars:
        step[-quiet_bars - 2 : -2] *= 0.1
        step[-2:] = np.sign(step[-1]) * spread * 3
    close = 100 * np.exp(np.cumsum(step))
    opened = np.concatenate([[100.0], close[:-1]]) * np.exp(chance.normal(0, spread / 10, bars))
    high = np.maximum(opened, close) * np.exp(np.abs(chance.normal(0, 1, bars)) * wick)
    low = np.minimum(opened, close) * np.exp(-np.abs(chance.normal(0, 1, bars)) * wick)
    return _series(symbol, timeframe, start_ms, opened, high, low, close, chance.lognormal(3, 1, bars))


def grid_walk(seed: int, bars: int, timeframe: Timeframe = Timeframe.H1, symbol: str = "SOL") -> CandleSeries:
    """A walk on multiples of 1/64 around 4096, where sums and mirror images are exact."""
    chance = np.random.default_rng(seed)
    close = 4096 + np.cumsum(chance.integers(-640, 641, bars)) / 64
    opened = np.concatenate([[4096.0], close[:-1]])
    high = np.maximum(opened, close) + chance.integers(0, 320, bars) / 64
    low = np.minimum(opened, close) - chance.integers(0, 320, bars) / 64
    return _series(symbol, timeframe, MONDAY, opened, high, low, close, chance.integers(1, 64, bars).astype(np.float64))


def flat(bars: int, price: float = 0.1, timeframe: Timeframe = Timeframe.H1, symbol: str = "USDC") -> CandleSeries:
    """A price that never moves and never trades."""
    level = np.full(bars, price)
    return _series(symbol, timeframe, MONDAY, level, level, level, level, np.zeros(bars))


def of_closes(closes: Sequence[float], timeframe: Timeframe = Timeframe.H1, symbol: str = "SOL") -> CandleSeries:
    """Bars without wicks that open at the close before."""
    close = np.asarray(closes, dtype=np.float64)
    opened = np.concatenate([close[:1], close[:-1]])
    high, low = np.maximum(opened, close), np.minimum(opened, close)
    return _series(symbol, timeframe, MONDAY, opened, high, low, close, np.ones(close.size))


def mirrored(series: CandleSeries, about: float = 8192.0) -> CandleSeries:
    """The same bars upside down: every price p becomes ``about`` − p."""
    return replace(
        series,
        open=about - series.open,
        high=about - series.low,
        low=about - series.high,
        close=about - series.close,
    )


def scaled(series: CandleSeries, factor: float) -> CandleSeries:
    """The same bars in another unit of price."""
    return replace(
        series,
        open=series.open * factor,
        high=series.high * factor,
        low=series.low * factor,
        close=series.close * factor,
    )


def block(*series: CandleSeries) -> CandleBlock:
    """Series of one timeframe side by side."""
    return CandleBlock.of(series[0].timeframe, series)


@dataclass(frozen=True)
class Blocks:
    """What one reading is made of: bars of the same rows, their sides, and the moment."""

    m15: CandleBlock
    h1: CandleBlock
    h4: CandleBlock
    side: Sequence[int]
    stocks: bool
    day: TradingDay | None
    now_ms: int


def hourly_blocks(
    h1: CandleBlock,
    side: Sequence[int],
    h4: CandleBlock | None = None,
    now_ms: int = 0,
    m15: CandleBlock | None = None,
) -> Blocks:
    """Blocks for passes that read 1h (and perhaps 4h) bars; the moment defaults to the end of the last bar.

    With ``m15`` all symbols are stocks, read on New York's day.
    """
    now_ms = now_ms or int(h1.time.max()) + h1.timeframe.ms
    day = trading_day(Timeframe.M15.last_close(now_ms) - Timeframe.M15.ms, StockHours())
    return Blocks(m15 or h1, h1, h4 or h1, side, m15 is not None, day, now_ms)


def carried_of(blocks: Blocks, rules: Enrichment) -> Carried:
    """Nothing read yet."""
    stocks = np.full(len(blocks.side), blocks.stocks)
    carried = Carried(blocks.m15, blocks.h1, blocks.h4, stocks, rules)
    carried.columns["side"][:] = blocks.side
    carried.at(blocks.now_ms, blocks.day)
    return carried


def enrich(
    blocks: Blocks, rules: Enrichment, passes: Mapping[str, Pass] = PASSES
) -> tuple[list[Dimensions], Sequence[Missed]]:
    """The dimensions of every row, and the passes that failed."""
    carried, rows = carried_of(blocks, rules), np.arange(len(blocks.side))
    missed = run(carried, dict.fromkeys(passes, rows), passes)
    return carried.columns.dimensions(rows), missed


def read_one(series: CandleSeries, side: int = 0, rules: Enrichment | None = None, now_ms: int = 0) -> Dimensions:
    """The dimensions of one market, its bars standing for 1h and 4h."""
    found, _ = enrich(hourly_blocks(block(series), [side], now_ms=now_ms), rules or Enrichment())
    return found[0]


def state_of(series: CandleSeries) -> int:
    """The trend of a timeframe that holds these bars."""
    carried, rows = carried_of(hourly_blocks(block(series), [0]), Enrichment()), np.arange(1)
    carried.call("read_1h", rows)
    return int(carried.columns["state_1h"][0])


def crypto(symbol: str) -> Market:
    """A market that never closes."""
    return Market(symbol, AssetClass.CRYPTO, symbol, 20, 2)


def equity(symbol: str) -> Market:
    """A market with sessions."""
    return Market(symbol, AssetClass.EQUITY, f"xyz:{symbol}", 10, 2)


LENGTHS: Mapping[Timeframe, int] = {Timeframe.M15: 1100, Timeframe.H1: 470, Timeframe.H4: 250}


def market_candles(
    seeds: Mapping[str, int], now_ms: int = MONDAY + 3 * DAY + 7 * 3_600_000
) -> dict[Timeframe, dict[str, CandleSeries]]:
    """Sound series of every symbol on the three timeframes, the last bars closing at ``now_ms``."""
    return {
        timeframe: {
            symbol: walk(
                seed + 1000 * index,
                bars,
                timeframe,
                timeframe.last_close(now_ms) - bars * timeframe.ms,
                symbol,
                0.002 * (1 + index),
            )
            for symbol, seed in seeds.items()
        }
        for index, (timeframe, bars) in enumerate(LENGTHS.items())
    }


def _series(
    symbol: str,
    timeframe: Timeframe,
    start_ms: int,
    opened: Floats,
    high: Floats,
    low: Floats,
    close: Floats,
    volume: Floats,
) -> CandleSeries:
    time = start_ms + np.arange(close.size, dtype=np.int64) * timeframe.ms
    return CandleSeries(symbol, timeframe, time, opened, high, low, close, volume)

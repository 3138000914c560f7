"""One synthetic market for all contenders: 15m walks with fat tails, their 1h and 4h bars made of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.market.candles import COLUMNS, CandleSeries, Floats, Timeframe
from core.market.symbols import AssetClass, Market

NOW_MS = 1_750_262_400_000
"""2025-06-18 16:00 UTC, a Wednesday noon in New York."""
BARS = {Timeframe.M15: 300, Timeframe.H1: 300, Timeframe.H4: 200}
CLASSES = (
    (AssetClass.CRYPTO,) * 10 + (AssetClass.EQUITY,) * 6 + (AssetClass.COMMODITY, AssetClass.FOREX, AssetClass.INDEX)
)


@dataclass(frozen=True, slots=True)
class Bars:
    """Markets and their closed bars by timeframe, in the markets' order."""

    markets: tuple[Market, ...]
    series: dict[Timeframe, tuple[CandleSeries, ...]]


def make(symbols: int, seed: int, spare: int = 0) -> Bars:
    """Bars that end at :data:`NOW_MS`; ``spare`` more of each timeframe before them."""
    chance = np.random.default_rng(seed)
    markets = tuple(Market(f"S{i:04d}", CLASSES[i % len(CLASSES)], f"S{i:04d}", 10, 2) for i in range(symbols))
    quarters = 16 * (BARS[Timeframe.H4] + spare)
    made = {t: [] for t in Timeframe}
    common = chance.standard_t(4, quarters) * 0.002
    for market in markets:
        table = walk(chance, common, quarters)
        time = NOW_MS - Timeframe.M15.ms * np.arange(quarters, 0, -1, dtype=np.int64)
        for t in Timeframe:
            made[t].append(coarser(market.symbol, t, time, table)[-(BARS[t] + spare) :])
    return Bars(markets, {t: tuple(held) for t, held in made.items()})


def walk(chance: np.random.Generator, common: Floats, bars: int) -> Floats:
    """Columns of 15m bars, ``[5, bars]``."""
    step = 0.6 * common + chance.standard_t(4, bars) * 0.002
    step *= 0.3 + np.abs(np.sin(np.arange(bars) / 40))  # quiet and wild stretches, so that squeezes come and go
    close = 100 * np.exp(np.cumsum(step) - np.cumsum(step).mean())
    opened = np.concatenate([close[:1], close[:-1]])
    wick = np.abs(chance.normal(0, 0.0015, (2, bars)))
    high, low = np.maximum(opened, close) * (1 + wick[0]), np.minimum(opened, close) * (1 - wick[1])
    return np.stack([opened, high, low, close, chance.lognormal(3, 1, bars)])


def coarser(symbol: str, timeframe: Timeframe, time: np.ndarray, table: Floats) -> CandleSeries:
    """Bars of a timeframe from 15m bars that fill it."""
    each = timeframe.ms // Timeframe.M15.ms
    opened, high, low, close, volume = (column.reshape(-1, each) for column in table)
    columns = (opened[:, 0], high.max(axis=1), low.min(axis=1), close[:, -1], volume.sum(axis=1))
    return CandleSeries(symbol, timeframe, time[::each].copy(), *(np.ascontiguousarray(one) for one in columns))


def klines(series: CandleSeries) -> bytes:
    """The series as Binance answers it, the forming bar aside."""
    step = series.timeframe.ms
    rows = (
        f'[{t},"{o:.8f}","{h:.8f}","{lo:.8f}","{c:.8f}","{v:.3f}",{t + step - 1},"{v * c:.5f}",{int(v)},"{v / 2:.3f}","{v * c / 2:.5f}","0"]'
        for t, o, h, lo, c, v in zip(series.time.tolist(), *(getattr(series, n).tolist() for n in COLUMNS), strict=True)
    )
    return f"[{','.join(rows)}]".encode()

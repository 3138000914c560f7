"""The whole cold cycle from 276 kline answers to readings and regime: our way, and ccxt with pandas."""

from __future__ import annotations

import json
from collections.abc import Sequence

import ccxt
import msgspec
import numpy as np
import pandas as pd

from benchmarks.peers import pandas_way
from benchmarks.peers.bars import NOW_MS, Bars, klines
from core.market.blocks import CandleBlock
from core.market.candles import CandleSeries, Timeframe
from core.market.symbols import AssetClass, Market
from core.settings import Settings
from core.signals.reader import Reader
from core.signals.regime import classify, read_regime
from core.signals.returns import hourly_returns
from core.signals.view import MarketView, States

Body = tuple[str, Timeframe, bytes]
SETTINGS = Settings()
ROWS = msgspec.json.Decoder(
    list[tuple[int, float, float, float, float, float, int, float, int, float, float, str]], strict=False
)
EXCHANGE = ccxt.binanceusdm()


def bodies_of(bars: Bars) -> list[Body]:
    """What the exchange would answer, one body per market and timeframe."""
    return [(one.symbol, t, klines(one)) for t, held in bars.series.items() for one in held]


def vektor(bodies: Sequence[Body], markets: Sequence[Market]) -> str:
    """Typed rows straight into columns, blocks, readings of all markets at once, regime."""
    series: dict[Timeframe, list[CandleSeries]] = {t: [] for t in Timeframe}
    for symbol, timeframe, body in bodies:
        table = np.array([row[:6] for row in ROWS.decode(body)])
        series[timeframe].append(CandleSeries.from_rows(symbol, timeframe, table))  # type: ignore[arg-type]
    m15, h1, h4 = (CandleBlock.of(t, series[t]) for t in Timeframe)
    reader, rows = Reader.over(m15, h1, h4, markets, SETTINGS), np.arange(len(markets))
    reader.advance(rows, dict.fromkeys(Timeframe, rows), NOW_MS)
    columns = reader.carried.columns
    states = zip(*(columns[f"state_{t.value}"].tolist() for t in Timeframe), strict=True)
    views = [
        MarketView(market.symbol, market.asset_class, NOW_MS, 0.0, 0.0, 0.0, States(*read), dimensions)
        for market, read, dimensions in zip(markets, states, columns.dimensions(rows), strict=True)
    ]
    returns = hourly_returns(
        {one.symbol: one for one in series[Timeframe.H1]}, NOW_MS, SETTINGS.regime.correlation_bars
    )
    return read_regime(views, returns, SETTINGS.regime).regime.value


def ccxt_pandas(bodies: Sequence[Body], markets: Sequence[Market]) -> str:
    """ccxt's parsing into frames as freqtrade makes them, readings by pandas, regime by ``corr``."""
    frames: dict[Timeframe, dict[str, pd.DataFrame]] = {t: {} for t in Timeframe}
    for symbol, timeframe, body in bodies:
        rows = EXCHANGE.parse_ohlcvs(json.loads(body), None, timeframe.value)
        df = pd.DataFrame(rows, columns=["date", "open", "high", "low", "close", "volume"])
        df["date"] = pd.to_datetime(df["date"], unit="ms", utc=True)
        frames[timeframe][symbol] = df.astype(dict.fromkeys(("open", "high", "low", "close", "volume"), "float"))
    found = [
        pandas_way.read(*(frames[t][m.symbol] for t in Timeframe), m.asset_class is AssetClass.EQUITY, NOW_MS)
        for m in markets
    ]
    trends = [States(one["state_15m"], one["state_1h"], one["state_4h"]).trend for one in found]
    correlations: list[float] = []
    for kind in AssetClass:
        symbols = [m.symbol for m in markets if m.asset_class is kind]
        closes = pd.DataFrame({s: frames[Timeframe.H1][s].set_index("date")["close"] for s in symbols})
        matrix = closes.pct_change().tail(SETTINGS.regime.correlation_bars).corr(min_periods=60).to_numpy()
        correlations += matrix[np.triu_indices(len(symbols), k=1)].tolist()
    bullish, bearish = trends.count(1), trends.count(-1)
    neutral = len(trends) - bullish - bearish
    return classify(bullish, bearish, neutral, float(np.nanmean(correlations)), SETTINGS.regime).value

"""The peers of the benchmark come to our readings from the same bars: a third opinion, by TA-Lib and by pandas."""

from __future__ import annotations

import pytest

from benchmarks.enrichment import mismatches
from benchmarks.peers import bars as market
from benchmarks.peers import cold, pandas_way, talib_numpy
from benchmarks.peers.bars import NOW_MS
from core.market.candles import Timeframe
from core.market.symbols import AssetClass


@pytest.mark.parametrize("seed", range(4))
def test_talib_and_numpy_read_what_we_read(seed: int) -> None:
    bars = market.make(60, seed)
    stocks = [one.asset_class is AssetClass.EQUITY for one in bars.markets]
    rows = zip(*(bars.series[t] for t in Timeframe), stocks, strict=True)
    assert mismatches(bars, [talib_numpy.read(*row, NOW_MS) for row in rows]) == {}


def test_pandas_reads_what_we_read() -> None:
    bars = market.make(20, 11)
    stocks = [one.asset_class is AssetClass.EQUITY for one in bars.markets]
    rows = zip(*(map(pandas_way.frame, bars.series[t]) for t in Timeframe), stocks, strict=True)
    assert mismatches(bars, [pandas_way.read(*row, NOW_MS) for row in rows]) == {}


def test_ccxt_and_pandas_come_to_the_same_regime_from_the_same_answers() -> None:
    bars = market.make(19, 3)
    bodies = cold.bodies_of(bars)
    assert cold.vektor(bodies, bars.markets) == cold.ccxt_pandas(bodies, bars.markets)

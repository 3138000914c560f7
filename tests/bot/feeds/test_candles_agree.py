"""The candles the bot gets over the wire and those a replay reads are the same, bit for bit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.feeds.candles import CachedCandles
from bot.feeds.recorded import load_recording
from core.market.candles import COLUMNS, CandleSeries, Timeframe
from core.market.symbols import AssetClass
from core.replay.candles import RecordedCandles
from core.replay.listing import recorded_markets
from core.replay.market import RecordedMarket
from core.replay.recording import Recording
from core.settings import CandleRules
from core.trading.exchange.ports import Candle
from tests.core.replay.recordings import HOUR, M15, QUOTES, START_MS, symbol_of, walk

RULES = CandleRules()
DAY = 24 * HOUR


def over_the_wire(candles: Sequence[Candle], symbol: str, timeframe: Timeframe) -> CandleSeries:
    """As the venue writes them and the adapter reads them: every number a text in between."""
    rows = [[float(repr(getattr(bar, name))) for name in COLUMNS] for bar in candles]
    table = np.array(rows, dtype=np.float64).reshape(-1, 5)
    time = np.array([bar.time_ms for bar in candles], dtype=np.int64)
    return CandleSeries(symbol, timeframe, time, *(table[:, i].copy() for i in range(5)))


async def compare(recording: Recording, times: Sequence[int]) -> int:
    """Ask both at each time; how many series were compared."""
    markets = recorded_markets(recording, [], QUOTES)
    venue = RecordedMarket(recording, markets, QUOTES, start_ms=times[0])

    async def fetch(coin: str, interval: str, start_ms: int, end_ms: int) -> CandleSeries:
        timeframe = Timeframe(interval)
        return over_the_wire(venue.candles(coin, timeframe.ms, start_ms, end_ms), coin, timeframe)

    live, replayed, count = CachedCandles(fetch, RULES), RecordedCandles(recording, RULES), 0
    for now in times:
        while (change := venue.next_change()) is not None and change <= now:
            venue.advance(change)
        venue.advance(now)
        for timeframe in Timeframe:
            one, other = await live.closed(markets, timeframe, now), await replayed.closed(markets, timeframe, now)
            assert list(one) == list(other)
            for symbol, series in one.items():
                assert series.symbol == other[symbol].symbol
                for name in ("time", *COLUMNS):
                    assert getattr(series, name).tobytes() == getattr(other[symbol], name).tobytes(), (symbol, name)
                count += 1
    return count


async def test_generated_markets_agree_over_days_of_scans() -> None:
    late = START_MS + 20 * DAY
    recording = Recording(
        (
            symbol_of({M15: walk(1, 60 * 96)}),
            symbol_of({M15: walk(2, 30 * 96, start_ms=late), HOUR: walk(3, 24 * 60, HOUR)}, "NEW"),
            symbol_of({M15: walk(4, 60 * 96)}, "TSLA", AssetClass.EQUITY),
        )
    )
    start = START_MS + 46 * DAY + 5_000
    assert await compare(recording, [start + i * 11 * 300_000 for i in range(40)]) >= 40 * 3 * 2


@pytest.mark.parametrize("symbols", [("BTC", "AAPL", "EURUSD", "GC", "NQ", "TRUMP")])
async def test_real_markets_of_every_class_agree(shared_data: Path, symbols: tuple[str, ...]) -> None:
    whole = load_recording(shared_data / "sets" / "scan92").recording
    recording = Recording(tuple(one for one in whole.symbols if one.symbol in symbols))
    start = 1_752_674_400_000 + 5_000
    assert await compare(recording, [start + i * 7 * 300_000 for i in range(30)]) >= 30 * 3 * 5

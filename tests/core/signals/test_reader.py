"""A reading carried forward from bar to bar is the reading made at once, bit for bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.market.blocks import CandleBlock
from core.market.candles import CandleSeries, Ints, Timeframe
from core.market.symbols import AssetClass, Market
from core.settings import Settings
from core.sifting import Sifted
from core.signals.enrichment.carried import Carried
from core.signals.enrichment.dimensions import Dimensions
from core.signals.enrichment.passes import PASSES
from core.signals.reader import Reader
from core.signals.view import MarketView, view_markets
from tests.core.signals.walks import DAY, MONDAY, crypto, equity, walk

SETTINGS = Settings()
STEP = Timeframe.M15.ms
END = MONDAY + 12 * DAY
FRIDAY = END - 8 * 3_600_000
"""In New York's session."""
SEEDS = {"BTC": 21, "ETH": 22, "SOL": 23, "TSLA": 24}
MARKETS = [crypto("BTC"), crypto("ETH"), crypto("SOL"), equity("TSLA")]
LENGTHS = {Timeframe.M15: 2_000, Timeframe.H1: 900, Timeframe.H4: 420}
Candles = Mapping[Timeframe, Mapping[str, CandleSeries]]


def candles() -> dict[Timeframe, dict[str, CandleSeries]]:
    """Long walks that end at :data:`END`; the stock has bars in New York's session only."""
    made = {
        t: {
            symbol: walk(
                seed + 1000 * t.ms, bars, t, t.last_close(END) - bars * t.ms, symbol, 0.002 + 0.001 * (t.ms > STEP)
            )
            for symbol, seed in SEEDS.items()
        }
        for t, bars in LENGTHS.items()
    }
    for by_symbol in made.values():
        stock = by_symbol["TSLA"]
        hours = stock.time // 3_600_000 % 24
        by_symbol["TSLA"] = masked(stock, (hours >= 8) & (hours < 22) & (stock.time // DAY % 7 != 2))
    return made


def masked(series: CandleSeries, kept: np.ndarray) -> CandleSeries:
    columns = {name: getattr(series, name)[kept] for name in ("time", "open", "high", "low", "close", "volume")}
    return replace(series, **columns)


CANDLES = candles()


def known(at: int, source: Candles = CANDLES) -> Candles:
    """What was closed by a time."""
    return {t: {name: one.closed_by(at) for name, one in held.items()} for t, held in source.items()}


@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(st.integers(0, 9), min_size=2, max_size=12),
    shown=st.lists(st.sets(st.sampled_from(range(4)), min_size=1), min_size=12, max_size=12),
)
def test_a_reading_carried_forward_is_the_one_made_at_once(steps: list[int], shown: list[set[int]]) -> None:
    """Steps of no bar, one bar or many, over Mondays where the anchor moves, markets coming and going."""
    reader, at = Reader(SETTINGS), END - sum(steps) * 7 * STEP
    for step, present in zip(steps, shown, strict=False):
        at += step * 7 * STEP
        markets = [MARKETS[row] for row in sorted(present)]
        assert view_markets(known(at), markets, at, SETTINGS, reader) == view_markets(known(at), markets, at, SETTINGS)


def test_every_quarter_hour_of_two_days_and_a_monday() -> None:
    reader, read = Reader(SETTINGS), 0
    for at in range(END - 9 * DAY - 8 * 3_600_000, END - 7 * DAY, STEP):
        carried = view_markets(known(at), MARKETS, at, SETTINGS, reader)
        assert carried == view_markets(known(at), MARKETS, at, SETTINGS)
        read += len(carried.kept)
    assert read > 500


def test_a_revised_bar_makes_its_market_begin_anew() -> None:
    reader = Reader(SETTINGS)
    view_markets(known(END - STEP), MARKETS, END - STEP, SETTINGS, reader)
    revised = {t: dict(held) for t, held in CANDLES.items()}
    for held in revised.values():
        one = held["ETH"]
        close = one.close.copy()
        close[-200] *= 1.01
        held["ETH"] = replace(one, close=close, high=np.maximum(one.high, close))
    carried = view_markets(known(END, revised), MARKETS, END, SETTINGS, reader)
    assert carried == view_markets(known(END, revised), MARKETS, END, SETTINGS)
    assert carried != view_markets(known(END), MARKETS, END, SETTINGS)


def test_a_look_into_the_past_is_no_memory_of_the_future() -> None:
    reader = Reader(SETTINGS)
    view_markets(known(END), MARKETS, END, SETTINGS, reader)
    earlier = END - DAY
    assert view_markets(known(earlier), MARKETS, earlier, SETTINGS, reader) == view_markets(
        known(earlier), MARKETS, earlier, SETTINGS
    )


def test_only_rows_with_a_new_bar_are_read_again() -> None:
    read: dict[str, list[list[int]]] = {name: [] for name in PASSES}

    def noting(name: str) -> object:
        def note(carried: Carried, rows: Ints) -> None:
            read[name].append(rows.tolist())
            PASSES[name].read(carried, rows)

        return replace(PASSES[name], read=note)

    reader = Reader(SETTINGS, {name: noting(name) for name in PASSES})  # type: ignore[misc]
    quarter = END - 4 * 3_600_000 + STEP
    cryptos = MARKETS[:3]
    for at in (quarter - STEP, quarter, quarter):
        view_markets(known(at), cryptos, at, SETTINGS, reader)
    assert read["structure"] == [[0, 1, 2]]
    assert read["sweep"] == [[0, 1, 2]]
    assert read["premarket"] == []
    assert all(len(rows) < 3 for rows in read["momentum"][1:]), "only rows whose side has turned"


@pytest.mark.parametrize("failing", PASSES)
def test_a_pass_that_failed_is_made_good_by_the_next_reading(failing: str) -> None:
    broken = [True]

    def read(carried: Carried, rows: Ints) -> None:
        if broken[0]:
            raise ZeroDivisionError("a pass went wrong")
        PASSES[failing].read(carried, rows)

    reader = Reader(SETTINGS, {**PASSES, failing: replace(PASSES[failing], read=read)})
    first = view_markets(known(FRIDAY), MARKETS, FRIDAY, SETTINGS, reader)
    assert [one.what for one in first.missed] == [failing]
    broken[0] = False
    at = FRIDAY + STEP
    assert view_markets(known(at), MARKETS, at, SETTINGS, reader) == view_markets(known(at), MARKETS, at, SETTINGS)


def test_more_markets_and_longer_series_find_room() -> None:
    reader = Reader(SETTINGS)
    view_markets(known(END), MARKETS[:1], END, SETTINGS, reader)
    both: Sifted[MarketView] = view_markets(known(END), MARKETS, END, SETTINGS, reader)
    assert both == view_markets(known(END), MARKETS, END, SETTINGS)


def test_a_bar_appended_to_a_block_is_the_bar_of_a_longer_series() -> None:
    grown, whole = CandleBlock(Timeframe.H1, 2, 60), CandleBlock(Timeframe.H1, 2, 60)
    series = [walk(1, 50), walk(2, 40)]
    for row, one in enumerate(series):
        assert grown.take(row, one[:-1]) == 0
        assert whole.take(row, one) == 0
    assert grown.take(0, series[0][:-1]) == 49, "known already"
    last = np.array([[getattr(one, name)[-1] for one in series] for name in ("open", "high", "low", "close", "volume")])
    grown.append(np.arange(2), np.array([one.time[-1] for one in series]), last)
    for name in ("count", "time", "open", "high", "low", "close", "volume"):
        assert np.array_equal(getattr(grown, name), getattr(whole, name)), name


def test_a_stock_without_a_bar_is_read_by_the_clock() -> None:
    """The pre-market range of a new day stands as soon as the day has begun, the pivots of a new day likewise."""
    markets = [Market("TSLA", AssetClass.EQUITY, "xyz:TSLA", 10, 2)]
    reader = Reader(SETTINGS)
    seen: list[Dimensions] = []
    for at in range(END - 2 * DAY, END, 4 * STEP):
        views = view_markets(known(at), markets, at, SETTINGS, reader)
        assert views == view_markets(known(at), markets, at, SETTINGS)
        seen += [one.dimensions for one in views.kept]
    assert len({one.pivots for one in seen}) > 1
    assert len({one.premarket_high for one in seen}) > 1

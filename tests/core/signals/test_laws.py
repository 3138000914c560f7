"""Laws that hold for every market: no look-ahead, no memory before the anchor, no unit, no favourite direction."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.market.candles import COLUMNS, CandleSeries, Timeframe
from core.market.soundness import anchor
from core.market.symbols import AssetClass
from core.settings import CandleRules, Enrichment, Settings
from core.signals.enrichment.dimensions import Dimensions, Pivots
from core.signals.enrichment.passes import PASSES
from core.signals.view import view_markets
from tests.core.signals.walks import (
    DAY,
    MONDAY,
    block,
    carried_of,
    crypto,
    enrich,
    flat,
    grid_walk,
    hourly_blocks,
    market_candles,
    mirrored,
    of_closes,
    scaled,
    state_of,
    walk,
)

SETTINGS = Settings()
RULES = Enrichment()
END = MONDAY + 3 * DAY + 7 * 3_600_000
SEEDS = {"BTC": 1, "ETH": 2, "SOL": 3}
MARKETS = [crypto("BTC"), crypto("ETH"), replace(crypto("SOL"), asset_class=AssetClass.EQUITY)]
"""One of them a stock, for the pass that reads New York's morning."""
CANDLES = market_candles(SEEDS, END)
MIRROR = {
    "BUY_OK": "SELL_OK",
    "SWEEP_LOW": "SWEEP_HIGH",
    "STRONG_BULL": "STRONG_BEAR",
    "BULL": "BEAR",
    "BULLISH": "BEARISH",
    "BULL_CROSS": "BEAR_CROSS",
    "BULL_DIV": "BEAR_DIV",
    "OVERBOUGHT": "OVERSOLD",
    "FIRING_LONG": "FIRING_SHORT",
    "STRONG_LONG": "STRONG_SHORT",
    "HH_HL": "LH_LL",
    "BULL_FLIP": "BEAR_FLIP",
    "ABOVE_R2": "BELOW_S2",
    "R1_R2": "S2_S1",
    "P_R1": "S1_P",
    "BREAKOUT_LONG": "BREAKOUT_SHORT",
    "BOUNCE_LONG": "BOUNCE_SHORT",
}
LEVELS = (
    "vwap",
    "premarket_high",
    "premarket_low",
    "opening_high",
    "opening_low",
    "swing_high",
    "swing_low",
    "sweep_level",
)
"""Dimensions in units of price, the pivots aside."""
TURNED = {"premarket_high": "premarket_low", "opening_high": "opening_low", "swing_high": "swing_low"}
TURNED |= {low: high for high, low in TURNED.items()} | {"sweep_level": "sweep_level"}
"""What becomes of a level in a mirror."""
VOLUME = ("vd_delta", "obv_slope", "cvd_delta")
"""Directed shares of volume."""
MIRROR |= {there: here for here, there in MIRROR.items()}


def altered(series: CandleSeries, bars: slice, factor: float) -> CandleSeries:
    """The same series with some bars multiplied, or made nonsense by a factor of NaN."""
    columns = {name: getattr(series, name).copy() for name in COLUMNS}
    for column in columns.values():
        column[bars] *= factor
    return replace(series, **columns)


@settings(max_examples=20, deadline=None)
@given(back=st.integers(0, 60), factor=st.sampled_from([0.5, 1.7, float("nan")]))
def test_what_comes_later_changes_no_reading(back: int, factor: float) -> None:
    now_ms = END - back * Timeframe.M15.ms
    later = {
        t: {
            name: altered(one, slice(int(np.searchsorted(one.time, now_ms - t.ms, side="right")), None), factor)
            for name, one in by_symbol.items()
        }
        for t, by_symbol in CANDLES.items()
    }
    truncated = {t: {name: one.closed_by(now_ms) for name, one in held.items()} for t, held in CANDLES.items()}
    views = view_markets(CANDLES, MARKETS, now_ms, SETTINGS)
    assert len(views.kept) == 3
    assert view_markets(later, MARKETS, now_ms, SETTINGS) == views
    assert view_markets(truncated, MARKETS, now_ms, SETTINGS) == views


@settings(max_examples=10, deadline=None)
@given(back=st.integers(0, 60), factor=st.sampled_from([0.5, 1.7, float("nan")]))
def test_what_lies_before_the_anchor_changes_no_reading(back: int, factor: float) -> None:
    now_ms = END - back * Timeframe.M15.ms
    starts = {t: anchor(t, now_ms, CandleRules()) for t in Timeframe}
    before = {
        t: {
            name: altered(one, slice(0, int(np.searchsorted(one.time, starts[t]))), factor)
            for name, one in held.items()
        }
        for t, held in CANDLES.items()
    }
    forgotten = {t: {name: one.since(starts[t]) for name, one in held.items()} for t, held in CANDLES.items()}
    views = view_markets(CANDLES, MARKETS, now_ms, SETTINGS)
    assert len(views.kept) == 3
    assert view_markets(before, MARKETS, now_ms, SETTINGS) == views
    assert view_markets(forgotten, MARKETS, now_ms, SETTINGS) == views


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(list(SEEDS)), taken=st.integers(1, 3))
def test_neither_order_nor_company_changes_a_reading(order: list[str], taken: int) -> None:
    all_views = {view.symbol: view for view in view_markets(CANDLES, MARKETS, END, SETTINGS).kept}
    asked = [one for symbol in order[:taken] for one in MARKETS if one.symbol == symbol]
    some = view_markets(CANDLES, asked, END, SETTINGS).kept
    assert list(some) == [all_views[symbol] for symbol in order[:taken]]


@settings(max_examples=15, deadline=None)
@given(power=st.integers(-20, 20), seed=st.integers(0, 10_000), side=st.sampled_from([-1, 0, 1]))
def test_the_unit_of_price_changes_no_label(power: int, seed: int, side: int) -> None:
    series, four_hours = walk(seed, 350 + seed % 7), walk(seed + 1, 220, Timeframe.H4)
    quarters = until(series, walk(seed + 2, 120, Timeframe.M15))
    factor = 2.0**power
    here = _read(series, four_hours, side, quarters)
    there = _read(scaled(series, factor), scaled(four_hours, factor), side, scaled(quarters, factor))
    for one in fields(Dimensions):
        mine, theirs = getattr(here, one.name), getattr(there, one.name)
        if one.name in LEVELS:
            assert theirs == (None if mine is None else mine * factor), one.name
        elif isinstance(mine, Pivots):
            assert theirs == Pivots(*(getattr(mine, level.name) * factor for level in fields(Pivots)))
        else:
            assert theirs == mine, one.name
    assert state_of(scaled(series, factor)) == state_of(series)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), side=st.sampled_from([-1, 0, 1]))
def test_a_market_turned_upside_down_swaps_long_and_short(seed: int, side: int) -> None:
    series, four_hours = grid_walk(seed, 350 + seed % 7), grid_walk(seed + 1, 120, Timeframe.H4)
    quarters = until(series, grid_walk(seed + 2, 120, Timeframe.M15))
    here = _read(series, four_hours, side, quarters)
    there = _read(mirrored(series), mirrored(four_hours), -side, mirrored(quarters))
    for one in fields(Dimensions):
        mine, theirs = getattr(here, one.name), getattr(there, one.name)
        if isinstance(mine, str):
            assert theirs == MIRROR.get(mine, mine), one.name
    assert there.st_direction == -here.st_direction
    assert there.structure_break == here.structure_break
    assert there.break_direction == -here.break_direction
    assert there.stoch_rsi == pytest.approx(100 - here.stoch_rsi, abs=1e-6)
    for name, image in TURNED.items():
        level = getattr(here, image)
        assert getattr(there, name) == (None if level is None else 8192 - level), name
    assert there.sweep_age_bars == here.sweep_age_bars
    for name in VOLUME:
        assert getattr(there, name) == -getattr(here, name), name
    assert state_of(mirrored(series)) == -state_of(series)


@pytest.mark.parametrize("price", [0.1, 1 / 3, 7.0, 65_432.1])
def test_a_flat_market_without_volume_reads_neutral(price: float) -> None:
    found = _read(flat(320, price), flat(220, price, Timeframe.H4), 1)
    assert found == Dimensions(pivots=Pivots(*[price] * 5))
    assert state_of(flat(320, price)) == 0


def test_a_flat_market_with_volume_trades_at_its_vwap() -> None:
    series = replace(flat(320, 0.1), volume=walk(1, 320).volume)
    assert _read(series, flat(220, 0.1, Timeframe.H4), -1) == Dimensions(vwap=0.1, pivots=Pivots(*[0.1] * 5))


def test_a_market_without_volume_still_has_momentum() -> None:
    series = replace(walk(5, 320), volume=np.zeros(320))
    found, traded = _read(series, walk(6, 220, Timeframe.H4), 1), _read(walk(5, 320), walk(6, 220, Timeframe.H4), 1)
    assert (found.vwap, found.vwap_distance_pct, found.vwap_filter) == (None, 0.0, "NEUTRAL")
    of_volume = [name for name in ("vwap", "volume_delta", "obv_cvd") for name in PASSES[name].fills]
    assert len(of_volume) == 10
    nothing = Dimensions()
    assert replace(traded, **{name: getattr(nothing, name) for name in of_volume}) == found


def test_bars_that_are_not_numbers_read_neutral() -> None:
    nothing = np.full(320, np.nan)
    empty = replace(walk(1, 320), open=nothing, high=nothing, low=nothing, close=nothing, volume=nothing)
    found, missed = enrich(hourly_blocks(block(empty, walk(2, 320)), [1, 1]), RULES)
    assert missed == []
    assert found[0] == Dimensions()
    assert found[1] != Dimensions()


@settings(max_examples=30, deadline=None)
@given(
    closes=st.lists(st.sampled_from([1.0, 2.0, 1e-9, 1e12, 3.0]), min_size=60, max_size=90),
    side=st.sampled_from([-1, 0, 1]),
)
def test_no_series_of_prices_makes_a_pass_fail(closes: list[float], side: int) -> None:
    _, missed = enrich(hourly_blocks(block(of_closes(closes)), [side]), RULES)
    assert missed == []


@pytest.mark.parametrize("bars", [1, 2, 3, 5, 11, 20, 35, 49, 51])
def test_a_series_of_few_bars_makes_no_pass_fail(bars: int) -> None:
    hours, quarters = walk(1, bars), walk(2, bars, Timeframe.M15)
    blocks = hourly_blocks(block(hours), [1], block(walk(3, bars, Timeframe.H4)), 0, block(until(hours, quarters)))
    found, missed = enrich(blocks, RULES)
    assert missed == []
    if bars == 1:
        assert found[0] == Dimensions()


def test_a_row_shorter_than_its_neighbours_is_read_from_its_own_first_bar() -> None:
    long, short = walk(1, 500), walk(2, 310)
    carried = carried_of(hourly_blocks(block(long, short), [0, 0]), RULES)
    carried.call("read_1h", np.arange(2))
    assert carried.columns["state_1h"].tolist() == [state_of(long), state_of(short)]


def until(hourly: CandleSeries, quarters: CandleSeries) -> CandleSeries:
    """Quarter hours moved so that they end with the hours (350 of them from a Monday: in New York's session)."""
    end = int(hourly.time[-1]) + Timeframe.H1.ms
    return replace(quarters, time=quarters.time + end - int(quarters.time[-1]) - Timeframe.M15.ms)


def _read(h1: CandleSeries, h4: CandleSeries, side: int, m15: CandleSeries | None = None) -> Dimensions:
    """With 15m bars, as a stock."""
    found, missed = enrich(hourly_blocks(block(h1), [side], block(h4), 0, block(m15) if m15 else None), RULES)
    assert missed == []
    return found[0]

"""Momentum and VWAP on bars small enough to check by eye: freshness, squeezes, divergences, and what they add up to."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from core.market.candles import Floats
from core.settings import Enrichment
from core.signals.enrichment.dimensions import MiSignal, VwapFilter
from tests.core.signals.doors import doors
from tests.core.signals.walks import block, carried_of, hourly_blocks, of_closes, read_one

RULES = Enrichment()


@pytest.mark.parametrize(
    ("path", "turn"),
    [
        ("--++++", 0),
        ("---+++", 1),
        ("----++", 1),
        ("-----+", 1),
        ("+++-+-", -1),
        ("+++0--", -1),
        ("+++-00", -1),
        ("000+++", 0),
        ("++0+++", 0),
        ("+-+---", -1),
    ],
)
def test_a_turn_is_fresh_for_two_bars_and_needs_two_signs(path: str, turn: int) -> None:
    direction = np.array([{"+": 1, "-": -1, "0": 0}[one] for one in path])
    assert doors().door_turn(pointer(direction), whole(direction.size), whole(2)) == turn


@pytest.mark.parametrize(
    ("inside", "deviation", "fires"),
    [
        ("iiiio", [5, 4, 3, 2, 3], True),
        ("iiioo", [5, 4, 3, 4, 5], True),
        ("iiiooo", [5, 4, 3, 4, 5, 6], True),
        ("iiioooo", [5, 4, 3, 4, 5, 6, 7], False),  # no longer fresh
        ("oiio", [5, 4, 3, 4], False),  # only two bars inside
        ("iiioi", [5, 4, 3, 4, 3], False),  # coiling again
        ("iiioio", [5, 4, 3, 4, 3, 4], False),  # one bar inside since
        ("iiioo", [5, 4, 3, 4, 4], False),  # no longer rising
        ("iiioo", [5, 4, 3, 2, 4], False),  # released while narrowing
        ("ooooo", [1, 2, 3, 4, 5], False),
        ("io", [1, 2], False),
    ],
)
def test_a_squeeze_fires_when_released_fresh_and_widening(inside: str, deviation: list[float], fires: bool) -> None:
    held, widths = np.array([int(one == "i") for one in inside]), np.array(deviation, dtype=float)
    found = doors().door_released(pointer(held), pointer(widths), whole(held.size), whole(2), whole(3))
    assert bool(found) is fires


@pytest.mark.parametrize(
    ("low", "measure", "found"),
    [
        ([9, 5, 8, 7, 7, 4], [0, 1, 0, 0, 0, 2], 1),
        ([9, 5, 8, 7, 7, 4], [0, 1, 0, 0, 0, 1], 0),  # the measure is no higher
        ([9, 4, 8, 7, 7, 4], [0, 1, 0, 0, 0, 2], 0),  # no lower low
        ([9, 5, 8, 7, 3, 4], [0, 1, 0, 0, 0, 2], 0),  # a nearer bar was lower
        ([9, 5, 5, 7, 7, 4], [0, 1, 3, 0, 0, 2], 1),  # of equal lows the oldest is meant
        ([2, 5, 8, 7, 7, 4], [0, 1, 0, 0, 0, 2], 0),  # the window held a lower low
    ],
)
def test_a_divergence_is_a_new_extreme_that_the_measure_does_not_follow(
    low: list[float], measure: list[float], found: int
) -> None:
    lows, measures = np.array(low, dtype=float), np.array(measure, dtype=float)
    high = np.full_like(lows, 10.0)
    assert divergence(high, lows, measures, 6, 2) == found
    assert divergence(-lows, -high, -measures, 6, 2) == -found
    assert divergence(high, lows, measures, 7, 2) == 0  # not enough bars
    assert divergence(high, lows, measures, 6, 6) == 0  # no bar is so far back in the window


def test_an_extreme_of_both_kinds_is_no_divergence() -> None:
    low, high = np.array([9.0, 5, 8, 8, 4]), np.array([10.0, 10, 15, 10, 16])
    assert divergence(high, low, np.array([0.0, 1, 9, 0, 2]), 5, 2) == 0


def divergence(high: Floats, low: Floats, measure: Floats, bars: int, gap: int) -> int:
    """div(x, n, g) at the last bar."""
    columns = (pointer(high), pointer(low), pointer(measure))
    return int(doors().door_divergence(*columns, whole(low.size), whole(bars), whole(gap)))


def pointer(values: npt.NDArray[Any]) -> ctypes.c_void_p:
    """An array as C sees it; the caller keeps it alive."""
    return ctypes.c_void_p(values.ctypes.data)


whole = ctypes.c_int64


@pytest.mark.parametrize(
    ("points", "side", "signal"),
    [
        (3, -1, MiSignal.STRONG_LONG),
        (-3, 1, MiSignal.STRONG_SHORT),
        (2, 1, MiSignal.CONFIRMED),
        (2, -1, MiSignal.CONFLICT),
        (-1, -1, MiSignal.CONFIRMED),
        (-2, 1, MiSignal.CONFLICT),
        (0, 1, MiSignal.NEUTRAL),
        (2, 0, MiSignal.NEUTRAL),
    ],
)
def test_momentum_is_strong_by_itself_or_else_seen_from_the_side(points: int, side: int, signal: MiSignal) -> None:
    assert list(MiSignal)[doors().door_momentum(whole(points), whole(side), whole(3))] is signal


@pytest.mark.parametrize(
    ("last", "side", "verdict"),
    [
        (110.0, 1, VwapFilter.BUY_OK),
        (110.0, 0, VwapFilter.BUY_OK),
        (110.0, -1, VwapFilter.CONFLICT),
        (90.0, -1, VwapFilter.SELL_OK),
        (90.0, 0, VwapFilter.SELL_OK),
        (90.0, 1, VwapFilter.CONFLICT),
        (100.0, 1, VwapFilter.NEUTRAL),
    ],
)
def test_the_vwap_allows_the_side_that_the_price_is_on(last: float, side: int, verdict: VwapFilter) -> None:
    assert read_one(of_closes([*[100.0] * 30, last]), side).vwap_filter is verdict


def test_the_vwap_weighs_the_last_24_typical_prices_with_volume() -> None:
    series = of_closes([*[50.0] * 10, *[100.0] * 23, 130.0, 100.0])
    series.volume[:] = 2.0
    series.volume[-1] = 5.0
    found = read_one(series, 1)
    # 22 bars of 100; one from 100 to 130, typical 120; one from 130 to 100, typical 110 with volume 5
    assert found.vwap == pytest.approx((22 * 2 * 100 + 2 * 120 + 5 * 110) / (22 * 2 + 2 + 5))
    assert found.vwap_distance_pct == pytest.approx((100 / found.vwap - 1) * 100)


def test_an_rsi_without_movement_is_50_and_one_without_losses_100() -> None:
    still, rising = np.full(20, 7.0), np.arange(1.0, 21.0)
    assert set(rsi(still)[14:]) == {50.0}
    assert set(rsi(rising)[14:]) == {100.0}
    assert set(rsi(100 - rising)[14:]) == {0.0}


def rsi(closes: Floats) -> Floats:
    """The RSI at every bar."""
    carried = carried_of(hourly_blocks(block(of_closes(closes.tolist())), [0]), RULES)
    carried.call("read_momentum", np.arange(1))
    return carried.history["rsi"][0, : closes.size]


def test_a_stochastic_range_of_zero_is_50() -> None:
    assert read_one(of_closes([100.0 + step for step in range(60)])).stoch_rsi == 50.0


@pytest.mark.parametrize("price", [0.1, 1 / 3, 65_432.1])
def test_the_ema_of_a_flat_price_is_exactly_that_price(price: float) -> None:
    for bars in (50, 51, 90):
        carried = carried_of(hourly_blocks(block(of_closes([price] * bars)), [0]), RULES)
        carried.call("read_1h", np.arange(1))
        assert carried.rows["trend_1h"]["slow"]["value"][0] == price

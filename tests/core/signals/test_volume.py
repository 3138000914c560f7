"""Passes ③ and ⑦ on bars small enough to check by eye: shares of volume, their limits, and where they contradict."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from core.market.candles import CandleSeries
from core.settings import Enrichment, TimeframeRules
from core.signals.enrichment.dimensions import Dimensions, VolConfirm
from core.signals.kernels.library import rules_of
from tests.core.signals.doors import doors
from tests.core.signals.walks import of_closes, read_one

RULES = Enrichment()


def market(moves: Sequence[float], volume: Sequence[float]) -> CandleSeries:
    """60 still bars without volume, then one bar per move, without wicks."""
    closes = [100.0] * 60 + list(100.0 + np.cumsum(moves))
    return replace(of_closes(closes), volume=np.concatenate([np.zeros(60), volume]))


def delta(series: CandleSeries, side: int) -> Dimensions:
    return read_one(series, side)


def flow(series: CandleSeries) -> Dimensions:
    return read_one(series)


@pytest.mark.parametrize(
    ("rising", "falling", "side", "share", "verdict"),
    [
        (11.0, 9.0, 1, 0.1, "CONFIRMED"),
        (11.0, 9.0, -1, 0.1, "CONFLICT"),
        (11.0, 9.0, 0, 0.1, "NEUTRAL"),
        (10.9, 9.1, 1, 0.09, "NEUTRAL"),
        (9.0, 11.0, -1, -0.1, "CONFIRMED"),
        (9.0, 11.0, 1, -0.1, "CONFLICT"),
        (5.0, 0.0, 1, 1.0, "CONFIRMED"),
        (0.0, 0.0, 1, 0.0, "NEUTRAL"),
    ],
)
def test_volume_delta_weighs_rising_against_falling_bars(
    rising: float, falling: float, side: int, share: float, verdict: str
) -> None:
    found = delta(market([1, -1, 0, 1], [rising / 2, falling, 0, rising / 2]), side)
    assert (found.vd_delta, found.vd_filter) == (pytest.approx(share, abs=1e-12), verdict)


def test_volume_delta_forgets_what_left_its_window() -> None:
    assert delta(market([1] + [-1] * 19, [1] * 20), 0).vd_delta == -0.9
    assert delta(market([1] + [-1] * 20, [1] * 21), 0).vd_delta == -1.0


def test_a_new_low_on_less_selling_is_a_divergence_of_volume_delta() -> None:
    moves = [0.1] * 5 + [-1.0] * 10 + [0.5] * 8 + [-7.0]
    assert delta(market(moves, [10.0] * 15 + [8.0] * 8 + [1.0]), 0).vd_divergence == "BULL_DIV"
    assert delta(market(moves, [1.0] * 23 + [200.0]), 0).vd_divergence == "NONE"
    mirrored = [-move for move in moves]
    assert delta(market(mirrored, [10.0] * 15 + [8.0] * 8 + [1.0]), 0).vd_divergence == "BEAR_DIV"


def test_obv_s_slope_is_in_mean_volumes_a_bar() -> None:
    assert flow(market([1] * 12, [7.0] * 12)).obv_slope == pytest.approx(1.0)
    assert flow(market([-1] * 12, [7.0] * 12)).obv_slope == pytest.approx(-1.0)
    assert flow(market([0] * 12, [7.0] * 12)).obv_slope == 0.0


@pytest.mark.parametrize(
    ("moves", "volume", "found"),
    [
        ([-2, -2, 1, 1, 1], [1, 1, 9, 9, 9], "BULL_DIV"),
        ([2, 2, -1, -1, -1], [1, 1, 9, 9, 9], "BEAR_DIV"),
        ([-2, -2, 1, 1, 1], [9, 9, 1, 1, 1], "NONE"),
        ([-2, -1, 1, 1, 1], [1, 1, 9, 9, 9], "NONE"),  # the price is where it was
        ([-2, -2, 1, 1, 1, 0], [1, 1, 9, 9, 9, 1], "NONE"),  # the comparison has moved on
    ],
)
def test_obv_diverges_when_the_price_went_the_other_way(moves: list[float], volume: list[float], found: str) -> None:
    assert flow(market(moves, volume)).obv_divergence == found


def test_cvd_weighs_where_each_bar_closed_in_its_range() -> None:
    series = market([1, -1], [3.0, 1.0])
    series.high[-2] += 1  # up 1 in a range of 2; the last bar down 1 in a range of 1
    assert flow(series).cvd_delta == pytest.approx((3 * 0.5 - 1) / 4)
    assert flow(market([1, 0], [3.0, 5.0])).cvd_delta == pytest.approx(3 / 8)  # a bar without range counts 0


@pytest.mark.parametrize(
    ("slope", "cvd", "verdict"),
    [
        (0.1, 0.15, "STRONG_BULL"),
        (0.1, 0.149, "BULL"),
        (0.1, 0.05, "BULL"),
        (0.1, 0.0, "BULL"),
        (0.099, 0.05, "BULL"),
        (0.099, 0.5, "BULL"),  # one witness is never strong
        (0.099, 0.049, "NEUTRAL"),
        (0.1, -0.05, "CONFLICT"),
        (-0.1, 0.9, "CONFLICT"),
        (-0.1, -0.15, "STRONG_BEAR"),
        (-0.1, 0.04, "BEAR"),
        (0.0, -0.05, "BEAR"),
    ],
)
def test_obv_and_cvd_confirm_or_contradict_each_other(slope: float, cvd: float, verdict: str) -> None:
    rules = rules_of(RULES, TimeframeRules())
    assert list(VolConfirm)[doors().door_volume(slope, cvd, ctypes.addressof(rules))] == verdict

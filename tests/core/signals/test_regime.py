"""The six regimes: their order, their borders, and what each costs whom."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market.candles import Timeframe
from core.market.symbols import AssetClass, Side
from core.settings import RegimeRules
from core.signals.regime import (
    Regime,
    RegimeReading,
    classify,
    confidence_shift,
    read_regime,
    size_multiplier,
    threshold_shift,
)
from core.signals.returns import Returns, hourly_returns
from core.signals.timeframes import States
from core.signals.view import MarketView
from tests.core.signals.walks import MONDAY, of_closes, walk

RULES = RegimeRules()
BULL, BEAR, FLAT = States(1, 1, 0), States(-1, 0, -1), States(1, 0, 0)


def view(symbol: str, states: States, kind: AssetClass = AssetClass.CRYPTO) -> MarketView:
    """A view of which the regime reads states and class."""
    return MarketView(symbol, kind, MONDAY, 100.0, 1.0, 0.03, states)


def returns(rows: Sequence[Sequence[float]], symbols: Sequence[str] | None = None) -> Returns:
    """Hourly returns as given."""
    values = np.asarray(rows, dtype=np.float64)
    names = symbols or [f"S{row}" for row in range(len(rows))]
    return Returns(tuple(names), np.arange(values.shape[1], dtype=np.int64) * 3_600_000, values)


@pytest.mark.parametrize(
    ("counts", "correlation", "regime"),
    [
        ((50, 0, 50), 0.9, Regime.CHOPPY),
        ((51, 0, 49), 0.9, Regime.BULL),
        ((90, 0, 10), 0.19, Regime.CHOPPY),
        ((90, 0, 10), 0.20, Regime.BULL),
        ((55, 20, 25), 0.40, Regime.STRONG_BULL),
        ((20, 55, 25), 0.40, Regime.STRONG_BEAR),
        ((55, 20, 25), 0.39, Regime.BULL),
        ((54, 20, 26), 0.40, Regime.BULL),
        ((20, 54, 26), 0.40, Regime.BEAR),
        ((40, 30, 30), 0.40, Regime.BULL),
        ((30, 40, 30), 0.40, Regime.BEAR),
        ((41, 32, 27), 0.40, Regime.NEUTRAL),
        ((39, 20, 41), 0.40, Regime.NEUTRAL),
        ((90, 0, 10), None, Regime.NEUTRAL),
        ((10, 0, 90), None, Regime.NEUTRAL),
        ((0, 0, 0), 0.9, Regime.NEUTRAL),
    ],
)
def test_the_rules_hold_in_their_order(counts: tuple[int, int, int], correlation: float | None, regime: Regime) -> None:
    assert classify(*counts, correlation, RULES) is regime


@given(
    bullish=st.integers(0, 60),
    bearish=st.integers(0, 60),
    neutral=st.integers(0, 60),
    correlation=st.one_of(st.none(), st.floats(-1, 1)),
)
def test_bulls_and_bears_are_mirror_images(bullish: int, bearish: int, neutral: int, correlation: float | None) -> None:
    mirror = {
        Regime.STRONG_BULL: Regime.STRONG_BEAR,
        Regime.STRONG_BEAR: Regime.STRONG_BULL,
        Regime.BULL: Regime.BEAR,
        Regime.BEAR: Regime.BULL,
    }
    here = classify(bullish, bearish, neutral, correlation, RULES)
    assert classify(bearish, bullish, neutral, correlation, RULES) is mirror.get(here, here)


def test_an_asset_counts_when_two_timeframes_agree_and_none_opposes() -> None:
    for states in itertools.product((-1, 0, 1), repeat=3):
        expected = (states.count(1) >= 2 and -1 not in states) - (states.count(-1) >= 2 and 1 not in states)
        assert States(*states).trend == expected, states


def test_the_reading_keeps_what_it_was_read_from() -> None:
    move = np.random.default_rng(1).normal(0, 0.01, 168)
    views = [view("S0", BULL), view("S1", BULL), view("S2", BEAR), view("S3", FLAT)]
    found = read_regime(views, returns([move, move, -move, move]), RULES)
    assert (found.bullish, found.bearish, found.neutral, found.pairs) == (2, 1, 1, 6)
    assert found.correlation == pytest.approx(0.0)
    assert found.regime is Regime.CHOPPY
    assert found.share(found.neutral) == 0.25


def test_only_pairs_of_the_same_class_are_correlated() -> None:
    move = np.random.default_rng(1).normal(0, 0.01, 168)
    kinds = [AssetClass.CRYPTO, AssetClass.CRYPTO, AssetClass.EQUITY, AssetClass.EQUITY]
    views = [view(f"S{row}", BULL, kind) for row, kind in enumerate(kinds)]
    found = read_regime(views, returns([move, move, -move, -move]), RULES)
    assert (found.pairs, found.correlation) == (2, pytest.approx(1.0))
    assert found.regime is Regime.STRONG_BULL


def test_the_order_of_the_views_does_not_matter() -> None:
    rows = np.random.default_rng(3).normal(0, 0.01, (5, 168))
    views = [view(f"S{row}", BULL if row % 2 else BEAR) for row in range(5)]
    found = read_regime(views, returns(rows), RULES)
    shuffled = returns(rows[[3, 0, 4, 1, 2]], ["S3", "S0", "S4", "S1", "S2"])
    assert read_regime(views[::-1], shuffled, RULES) == found


def test_without_a_measurable_pair_the_regime_is_neutral() -> None:
    rows = np.random.default_rng(3).normal(0, 0.01, (2, 59))
    found = read_regime([view("S0", BULL), view("S1", BULL)], returns(rows), RULES)
    assert found == RegimeReading(Regime.NEUTRAL, 2, 0, 0, None, 0)
    assert read_regime([], returns(rows), RULES) == RegimeReading(Regime.NEUTRAL, 0, 0, 0, None, 0)
    assert read_regime([view("S0", BULL)], returns(rows), RULES).correlation is None


def test_correlations_are_pearsons_over_the_hours_both_have() -> None:
    chance = np.random.default_rng(5)
    rows = chance.normal(0.001, 0.01, (6, 168)) + chance.normal(0, 0.005, 168)
    rows[chance.random(rows.shape) < 0.3] = np.nan
    rows[5, 40:] = np.nan
    found = returns(rows).correlations(60)
    for a, b in itertools.combinations(range(5), 2):
        both = np.isfinite(rows[a]) & np.isfinite(rows[b])
        assert found[a, b] == pytest.approx(np.corrcoef(rows[a, both], rows[b, both])[0, 1], abs=1e-12)
    assert np.isnan(found[5, :5]).all()


def test_sixty_common_hours_are_enough_and_fifty_nine_are_not() -> None:
    rows = np.random.default_rng(5).normal(0, 0.01, (2, 60))
    assert np.isfinite(returns(rows).correlations(60)[0, 1])
    rows[1, 7] = np.nan
    assert np.isnan(returns(rows).correlations(60)[0, 1])


def test_a_market_that_does_not_move_correlates_with_nothing() -> None:
    rows = np.random.default_rng(5).normal(0, 0.01, (3, 168))
    rows[1], rows[2] = 0.0, 0.25
    found = returns(rows).correlations(60)
    assert np.isfinite(found[0, 0])
    assert np.isnan(found[1:, :]).all()


def test_hourly_returns_are_of_adjacent_bars_only_and_end_with_the_last_closed_one() -> None:
    series = of_closes([100.0, 110.0, 99.0, 198.0, 99.0])
    holed = type(series).from_rows(
        "GAP",
        Timeframe.H1,
        [(int(series.time[i]), 1, 1, 1, series.close[i], 1) for i in (0, 1, 3, 4)],
    )
    now_ms = int(series.time[-1]) + Timeframe.H1.ms - 1  # the last bar is not closed yet
    found = hourly_returns({"SOL": series, "GAP": holed}, now_ms, 4)
    assert list(found.time) == list(series.time[0:4])
    assert found.values[0] == pytest.approx([np.nan, 0.1, -0.1, 1.0], nan_ok=True)
    assert found.values[1] == pytest.approx([np.nan, 0.1, np.nan, np.nan], nan_ok=True)


def test_correlations_are_of_seven_days() -> None:
    series = walk(1, 200)
    last = int(series.time[-1])
    found = hourly_returns({"A": series}, last + Timeframe.H1.ms, RULES.correlation_bars)
    held = found.time[np.isfinite(found.values[0])]
    assert (held[0], held[-1]) == (last - 167 * Timeframe.H1.ms, last), "168 hours count and the one before does not"


def test_sessions_are_aligned_by_the_time_of_their_bars() -> None:
    early, late = walk(1, 200, symbol="A"), walk(1, 200, symbol="B")[30:]
    now_ms = int(early.time[-1]) + Timeframe.H1.ms
    found = hourly_returns({"A": early, "B": late}, now_ms, 190)
    both = np.isfinite(found.values).all(axis=0)
    assert both.sum() == 169
    assert np.array_equal(found.values[0, both], found.values[1, both])


def test_a_symbol_without_returns_has_an_empty_row() -> None:
    picked = returns([[0.1, 0.2]], ["A"]).of(("B", "A"))
    assert np.isnan(picked.values[0]).all()
    assert list(picked.values[1]) == [0.1, 0.2]


@pytest.mark.parametrize(
    ("regime", "size", "long_shift", "short_shift", "threshold"),
    [
        (Regime.STRONG_BULL, 1.0, 0.10, -0.20, 0.0),
        (Regime.BULL, 0.9, 0.0, 0.0, 0.0),
        (Regime.NEUTRAL, 0.7, 0.0, 0.0, 0.0),
        (Regime.CHOPPY, 0.5, 0.0, 0.0, 0.10),
        (Regime.BEAR, 0.9, 0.0, 0.0, 0.0),
        (Regime.STRONG_BEAR, 1.0, -0.20, 0.10, 0.0),
    ],
)
def test_what_a_regime_costs(
    regime: Regime, size: float, long_shift: float, short_shift: float, threshold: float
) -> None:
    assert size_multiplier(regime, RULES) == size
    assert confidence_shift(regime, Side.LONG, True, RULES) == long_shift
    assert confidence_shift(regime, Side.SHORT, True, RULES) == short_shift
    assert threshold_shift(regime, True, RULES) == threshold
    assert confidence_shift(regime, Side.LONG, False, RULES) == 0.0
    assert threshold_shift(regime, False, RULES) == 0.0


def test_every_border_and_price_is_a_setting() -> None:
    rules = RegimeRules(
        choppy_neutral=0.9,
        choppy_correlation=-1,
        strong_share=0.2,
        strong_correlation=-1,
        size_strong=0.3,
        aligned=0.01,
        counter=0.02,
        choppy_threshold=0.03,
    )
    assert classify(20, 10, 70, 0.0, rules) is Regime.STRONG_BULL
    assert classify(20, 10, 70, 0.0, RULES) is Regime.CHOPPY
    assert size_multiplier(Regime.STRONG_BULL, rules) == 0.3
    assert confidence_shift(Regime.STRONG_BULL, Side.LONG, True, rules) == 0.01
    assert confidence_shift(Regime.STRONG_BULL, Side.SHORT, True, rules) == -0.02
    assert threshold_shift(Regime.CHOPPY, True, rules) == 0.03

"""The measured edge: a mean and an interval that plain counting confirms."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.reports.edge import DAY_MS, Edge, Lived, counted, edge, edges
from core.settings import LiveRules

RULES = LiveRules(resamples=2_000)
FEW = LiveRules(resamples=20_000, days_least=3)
lists = st.lists(
    st.tuples(st.integers(0, 40), st.floats(-3, 3, allow_nan=False).map(lambda r: round(r, 3))), min_size=1, max_size=60
)


def lived(rows: list[tuple[int, float]], origin: str = "paper") -> list[Lived]:
    return [Lived(origin, day * DAY_MS + 1_000 * n, r) for n, (day, r) in enumerate(rows)]


def every_draw(days: list[list[float]]) -> np.ndarray:
    """The mean of every way to draw as many days as there are: what the bootstrap approaches."""
    drawn = itertools.product(days, repeat=len(days))
    return np.array([sum(map(sum, some)) / sum(map(len, some)) for some in drawn])


@pytest.mark.parametrize(
    "days",
    [
        [[1.0, -1.0], [2.0], [-0.5, 0.5, 0.25]],
        [[-1.0], [-1.0, -0.9], [2.5], [0.1, 0.2]],
        [[0.3], [0.4], [-0.2], [0.9, -1.0], [1.0]],
    ],
)
def test_the_interval_is_that_of_all_possible_draws(days: list[list[float]]) -> None:
    found = edge(lived([(day, r) for day, rs in enumerate(days) for r in rs]), FEW)
    draws, least = every_draw(days), 1e-9
    assert found.low is not None and found.high is not None
    for bound, share in ((found.low, 0.025), (found.high, 0.975)):
        assert np.mean(draws < bound - least) <= share + 0.005
        assert np.mean(draws <= bound + least) >= share - 0.005
    assert found.mean == pytest.approx(np.mean([r for rs in days for r in rs]))


@settings(deadline=None)
@given(lists, st.randoms())
def test_order_does_not_count_and_the_mean_is_the_mean(rows: list[tuple[int, float]], chance: st.DataObject) -> None:
    trades = lived(rows)
    shuffled = list(trades)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    few = LiveRules(resamples=100)
    found = edge(trades, few)
    assert edge(shuffled, few) == found
    assert found.mean == pytest.approx(sum(r for _, r in rows) / len(rows), abs=1e-9)
    assert (found.trades, found.days) == (len(rows), len({day for day, _ in rows}))
    assert (found.low is None) == (found.days < few.days_least)
    if found.low is not None and found.high is not None:
        assert min(r for _, r in rows) - 1e-9 <= found.low <= found.high <= max(r for _, r in rows) + 1e-9


def test_days_not_trades_are_what_is_drawn() -> None:
    """A hundred equal trades on one day are one piece of evidence, not a hundred."""
    many = [(0, 1.0)] * 100 + [(day, -0.1) for day in range(1, 8)]
    found = edge(lived(many), RULES)
    assert found.low is not None and found.low <= 0 < found.mean  # type: ignore[operator]
    assert not found.is_shown


def test_an_edge_is_shown_only_by_an_interval_above_zero() -> None:
    assert edge(lived([(day, 0.5) for day in range(8)]), RULES).is_shown
    assert not edge(lived([(day, 0.0) for day in range(8)]), RULES).is_shown
    assert not edge(lived([(day, -0.5) for day in range(8)]), RULES).is_shown
    assert not edge(lived([(day, 0.5) for day in range(4)]), RULES).is_shown
    assert edge([], RULES) == Edge(0, 0)
    assert not edge([], RULES).is_shown


def test_a_simulated_market_is_shown_and_does_not_count() -> None:
    gains, losses = [(day, 1.0) for day in range(9)], [(day, -1.0) for day in range(9)]
    trades = lived(gains, "sim") + lived(losses, "replay") + lived(gains, "testnet")
    assert list(edges(trades, RULES)) == ["replay", "sim", "testnet"]
    assert counted(trades, RULES) == edge(lived(losses, "replay"), RULES)


def test_the_same_trades_always_give_the_same_interval() -> None:
    trades = lived([(day, (-1.0) ** day) for day in range(20)])
    assert edge(trades, RULES) == edge(trades, RULES)
    assert edge(trades, RULES) != edge(trades, LiveRules(resamples=2_000, seed=1))

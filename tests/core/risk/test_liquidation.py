"""Liquidation protection (SPEC R7): levels by number, injections against the simulated exchange's own margin rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.market.symbols import Side
from core.risk.liquidation import (
    Held,
    Levels,
    Nearness,
    distance_with,
    entry_distance,
    injection,
    levels,
    maintenance,
    nearness,
)
from core.settings import LiquidationGuard

RULES = LiquidationGuard()
D = Decimal


def held(side: Side, distance: str, *, size: str = "10", mark: str = "100", margin: str = "250") -> Held:
    """A position whose liquidation is so far away."""
    return Held(side, D(size), D(mark), D(mark) * (1 - side.sign * D(distance)), D(margin))


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(
    ("distance", "expected"),
    [
        ("0.1001", Nearness.FAR),
        ("0.10", Nearness.WARNING),
        ("0.0501", Nearness.WARNING),
        ("0.05", Nearness.CRITICAL),
        ("0", Nearness.CRITICAL),
        ("-0.01", Nearness.CRITICAL),
    ],
)
def test_ten_percent_warns_and_five_is_critical(side: Side, distance: str, expected: Nearness) -> None:
    one = held(side, distance)
    stop = one.mark * (1 - side.sign * D("0.01"))
    assert nearness(one, None, levels(0.15, RULES)) is expected
    assert nearness(one, stop, levels(0.30, RULES)) is expected, "a stop spares nothing where there was room at entry"


@pytest.mark.parametrize(
    ("at_entry", "expected"),
    [
        (0.15, Levels(0.10, 0.05, 0.15, tight=False)),
        (0.1499, Levels(0.07495, 0.037475, 0.1499, tight=True)),
        (0.08, Levels(0.04, 0.02, 0.08, tight=True)),
    ],
)
def test_a_position_opened_nearer_is_measured_by_its_own_distance(at_entry: float, expected: Levels) -> None:
    found = levels(at_entry, RULES)
    assert (found.warn, found.critical, found.goal) == pytest.approx((expected.warn, expected.critical, expected.goal))
    assert found.tight is expected.tight


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(
    ("distance", "expected"),
    [
        ("0.0401", Nearness.FAR),
        ("0.04", Nearness.WARNING),
        ("0.0201", Nearness.WARNING),
        ("0.02", Nearness.CRITICAL),
    ],
)
def test_half_of_the_distance_at_entry_warns_and_a_quarter_is_critical(
    side: Side, distance: str, expected: Nearness
) -> None:
    assert nearness(held(side, distance), None, levels(0.08, RULES)) is expected


@pytest.mark.parametrize("side", list(Side))
def test_a_tight_position_warns_only_where_no_stop_ends_it_before(side: Side) -> None:
    one, limits = held(side, "0.039"), levels(0.08, RULES)
    at = one.liquidation / (1 - side.sign * D("0.04"))
    assert nearness(one, None, limits) is Nearness.WARNING
    assert nearness(one, at + side.sign * D("0.001"), limits) is Nearness.FAR
    assert nearness(one, at - side.sign * D("0.001"), limits) is Nearness.WARNING
    near = held(side, "0.02")
    assert nearness(near, at + side.sign * D(1), limits) is Nearness.CRITICAL, "no stop spares this"


POSITIONS = st.tuples(
    st.sampled_from(list(Side)), st.integers(1, 40), st.sampled_from([5, 10, 20, 40, 50]), st.integers(-90, 90)
)


@settings(max_examples=200)
@given(POSITIONS)
def test_after_an_injection_the_liquidation_is_at_the_goal(case: tuple[Side, int, int, int]) -> None:
    side, leverage, market_max, move = case
    leverage = min(leverage, market_max)
    rate, entry, size = D(1) / (2 * market_max), D(1000), D("2.5")
    mark = entry * (1 + D(move) / 1000)
    margin = entry * size / leverage + side.sign * (mark - entry) * size
    if margin <= rate * mark * size:
        return  # liquidated already

    def liquidation(bound: Decimal) -> Decimal:
        return mark - side.sign * (bound - rate * size * mark) / (size * (1 - side.sign * rate))

    one = Held(side, size, mark, liquidation(margin), margin)
    if move == 0:
        assert one.distance == pytest.approx(entry_distance(leverage, market_max, side), rel=1e-9)
    added = injection(one, RULES.goal, maintenance(one))
    assert added >= 0
    assert maintenance(one) == pytest.approx(rate if one.liquidation else 0)
    after = Held(side, size, mark, liquidation(margin + added), margin + added)
    if one.distance >= RULES.goal:
        assert added == 0
    else:
        assert after.distance >= RULES.goal - 1e-12
        assert distance_with(one, added, rate) == pytest.approx(after.distance, rel=1e-9)
        assert Held(side, size, mark, liquidation(margin + added - D("0.02")), margin).distance < RULES.goal


def test_an_injection_is_rounded_up_to_the_cent() -> None:
    one = Held(Side.LONG, D(1), D(100), D(95), D("5.9"))
    assert injection(one, 0.15, maintenance(one)) == injection(one, 0.15, maintenance(one)).quantize(D("0.01"))
    assert injection(one, 0.15, maintenance(one)) > 0

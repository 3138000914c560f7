"""Displacement (SPEC D1): every number just inside and just outside, both ways at once, and what never happens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market.symbols import Side
from core.settings import Confidence, Displacement
from core.trading.displacement import Holding, Newcomer, Victim, displace

RULES = Displacement()
NOW = 1_800_000_000_000
MINUTE = 60_000
OTHER = {Side.LONG: Side.SHORT, Side.SHORT: Side.LONG}


def holding(symbol: str = "OLD", side: Side = Side.LONG, c: float = 0.65, pnl: float = 0.0, age: float = 60) -> Holding:
    return Holding(symbol, side, c, pnl, NOW - int(age * MINUTE))


def others(count: int, side: Side) -> list[Holding]:
    """Positions that nothing displaces: just opened and strong."""
    return [holding(f"{side.value}{i}", side, c=0.95, age=1) for i in range(count)]


def who(holdings: list[Holding], newcomer: Newcomer, positions: int = 8, same: int = 5) -> Victim | None:
    return displace(
        holdings, newcomer, NOW, positions=positions, same_direction=same, rules=RULES, confidence=Confidence()
    )


WAY_A = [
    ({"age": 45}, True),
    ({"age": 44.99}, False),
    ({"pnl": -0.015}, True),
    ({"pnl": -0.01501}, False),
    ({"pnl": 0.020}, True),
    ({"pnl": 0.02001}, False),
    ({"c": 0.70}, True),
    ({"c": 0.70 + 4e-7}, True),
    ({"c": 0.700001}, False),
    ({"c": 0.70004}, False),
]
WAY_B = [
    ({"age": 30}, True),
    ({"age": 29.99}, False),
    ({"pnl": -0.015}, True),
    ({"pnl": -0.01501}, False),
    ({"pnl": 0.025}, True),
    ({"pnl": 0.02501}, False),
    ({"c": 0.67}, True),
    ({"c": 0.67 + 4e-7}, True),
    ({"c": 0.670001}, False),
    ({"c": 0.67004}, False),
]


@pytest.mark.parametrize(("changes", "goes"), WAY_A)
@pytest.mark.parametrize("side", list(Side))
def test_way_a_by_number(side: Side, changes: dict[str, float], goes: bool) -> None:
    old = holding(side=OTHER[side], **changes)
    book = [old, *others(4, side), *others(3, OTHER[side])]
    found = who(book, Newcomer("NEW", side, 0.85))
    assert found == (Victim(old, "A") if goes else None)


@pytest.mark.parametrize(("changes", "goes"), WAY_B)
@pytest.mark.parametrize("side", list(Side))
def test_way_b_by_number(side: Side, changes: dict[str, float], goes: bool) -> None:
    old = holding(side=side, **changes)
    found = who([old, *others(4, side)], Newcomer("NEW", side, 0.85))
    assert found == (Victim(old, "B") if goes else None)


def test_way_b_takes_only_from_its_own_side() -> None:
    book = [holding(side=Side.SHORT, c=0.1), *others(5, Side.LONG)]
    assert who(book, Newcomer("NEW", Side.LONG, 0.95)) is None


@pytest.mark.parametrize(
    ("changes", "goes"),
    [
        ({"side": Side.LONG, "age": 45, "c": 0.67, "pnl": 0.02}, True),
        ({"side": Side.LONG, "age": 44, "c": 0.67, "pnl": 0.0}, False),
        ({"side": Side.LONG, "age": 45, "c": 0.68, "pnl": 0.0}, False),
        ({"side": Side.LONG, "age": 45, "c": 0.67, "pnl": 0.021}, False),
        ({"side": Side.SHORT, "age": 90, "c": 0.10, "pnl": 0.0}, False),
    ],
)
def test_where_both_bind_the_victim_meets_both(changes: dict[str, object], goes: bool) -> None:
    old = holding(**changes)  # type: ignore[arg-type]
    more = 5 - (old.side is Side.LONG)
    book = [old, *others(more, Side.LONG), *others(8 - 1 - more, Side.SHORT)]
    assert len(book) == 8
    found = who(book, Newcomer("NEW", Side.LONG, 0.85))
    assert found == (Victim(old, "AB") if goes else None)


def test_with_room_nobody_goes() -> None:
    assert who([holding(c=0.1), *others(2, Side.SHORT)], Newcomer("NEW", Side.LONG, 0.95)) is None


@pytest.mark.parametrize(("held", "ways"), [(7, None), (8, "A")])
def test_way_a_begins_where_the_last_place_is_taken(held: int, ways: str | None) -> None:
    old = holding(side=Side.SHORT, c=0.1)
    found = who([old, *others(3, Side.LONG), *others(held - 4, Side.SHORT)], Newcomer("NEW", Side.LONG, 0.95))
    assert (found.ways if found is not None else None) == ways


@pytest.mark.parametrize(("same", "ways"), [(4, None), (5, "B")])
def test_way_b_begins_where_the_last_place_of_a_side_is_taken(same: int, ways: str | None) -> None:
    old = holding(side=Side.LONG, c=0.1)
    found = who([old, *others(same - 1, Side.LONG)], Newcomer("NEW", Side.LONG, 0.95))
    assert (found.ways if found is not None else None) == ways


@pytest.mark.parametrize("positions", [7, 3])
def test_where_closing_one_makes_no_room_nobody_goes(positions: int) -> None:
    book = [holding(c=0.1), *others(4, Side.SHORT), *others(3, Side.LONG)]
    assert who(book, Newcomer("NEW", Side.SHORT, 0.95), positions=positions) is None


def test_the_weakest_goes_by_confidence_then_profit_then_age() -> None:
    def gone(*holdings: Holding) -> str:
        book = [*holdings, *others(8 - len(holdings), Side.SHORT)]
        found = who(book, Newcomer("NEW", Side.LONG, 0.95), same=8)
        assert found is not None
        return found.holding.symbol

    a, b, c = holding("A", c=0.60), holding("B", c=0.55, pnl=0.01), holding("C", c=0.70)
    assert gone(a, b, c) == "B"
    assert gone(a, replace(b, confidence=0.60), c) == "A"
    assert gone(replace(a, confidence=0.60 + 1e-9), replace(b, confidence=0.60), c) == "A"
    assert gone(replace(a, confidence=0.600001), replace(b, confidence=0.60), c) == "B"
    assert gone(replace(a, pnl=0.01, opened_ms=NOW - 50 * MINUTE), replace(b, confidence=0.60), c) == "B"


CONFIDENCES = st.integers(0, 100).map(lambda points: points / 100)
HOLDINGS = st.lists(
    st.builds(
        Holding,
        st.text("ABCDEFGH", min_size=1, max_size=3),
        st.sampled_from(list(Side)),
        CONFIDENCES,
        st.floats(-0.1, 0.1),
        st.integers(0, 200).map(lambda minutes: NOW - minutes * MINUTE),
    ),
    max_size=10,
)


@given(HOLDINGS, st.sampled_from(list(Side)), CONFIDENCES, st.integers(1, 9), st.integers(1, 9))
def test_at_most_one_goes_and_it_makes_room_and_is_no_winner(
    holdings: list[Holding], side: Side, confidence: float, positions: int, same: int
) -> None:
    found = who(holdings, Newcomer("NEW", side, confidence), positions, same)
    if found is None:
        return
    left = list(holdings)
    left.remove(found.holding)
    assert len(left) < positions
    assert sum(one.side is side for one in left) < same
    assert found.holding.pnl <= RULES.same_side.pnl_most
    if "A" in found.ways:
        assert found.holding.pnl <= RULES.any_side.pnl_most
    assert confidence - found.holding.confidence >= 0.15 - 1e-9


@given(HOLDINGS, st.sampled_from(list(Side)), CONFIDENCES)
def test_the_order_of_the_positions_does_not_matter(holdings: list[Holding], side: Side, confidence: float) -> None:
    newcomer = Newcomer("NEW", side, confidence)
    one, other = who(holdings, newcomer), who(holdings[::-1], newcomer)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert (one.holding, one.ways) == (other.holding, other.ways)

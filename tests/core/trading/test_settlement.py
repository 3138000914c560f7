"""Which fills are a position's, in which order they happened, and what it came to."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal

import pytest

from core.trading.orders import Fill, Intent
from core.trading.positions import CloseReason
from core.trading.settlement import Passage, average_price, close_reason, in_sequence, passage, signed_after
from tests.storage.samples import position


def fill(trade_id: int, start: str, change: str, time_ms: int = 0, price: str = "100", mine: bool = True) -> Fill:
    """One execution; a negative change sells."""
    size = Decimal(change)
    return Fill(
        trade_id=trade_id,
        coin="BTC",
        is_buy=size > 0,
        price=Decimal(price),
        size=abs(size),
        time_ms=time_ms,
        venue_id=1,
        client_id="ours" if mine else None,
        closed_pnl=Decimal(0),
        fee=Decimal(0),
        start_position=Decimal(start),
    )


LEVELS = [
    fill(7, "0", "2", 1),
    fill(3, "2", "1", 1),
    fill(9, "3", "-1", 5),
    fill(1, "2", "-0.5", 5),
    fill(5, "1.5", "-1.5", 5),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(LEVELS)))))
def test_an_order_that_took_several_levels_in_one_millisecond_is_booked_whole(order: tuple[int, ...]) -> None:
    path = passage([LEVELS[i] for i in order], {"ours"})
    assert path == Passage(tuple(LEVELS[:2]), tuple(LEVELS[2:]))
    assert path.flat


def test_a_passage_ends_where_the_position_is_turned_round() -> None:
    turned = fill(2, "1", "-3", 2, price="90", mine=False)
    path = passage([fill(1, "0", "1", 1), turned, fill(3, "-2", "2", 3, mine=False)], {"ours"})
    assert path.flat
    assert path.reduced == (turned,)
    assert average_price(path.reduced) == 90


def test_fills_of_a_later_position_in_the_same_coin_are_not_counted() -> None:
    first = [fill(4, "0", "1", 1), fill(3, "1", "-1", 2)]
    later = [fill(2, "0", "1", 3, mine=False), fill(1, "1", "-1", 4, mine=False)]
    assert passage(first + later, {"ours"}) == Passage((first[0],), (first[1],))


def test_a_short_is_put_in_order_as_well() -> None:
    steps = [fill(9, "0", "-1"), fill(8, "-1", "-1"), fill(7, "-2", "2")]
    assert [signed_after(f) for f in in_sequence(steps[1:])] == [-2, 0]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"liquidation": True}, CloseReason.LIQUIDATION),
        ({"deleveraged": True}, CloseReason.DELEVERAGED),
        ({}, CloseReason.FOREIGN),
    ],
)
def test_who_took_a_position_that_we_did_not_close(told: dict[str, bool], reason: CloseReason) -> None:
    last = replace(fill(2, "1", "-1", mine=False), **told)  # type: ignore[arg-type]
    assert close_reason(position(), last, {"ours": Intent.ENTRY}) is reason

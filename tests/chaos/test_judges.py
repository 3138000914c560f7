"""The judges of the crash proof, judged: each finds the wrong that it is there to find, and nothing where all is well."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from handlers.views.alert import FOR_FOLLOWERS
from storage.messages import alert_id
from tests.chaos.book import FOLLOWED, Said
from tests.chaos.messages import counted
from tests.chaos.points import fault_points, is_at, sites
from tests.chaos.venue_truth import Standing, VenueTruth, uncovered


def test_every_way_on_which_an_order_leaves_is_a_fault_point() -> None:
    submits = [point for point in fault_points() if point.startswith("tickets.send:venue.submit")]
    ways = {point.partition(" < ")[2] for point in submits}
    assert {"open_position", "place < protect", "place < move_stop"} <= ways
    assert any(way.startswith("press_close") for way in ways)
    assert len(set(fault_points())) == len(fault_points()) > 70


def test_the_judge_knows_all_that_followers_are_told() -> None:
    assert {kind.__name__ for kind in FOR_FOLLOWERS} == set(FOLLOWED)


def test_a_call_of_the_desk_is_a_site_wherever_it_stands() -> None:
    names = {site.name for site in sites()}
    assert {"watch.move_stop:venue.cancel", "settle.settle:ledger.store", "reconcile.recover:ledger.begin"} <= names


def test_a_fault_point_is_met_only_by_its_own_way() -> None:
    point = "tickets.send:venue.submit < place < protect"
    assert is_at(f"{point} < advance < watch", point)
    assert not is_at("tickets.send:venue.submit < place < move_stop < manage", point)
    assert not is_at(f"{point}ion", point)


def order(coin: str, side: str, size: str, kind: str = "Stop Market", *, reduce_only: bool = True) -> dict[str, Any]:
    return {"coin": coin, "side": side, "sz": size, "orderType": kind, "reduceOnly": reduce_only}


@pytest.mark.parametrize(
    ("resting", "bare"),
    [
        ([order("BTC", "A", "2")], False),
        ([order("BTC", "A", "1"), order("BTC", "A", "1")], False),
        ([order("BTC", "A", "1.9")], True),
        ([order("BTC", "B", "2")], True),
        ([order("ETH", "A", "2")], True),
        ([order("BTC", "A", "2", "Take Profit Market")], True),
        ([order("BTC", "A", "2", reduce_only=False)], True),
        ([], True),
    ],
)
def test_a_long_is_covered_only_by_reduce_only_stops_to_sell_over_its_whole_size(
    resting: list[dict[str, Any]], bare: bool
) -> None:
    standing = Standing(Decimal(0), {"BTC": Decimal(2)}, {})
    assert bool(uncovered(standing, resting)) is bare


def fill(time: int, oid: int, start: str, size: str, side: str = "B") -> dict[str, Any]:
    return {"coin": "BTC", "time": time, "tid": time, "oid": oid, "startPosition": start, "sz": size, "side": side}


async def truth(*fills: dict[str, Any]) -> VenueTruth:
    async with aiohttp.ClientSession() as http:
        seen = VenueTruth(http, "http://127.0.0.1", "0x0")
    seen.fills = {(row["time"], row["tid"]): row for row in fills}
    return seen


async def test_a_second_order_into_a_position_is_an_entry_sent_twice_and_a_partial_fill_is_not() -> None:
    assert (await truth(fill(1, 7, "0", "1"), fill(2, 7, "1", "1"))).double_entries() == []
    assert len((await truth(fill(1, 7, "0", "1"), fill(2, 8, "1", "1"))).double_entries()) == 1


async def test_a_round_trip_ends_where_nothing_is_left() -> None:
    seen = await truth(fill(1, 7, "0", "2"), fill(2, 8, "2", "1", "A"), fill(3, 9, "1", "1", "A"))
    assert seen.round_trips() == {"BTC": 1}


async def test_two_orders_with_one_client_id_are_found() -> None:
    seen = await truth()
    seen.orders = {oid: {"order": {"cloid": "0x1", "oid": oid}} for oid in (1, 2)}
    assert seen.repeated_ids() == ["0x1"]


def said(number: int, state: str = "sent", repeats: int = 0) -> Said:
    return Said(number, number, 1001, "stop moved", state, repeats, "")


AGAIN = f"stop moved\n↻ said again, alert {alert_id(1)}"


@pytest.mark.parametrize(
    ("rows", "shown", "lost", "too_often", "twice"),
    [
        ([said(1)], ["stop moved"], 0, 0, 0),
        ([said(1), said(2)], ["stop moved", "stop moved"], 0, 0, 0),
        ([said(1, repeats=1)], ["stop moved", AGAIN], 0, 0, 1),
        ([said(1, repeats=1)], [AGAIN], 0, 0, 0),
        ([said(1)], [], 1, 0, 0),
        ([said(1), said(2)], ["stop moved"], 1, 0, 0),
        ([said(1)], ["stop moved", "stop moved"], 0, 1, 1),
        ([said(1, repeats=1)], ["stop moved", AGAIN, AGAIN], 0, 1, 2),
        ([said(1, state="pending")], [], 0, 0, 0),
    ],
)
def test_every_message_is_found_once_or_twice_with_its_mark(
    rows: list[Said], shown: list[str], lost: int, too_often: int, twice: int
) -> None:
    count = counted(rows, lambda _: shown)
    assert (len(count.lost), len(count.too_often), count.twice) == (lost, too_often, twice)

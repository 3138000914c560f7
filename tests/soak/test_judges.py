"""The judges of the soak proof, judged: each finds the wrong that it is there to find, and nothing where all is well."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from core.settings import Settings
from core.trading.exchange.requests import Grouping
from tests.core.trading.exchange.stand import ANNA, D, Stand, ask, stop, target
from tests.soak.guard import Guard, WatchedExchange, open_risk, standing_of
from tests.soak.judge import Hour, grown, leaked, rise
from tests.soak.limits import HOUR_MS, Accepted

ACCEPTED = Accepted()


def hours(count: int = 60, *, mib: float = 0.0, blocks: float = 0.0, tasks: int = 18) -> list[Hour]:
    """A bot that breathes, and grows by so much an hour; it ends with so many tasks."""
    chance = random.Random(5)
    one = Hour(0, 0.0, 0, 18, {"meter": 1}, 7, 29, 0.03, 0.03, 0.0)
    made = [
        replace(
            one,
            at_ms=n * HOUR_MS,
            rss_mib=310 + mib * n + chance.uniform(-2, 2),
            blocks=int(1_130_000 + blocks * n + chance.uniform(-4_000, 4_000)),
        )
        for n in range(count)
    ]
    return [*made[:-1], replace(made[-1], tasks=tasks, names={"leak": 1})]


def test_what_only_breathes_is_flat() -> None:
    assert grown(hours(), ACCEPTED) == []
    assert leaked(hours()) == []
    assert abs(rise(hours(), "rss_mib")) < 2


@pytest.mark.parametrize(
    ("growth", "word"), [({"mib": 0.2}, "resident memory"), ({"mib": 2.0}, "resident"), ({"blocks": 700}, "blocks")]
)
def test_a_fifth_of_a_mebibyte_an_hour_is_not_flat_nor_are_blocks_that_only_come(
    growth: dict[str, float], word: str
) -> None:
    (finding,) = grown(hours(**growth), ACCEPTED)
    assert word in finding


def test_a_hump_at_the_beginning_hides_no_growth() -> None:
    humped = [replace(one, rss_mib=one.rss_mib + 40 * (2 < n < 30)) for n, one in enumerate(hours(mib=0.4))]
    assert rise(humped, "rss_mib") < 4
    assert len(grown(humped, ACCEPTED)) == 1
    assert (
        grown([replace(one, rss_mib=one.rss_mib + 19 * (2 < n < 30)) for n, one in enumerate(hours())], ACCEPTED) == []
    )


def test_one_task_more_at_the_end_is_named() -> None:
    (finding,) = leaked(hours(tasks=19))
    assert finding == "tasks: 19 at the end, 18 after the warm-up 1 × leak"


# --- the guard --------------------------------------------------------------------------------------------------------


def guarded(**more: Any) -> tuple[Stand, Guard]:
    """A stand and a guard of Anna's account, isolated and on modest leverage."""
    stand = Stand(**more)
    for coin in ("BTC", "ETH", "ARB"):
        stand.exchange.set_leverage(ANNA, coin, 5, cross=False)
    return stand, Guard(Settings(), ACCEPTED, 0, ANNA)


def enter(stand: Stand, size: str = "0.02", level: int = 59_500) -> None:
    """A position with stop and target, as we enter."""
    quantity = D(size)
    sign = 1 if quantity > 0 else -1
    exits = [stop(level), target(60_000 + sign * 900)]
    children = [ask(size=-quantity, at=60_000 - sign * 5_000, tif=None, reduce_only=True, trigger=one) for one in exits]
    stand.exchange.submit(ANNA, [ask(size=quantity), *children], Grouping.NORMAL)


def test_an_account_in_order_gives_no_finding() -> None:
    stand, guard = guarded()
    guard.look(stand.exchange)
    enter(stand)
    for _ in range(3):
        guard.look(stand.exchange)
        stand.move("BTC", 60_010, ms=400_000)
    assert (guard.findings, guard.entries, guard.looks, guard.lasted) == (set(), 1, 4, {})
    assert guard.held == {0: 1, 1: 3}
    assert open_risk(standing_of(stand.exchange, ANNA)) == pytest.approx(0.02 * 510)


def test_a_position_without_a_stop_is_found_when_five_seconds_have_passed() -> None:
    stand, guard = guarded()
    enter(stand)
    guard.look(stand.exchange)
    (one,) = [o for o in stand.exchange.open_orders(ANNA) if o.trigger and o.trigger.is_stop]
    stand.exchange.cancel(ANNA, "BTC", one.oid)
    guard.look(stand.exchange)
    stand.move("BTC", 60_001, ms=5_000)
    guard.look(stand.exchange)
    assert guard.findings == set()
    stand.move("BTC", 60_002, ms=1)
    guard.look(stand.exchange)
    assert [one for one in guard.findings if "without a stop" in one]
    assert guard.lasted["without a stop"] == 5_001


def test_a_stop_that_is_too_small_is_none() -> None:
    stand, guard = guarded()
    enter(stand)
    stand.order(size="0.01")
    guard.look(stand.exchange)
    stand.move("BTC", 60_002, ms=6_000)
    guard.look(stand.exchange)
    assert [one for one in guard.findings if "without a stop" in one]


def test_two_stops_and_an_order_without_position_are_found_when_they_stay() -> None:
    stand, guard = guarded()
    enter(stand)
    stand.stop(59_600, "-0.02")
    guard.look(stand.exchange)
    stand.move("BTC", 60_002, ms=ACCEPTED.loose_ms + 1)
    guard.look(stand.exchange)
    assert [one for one in guard.findings if "several stops" in one]


@pytest.mark.parametrize(
    ("size", "level", "words"),
    [
        ("0.3", 59_500, "risk of a trade"),
        ("0.3", 59_900, "margin of a trade"),
        ("1.0", 59_990, "gross notional"),
    ],
)
def test_an_entry_beyond_a_limit_is_found(size: str, level: int, words: str) -> None:
    stand, guard = guarded()
    stand.exchange.set_leverage(ANNA, "BTC", 20, cross=False)
    if words != "gross notional":
        stand.exchange.set_leverage(ANNA, "BTC", 5, cross=False)
    enter(stand, size, level)
    guard.look(stand.exchange)
    assert [one for one in guard.findings if words in one], guard.findings


def test_cross_margin_too_much_leverage_and_a_stop_behind_the_liquidation_are_found() -> None:
    stand, guard = guarded()
    stand.exchange.set_leverage(ANNA, "BTC", 40, cross=True)
    enter(stand, "0.02", 57_000)
    guard.look(stand.exchange)
    assert len([one for one in guard.findings if "cross" in one]) == 1
    assert len([one for one in guard.findings if "leverage of BTC is 40, at most 30" in one]) == 1
    stand, guard = guarded()
    stand.exchange.set_leverage(ANNA, "BTC", 30, cross=False)
    enter(stand, "0.02", 58_200)
    guard.look(stand.exchange)
    assert [one for one in guard.findings if "stop by liquidation distance" in one]


def test_the_watched_exchange_is_looked_at_before_and_after_each_motion() -> None:
    stand, guard = guarded()
    watched = WatchedExchange((), stand.rules, 0, state=stand.exchange._state)
    watched.guard = guard
    watched.advance(watched.now_ms + 1_000, {})
    assert guard.looks == 2
    assert guard.most["positions"] == 0
    assert guard.full_share() == 0.0

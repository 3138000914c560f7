"""A crash, and every other fate, at the awaits of the order path; then a new start, and the judges.

Here a seeded sample is struck; ``make proof-crash`` strikes at every await with everything that can happen to it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.flows.close import close_position
from core.flows.reconcile import audit, recover
from core.market.symbols import Side
from core.trading.positions import CloseReason
from tests.core.flows.fates import Killed, Mode
from tests.core.flows.matrix import ROOTS, Lived, cells, flow_sites, own_sites, sampled, strike_all, unreached
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import Stage
from tests.core.flows.stories import two_of_each
from tests.core.flows.world import State, World, state_in

SEED = 5
OF_EACH = 4


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[State]:
    async with state_in(tmp_path) as one:
        yield one


def test_every_await_of_the_order_path_belongs_to_a_flow() -> None:
    claimed = {site for flow in ROOTS for site in own_sites(flow)}
    assert [site.name for site in flow_sites() if site.name not in claimed] == []


async def test_every_await_is_reached_and_a_sample_of_their_fates_does_no_harm(state: State) -> None:
    every = await cells(state)
    chains = {cell.chain for cell in every}
    assert {flow: left for flow in ROOTS if (left := unreached(flow, chains))} == {}
    assert {cell.mode for cell in every} == set(Mode)
    assert len(every) > 1_000
    harm: list[str] = []
    struck: Counter[str] = Counter()

    def tell(cell: object, lived: Lived) -> None:
        struck[str(cell)] += 1
        harm.extend(f"{cell}: {one}" for one in lived.findings)

    chosen = sampled(every, OF_EACH, random.Random(SEED))
    await strike_all(chosen, [state], tell)
    assert harm == []
    assert len(struck) == len(ROOTS) * OF_EACH


async def test_a_short_lives_the_same_life() -> None:
    stage = Stage()
    desk = await stage.begin()
    await stage.open(side=Side.SHORT, desk=desk)
    await stage.move("BTC", "59300")
    await stage.look()
    await close_position(desk, "BTC", CloseReason.OPERATOR)
    assert (await audit(desk)).clean


async def test_of_two_stops_left_by_a_crash_the_nearer_one_stays(state: State) -> None:
    world = World(state)
    await two_of_each(world)
    assert len(world.stops("BTC")) == 2
    world.desk = world.new_desk()
    await recover(world.desk)
    (stop,) = world.stops("BTC")
    (position,) = await world.ledger.live_positions()
    assert stop.trigger.price == position.stop == 59600


async def test_a_crash_between_placing_a_stop_and_cancelling_the_old_one_leaves_both() -> None:
    stage = Stage()
    await stage.begin()
    await stage.open()
    venue = Intercepted(stage.venue)

    async def die() -> None:
        raise Killed

    venue.before["cancel"] = die
    stage.desk = stage.new_desk(venue=venue)
    await stage.move("BTC", "60700")
    with pytest.raises(Killed):
        await stage.look()
    assert len(stage.stops("BTC")) == 2
    stage.desk = stage.new_desk()
    await recover(stage.desk)
    (stop,) = stage.stops("BTC")
    assert stop.trigger.price == 60100

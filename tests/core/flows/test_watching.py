"""Which markets are read: left out and taken back by operators, one more of the venue's, over restarts."""

from __future__ import annotations

import asyncio

import pytest

from core.desk import Desk
from core.errors import AlreadyDone, AmbiguousSymbol, MissingArgument, UnknownSymbol, UserMistake
from core.events import MarketAdded, MarketRemoved
from core.flows.close import close_position
from core.flows.control import pause
from core.flows.reconcile import recover
from core.flows.watching import add, remove, universe
from core.market.symbols import AssetClass
from core.trading.positions import CloseReason
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import Stage


@pytest.fixture(name="stage")
async def make_stage() -> Stage:
    stage = Stage()
    await stage.begin()
    return stage


def read(desk: Desk) -> list[str]:
    return [m.symbol for m in desk.entered]


async def reborn(stage: Stage, *, without: str = "") -> Desk:
    """A new start, with one market fewer in its file."""
    desk = stage.new_desk()
    desk.universe = [m for m in desk.universe if m.symbol != without]
    await recover(desk)
    return desk


async def test_a_market_left_out_stays_out_over_a_restart_until_it_is_taken_back(stage: Stage) -> None:
    assert await remove(stage.desk, "ETH", "Ann") == "ETH"
    assert read(stage.desk) == ["BTC", "TSLA"]
    desk = await reborn(stage)
    assert read(desk) == ["BTC", "TSLA"]
    assert list((await universe(desk)).left_out) == ["ETH"]
    assert await add(desk, "eth", None, "Bob") == "ETH"
    assert read(desk) == ["BTC", "ETH", "TSLA"]
    assert read(await reborn(stage)) == ["BTC", "ETH", "TSLA"]
    told = [event for _, event in stage.ledger.events if isinstance(event, MarketAdded | MarketRemoved)]
    assert told == [MarketRemoved("ETH", "Ann"), MarketAdded("ETH", "Bob")]


async def test_a_position_in_a_market_left_out_is_managed_and_can_be_closed(stage: Stage) -> None:
    await stage.open("ETH")
    await remove(stage.desk, "ETH", "Ann")
    desk = await reborn(stage)
    assert [p.symbol for p in await desk.ledger.live_positions()] == ["ETH"]
    assert len(stage.stops("ETH")) == 1
    await close_position(desk, "ETH", CloseReason.OPERATOR, "Ann")
    assert not await desk.ledger.live_positions()


async def test_a_market_of_the_venue_joins_under_its_live_terms(stage: Stage) -> None:
    desk = await reborn(stage, without="TSLA")
    assert await add(desk, "tsla", AssetClass.EQUITY, "Ann") == "TSLA"
    (joined,) = [m for m in desk.entered if m.coin == "xyz:TSLA"]
    assert (joined.asset_class, joined.max_leverage, joined.size_decimals) == (AssetClass.EQUITY, 20, 3)
    assert joined.isolated_only
    again = await reborn(stage, without="TSLA")
    assert read(again) == ["BTC", "ETH", "TSLA"]
    await remove(again, "TSLA", "Ann")
    assert read(await reborn(stage, without="TSLA")) == ["BTC", "ETH"]


async def test_a_pause_does_not_wait_for_the_listings(stage: Stage) -> None:
    desk = await reborn(stage, without="ETH")
    venue = Intercepted(stage.venue)

    async def pause_now() -> None:
        async with asyncio.timeout(1):
            await pause(desk, "Ann")

    venue.before["listings"] = pause_now
    desk.venue = venue
    assert await add(desk, "ETH", None, "Bob") == "ETH"
    assert (await stage.ledger.switches()).paused


async def test_a_followed_stranger_can_become_a_market_that_is_entered(stage: Stage) -> None:
    await stage.open("ETH")
    desk = await reborn(stage, without="ETH")
    assert read(desk) == ["BTC", "TSLA"]
    await add(desk, "ETH", None, "Ann")
    assert sorted(read(desk)) == ["BTC", "ETH", "TSLA"]
    assert [m.max_leverage for m in desk.entered if m.symbol == "ETH"] == [25]


async def test_what_another_dex_lists_needs_its_class(stage: Stage) -> None:
    desk = await reborn(stage, without="TSLA")
    with pytest.raises(MissingArgument) as caught:
        await add(desk, "xyz:TSLA", None, "Ann")
    assert caught.value.values["usage"] == "/universe add xyz:TSLA equity|commodity|forex|index"
    assert read(desk) == ["BTC", "ETH"]


async def test_mistakes_are_named_and_change_nothing(stage: Stage) -> None:
    with pytest.raises(AlreadyDone):
        await add(stage.desk, "BTC", None, "Ann")
    with pytest.raises(UnknownSymbol) as caught:
        await add(stage.desk, "TSLAA", None, "Ann")
    assert caught.value.values["nearest"] == "xyz:TSLA"
    await remove(stage.desk, "ETH", "Ann")
    with pytest.raises(AlreadyDone):
        await remove(stage.desk, "ETH", "Ann")
    await remove(stage.desk, "TSLA", "Ann")
    with pytest.raises(UserMistake, match="only market left"):
        await remove(stage.desk, "BTC", "Ann")
    assert read(stage.desk) == ["BTC"]


async def test_an_ambiguous_name_is_no_market_of_the_venue(stage: Stage) -> None:
    stage.desk.universe = [
        *stage.desk.universe,
        stage.desk.market("BTC").__class__("BTX", AssetClass.CRYPTO, "BTX", 5, 2),
    ]
    with pytest.raises(AmbiguousSymbol):
        await add(stage.desk, "BT", None, "Ann")

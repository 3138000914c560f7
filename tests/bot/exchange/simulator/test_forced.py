"""Forced closings of the simulated market, heard over its socket: in the exchange's own shape, by the feed that trades."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from bot.environment import Environment
from bot.exchange.simulator.forced import SAMPLED_MAKER
from bot.feeds.liquidations.frames import MAKERS
from bot.feeds.universe import load_universe
from bot.listening import liquidation_feeds
from core.market.liquidations import Liquidation
from core.market.symbols import Side
from core.settings import LiquidationFeeds
from core.trading.exchange.ports import Forced
from tests.bot.exchange.simulator.client import Wallet, WireClient
from tests.bot.exchange.simulator.conftest import MakeVenue
from tests.bot.exchange.simulator.followers import Follower
from tests.bot.exchange.simulator.market import START_MS, WavyMarket
from tests.bot.exchange.simulator.shapes import differences, shape_of
from tests.bot.feeds.test_socket import Standing

CLOSINGS = [
    Forced("BTC", True, Decimal("0.5"), Decimal("61200.0"), START_MS + 10_000, 7),
    Forced("xyz:TSLA", False, Decimal(3), Decimal("318.5"), START_MS + 10_000, 8),
    Forced("ETH", True, Decimal(2), Decimal(2950), START_MS + 40_000, 9),
]


def closing_market() -> WavyMarket:
    market = WavyMarket()
    market.closings = CLOSINGS
    return market


class Ear:
    """Keeps what it hears, and says when that is enough."""

    def __init__(self, enough: int) -> None:
        self.told: list[Liquidation] = []
        self.done, self._enough = asyncio.Event(), enough

    def heard(self, events: Sequence[Liquidation]) -> None:
        self.told += events
        if len(self.told) >= self._enough:
            self.done.set()

    def stands(self, source: str, at_ms: int, *, up: bool) -> None:
        assert source == "makers"


def test_the_maker_is_one_that_is_sampled() -> None:
    assert SAMPLED_MAKER in MAKERS


async def test_they_are_fills_of_a_maker_in_the_recorded_shape(make_venue: MakeVenue, shared_data: Path) -> None:
    venue = await make_venue(closing_market())
    async with Follower(venue.base_url) as follower, WireClient(venue.base_url, Wallet.of(1)) as clock:
        await follower.subscribe(type="userFills", user=SAMPLED_MAKER)
        assert (await follower.next("userFills"))["data"] == {"isSnapshot": True, "user": SAMPLED_MAKER, "fills": []}
        await clock.step(START_MS + 20_000)
        first = (await follower.next("userFills"))["data"]
        await clock.step(START_MS + 60_000)
        second = (await follower.next("userFills"))["data"]
    told = [(one["coin"], one["side"], one["sz"], one["px"], one["time"], one["tid"]) for one in first["fills"]]
    assert told == [
        ("BTC", "B", "0.5", "61200.0", START_MS + 10_000, 7),
        ("xyz:TSLA", "A", "3.0", "318.5", START_MS + 10_000, 8),
    ]
    assert [one["tid"] for one in second["fills"]] == [9]
    recorded = json.loads((shared_data / "wire/hyperliquid/nautilus/ws_user_fill_liquidation.json").read_bytes())
    recorded["data"]["fills"][0].pop("cloid")
    shape = shape_of(recorded["data"]["fills"])
    assert [d for one in (*first["fills"], *second["fills"]) for d in differences(one, shape)] == []


async def test_the_trading_side_hears_them_as_liquidations(make_venue: MakeVenue) -> None:
    market = WavyMarket()
    kinds = (("BTC", True, Decimal("0.5")), ("xyz:TSLA", False, Decimal(3)), ("ETH", True, Decimal(2)))
    market.closings = [
        Forced(*kinds[number % 3], Decimal(100 + number), START_MS + 5_000 * number, number) for number in range(720)
    ]
    venue = await make_venue(market)
    rules = LiquidationFeeds(retry_least_ms=10, retry_most_ms=100)
    environment = Environment(_env_file=None)  # type: ignore[call-arg]
    (feed,) = liquidation_feeds(load_universe(), environment, venue.base_url, False, rules, Standing(), lambda: 0.0)
    ear = Ear(enough=6)
    running = asyncio.create_task(feed.run(ear))
    async with asyncio.timeout(20), WireClient(venue.base_url, Wallet.of(1)) as clock:
        while not ear.done.is_set():
            await clock.step(venue.state.now_ms + 5_000)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    first = int(ear.told[0].price) - 100
    assert [(one.symbol, one.side, one.size, one.price, one.time_ms) for one in ear.told] == [
        (coin.removeprefix("xyz:"), Side.LONG if is_long else Side.SHORT, float(size), 100.0 + n, START_MS + 5_000 * n)
        for n in range(first, first + len(ear.told))
        for coin, is_long, size in (kinds[n % 3],)
    ]

"""Sockets: acknowledgements, snapshots, frames, soft and hard mistakes, silence."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from bot.exchange.simulator.channels import CHANNELS
from bot.exchange.simulator.server import SimulatedVenue
from bot.exchange.simulator.subscriptions import NEEDS
from core.settings import ExchangeRules
from tests.bot.exchange.simulator.client import Wallet, WireClient, limit, trigger
from tests.bot.exchange.simulator.conftest import MakeVenue
from tests.bot.exchange.simulator.followers import Follower
from tests.bot.exchange.simulator.market import START_MS, WavyMarket

HOUR_MS = 3_600_000


@pytest.fixture
async def follower(venue: SimulatedVenue) -> Any:
    async with Follower(venue.base_url) as one:
        yield one


async def test_a_ping_is_answered(follower: Follower) -> None:
    await follower.send({"method": "ping"})
    assert await follower.next("pong") == {"channel": "pong"}


async def test_a_book_is_acknowledged_with_its_defaults_and_sent_at_once(follower: Follower) -> None:
    await follower.send({"method": "subscribe", "subscription": {"type": "l2Book", "coin": "BTC"}})
    filled = {"type": "l2Book", "coin": "BTC", "nSigFigs": None, "mantissa": None, "fast": False}
    told = await follower.next("subscriptionResponse")
    assert told["data"] == {"method": "subscribe", "subscription": filled}
    book = (await follower.next("l2Book"))["data"]
    assert [len(side) for side in book["levels"]] == [20, 20]


async def test_a_fast_book_has_five_levels(follower: Follower) -> None:
    await follower.subscribe(type="l2Book", coin="BTC", fast=True)
    book = (await follower.next("l2Book"))["data"]
    assert [len(side) for side in book["levels"]] == [5, 5]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("{oops", "Error parsing JSON into valid websocket request: {oops"),
        ('{"method":"dance"}', "Error parsing JSON into valid websocket request: "),
        ('{"method":"subscribe","subscription":{"type":"dance"}}', 'Invalid subscription {"type":"dance"}'),
        ('{"method":"subscribe","subscription":{"type":"trades"}}', 'Invalid subscription {"type":"trades"}'),
        ('{"method":"subscribe","subscription":{"type":"userFills","user":"me"}}', "Invalid subscription "),
        (
            '{"method":"unsubscribe","subscription":{"type":"trades","coin":"BTC"}}',
            'Already unsubscribed: {"type":"trades","coin":"BTC"}',
        ),
    ],
)
async def test_a_soft_mistake_is_told_and_the_socket_lives(follower: Follower, said: str, words: str) -> None:
    await follower.send(said)
    assert (await follower.next("error"))["data"].startswith(words)
    await follower.send({"method": "ping"})
    await follower.next("pong")


async def test_a_second_subscription_to_the_same_is_told(follower: Follower) -> None:
    await follower.subscribe(type="trades", coin="BTC")
    await follower.send({"method": "subscribe", "subscription": {"type": "trades", "coin": "BTC"}})
    assert (await follower.next("error"))["data"] == 'Already subscribed: {"type":"trades","coin":"BTC"}'


@pytest.mark.parametrize(
    "subscription",
    [
        {"type": "trades", "coin": "btc"},
        {"type": "bbo", "coin": "NOPE"},
        {"type": "allMids", "dex": "nope"},
        {"type": "l2Book", "coin": "BTC", "nSigFigs": 7},
        {"type": "candle", "coin": "BTC", "interval": "6h"},
    ],
)
async def test_naming_what_does_not_exist_ends_the_socket_without_a_word(follower: Follower, subscription: Any) -> None:
    await follower.send({"method": "subscribe", "subscription": subscription})
    assert await follower.closed() == 1006


async def test_a_delisted_coin_is_acknowledged_and_silent(follower: Follower, client: WireClient) -> None:
    for kind in ("trades", "activeAssetCtx", "bbo"):
        await follower.subscribe(type=kind, coin="MATIC")
    await client.step(START_MS + 60_000)
    assert (await follower.next("bbo"))["data"]["bbo"] == [None, None]
    await follower.send({"method": "ping"})
    await follower.next("pong")


async def test_a_sixteenth_user_is_refused(follower: Follower) -> None:
    for number in range(15):
        await follower.subscribe(type="orderUpdates", user=f"0x{number:040x}")
    last = {"type": "orderUpdates", "user": f"0x{15:040x}"}
    await follower.send({"method": "subscribe", "subscription": last})
    assert (await follower.next("error"))["data"] == "Cannot track more than 15 total users."


async def test_every_channel_can_be_followed(venue: SimulatedVenue, client: WireClient) -> None:
    values = {"coin": "BTC", "interval": "1m", "user": client.wallet.address}
    assert set(NEEDS) == set(CHANNELS)
    async with Follower(venue.base_url) as follower:
        for kind, needed in NEEDS.items():
            await follower.subscribe(type=kind, **{name: values[name] for name in needed})
        await client.order(limit(0, True, "62000", "0.01", "Ioc"))
        await client.step(START_MS + 10_000)
        await follower.send({"method": "ping"})
        await follower.next("pong")


async def test_fills_are_a_snapshot_first_and_news_afterwards(client: WireClient, venue: SimulatedVenue) -> None:
    await client.order(limit(0, True, "62000", "0.01", "Ioc"))
    async with Follower(venue.base_url) as follower:
        await follower.subscribe(type="userFills", user=client.wallet.address)
        first = (await follower.next("userFills"))["data"]
        assert (first["isSnapshot"], len(first["fills"])) == (True, 1)
        await client.order(limit(0, True, "62000", "0.02", "Ioc"))
        news = (await follower.next("userFills"))["data"]
        assert "isSnapshot" not in news
        assert [fill["sz"] for fill in news["fills"]] == ["0.02"]


async def test_order_updates_tell_every_change_in_order(client: WireClient, venue: SimulatedVenue) -> None:
    async with Follower(venue.base_url) as follower:
        await follower.subscribe(type="orderUpdates", user=client.wallet.address)
        (resting,) = await client.order(limit(0, True, "50000", "0.01"))
        oid = resting["resting"]["oid"]
        await client.act({"type": "cancel", "cancels": [{"a": 0, "o": oid}]})
        told = [(await follower.next("orderUpdates"))["data"] for _ in range(2)]
        assert [(change[0]["order"]["oid"], change[0]["status"]) for change in told] == [
            (oid, "open"),
            (oid, "canceled"),
        ]


async def test_events_carry_fills_funding_and_what_the_venue_cancelled(make_venue: MakeVenue) -> None:
    venue = await make_venue(WavyMarket({"BTC": [(START_MS + 60_000, 59_900.0)]}))
    async with WireClient(venue.base_url, Wallet.of(1)) as client, Follower(venue.base_url) as follower:
        venue.fund(client.wallet.address, Decimal(10_000))
        await follower.subscribe(type="userEvents", user=client.wallet.address)
        await follower.subscribe(type="userFundings", user=client.wallet.address)
        assert (await follower.next("userFundings"))["data"]["isSnapshot"] is True
        await client.order(limit(1, True, "3000", "0.1", "Ioc"))
        assert "fills" in (await follower.next("user"))["data"]
        await client.order(
            limit(0, True, "62000", "0.05", "Ioc"),
            trigger(0, False, "50000", "0.05", "60000", "sl"),
            trigger(0, False, "60000", "0.05", "63000", "tp"),
            grouping="normalTpsl",
        )
        await follower.next("user")
        await client.step(START_MS + 61_000)
        kinds = [set((await follower.next("user"))["data"]) for _ in range(2)]
        assert kinds == [{"fills"}, {"nonUserCancel"}]
        await client.step(START_MS + HOUR_MS)
        assert set((await follower.next("user"))["data"]["funding"]) == {"time", "coin", "usdc", "szi", "fundingRate"}
        assert (await follower.next("userFundings"))["data"]["fundings"][0]["coin"] == "ETH"


async def test_a_liquidation_is_told_to_its_owner(make_venue: MakeVenue) -> None:
    venue = await make_venue(WavyMarket({"BTC": [(START_MS + 60_000, 59_000.0)]}))
    async with WireClient(venue.base_url, Wallet.of(1)) as client, Follower(venue.base_url) as follower:
        venue.fund(client.wallet.address, Decimal(1_000))
        await client.act({"type": "updateLeverage", "asset": 0, "isCross": True, "leverage": 40})
        await client.order(limit(0, True, "62000", "0.5", "Ioc"))
        await follower.subscribe(type="userEvents", user=client.wallet.address)
        await client.step(START_MS + 61_000)
        frames = [(await follower.next("user"))["data"]]
        while "liquidation" not in frames[-1]:
            frames.append((await follower.next("user"))["data"])
        assert frames[-1]["liquidation"]["liquidated_user"] == client.wallet.address
        newest = (await client.info("userFills", user=client.wallet.address))[0]
        assert newest["dir"] in ("Close Long", "Liquidated Cross Long")
        assert newest["liquidation"]["liquidatedUser"] == client.wallet.address


async def test_every_closed_bar_is_sent_even_when_time_leaps(client: WireClient, venue: SimulatedVenue) -> None:
    async with Follower(venue.base_url) as follower:
        await follower.subscribe(type="candle", coin="BTC", interval="1m")
        first = (await follower.next("candle"))["data"]
        await client.step(START_MS + 5 * 60_000)
        seen = {first["t"]}
        while max(seen) < (START_MS + 5 * 60_000) // 60_000 * 60_000:
            seen.add((await follower.next("candle"))["data"]["t"])
        assert sorted(seen) == list(range(min(seen), max(seen) + 1, 60_000))
        closed = await client.info("candleSnapshot", req={"coin": "BTC", "interval": "1m", "startTime": first["t"]})
        assert len(closed) == len(seen)


async def test_trades_add_up_to_the_markets_volume(client: WireClient, venue: SimulatedVenue) -> None:
    async with Follower(venue.base_url) as follower:
        await follower.subscribe(type="trades", coin="BTC")
        await follower.next("trades")
        start = START_MS // 60_000 * 60_000 + 60_000
        await client.step(start + 59_999)
        trades = (await follower.next("trades"))["data"]
        bars = await client.info("candleSnapshot", req={"coin": "BTC", "interval": "1m", "startTime": start})
        ours = sum(Decimal(one["sz"]) for one in trades if one["time"] >= start)
        assert abs(ours - Decimal(bars[0]["v"])) <= Decimal("0.0001")
        assert len({one["tid"] for one in trades}) == len(trades)


async def test_two_followers_see_the_same_trades(client: WireClient, venue: SimulatedVenue) -> None:
    async with Follower(venue.base_url) as one, Follower(venue.base_url) as other:
        for follower in (one, other):
            await follower.subscribe(type="trades", coin="BTC")
            await follower.next("trades")
        await client.info("recentTrades", coin="BTC")
        await client.order(limit(0, True, "62000", "0.01", "Ioc"))
        await client.step(START_MS + 5_000)
        assert await one.next("trades") == await other.next("trades")


async def test_a_state_is_pushed_again_and_at_once_after_news(client: WireClient, venue: SimulatedVenue) -> None:
    async with Follower(venue.base_url) as follower:
        await follower.subscribe(type="clearinghouseState", user=client.wallet.address)
        first = (await follower.next("clearinghouseState"))["data"]
        assert first["clearinghouseState"]["assetPositions"] == []
        await client.order(limit(0, True, "62000", "0.01", "Ioc"))
        news = (await follower.next("clearinghouseState"))["data"]
        assert news["clearinghouseState"]["assetPositions"][0]["position"]["szi"] == "0.01"


async def test_requests_are_posted_over_the_socket(client: WireClient, venue: SimulatedVenue) -> None:
    async with Follower(venue.base_url) as follower:
        ask = {"type": "info", "payload": {"type": "l2Book", "coin": "ETH"}}
        await follower.send({"method": "post", "id": 7, "request": ask})
        told = (await follower.next("post"))["data"]
        assert (told["id"], told["response"]["payload"]["data"]["coin"]) == (7, "ETH")
        order = {"type": "order", "orders": [limit(0, True, "50000", "0.01")], "grouping": "na"}
        await follower.send({"method": "post", "id": 8, "request": {"type": "action", "payload": client.signed(order)}})
        told = (await follower.next("post"))["data"]
        assert told["response"]["payload"]["response"]["data"]["statuses"][0]["resting"]["oid"] == 1
        await follower.send({"method": "post", "id": 9, "request": {"type": "action", "payload": {"oops": 1}}})
        assert (await follower.next("post"))["data"]["response"]["type"] == "error"


async def test_a_socket_that_is_sent_nothing_is_dropped_though_it_talks(make_venue: MakeVenue) -> None:
    venue = await make_venue(speed=1.0, rules=ExchangeRules(idle_close_ms=1_000))
    async with Follower(venue.base_url) as silent, Follower(venue.base_url) as pinging:
        async with asyncio.timeout(10):
            closing = asyncio.create_task(silent.closed())
            while not closing.done():
                await pinging.send({"method": "ping"})
                await pinging.next("pong")
            assert closing.result() == 1006
        await pinging.send({"method": "ping"})
        await pinging.next("pong")


async def test_on_bad_days_frames_come_twice_or_not_at_all(client: WireClient, venue: SimulatedVenue) -> None:
    async def order_fault(kind: str) -> None:
        async with client.http.post(f"{venue.base_url}/faults", json={"kind": kind, "path": "/ws"}) as response:
            assert response.status == 200

    async with Follower(venue.base_url) as follower:
        await order_fault("duplicate_frames")
        await follower.send({"method": "ping"})
        await follower.next("pong")
        await follower.next("pong")
        await client.http.delete(f"{venue.base_url}/faults")
        await order_fault("silence")
        await follower.send({"method": "ping"})
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await follower.next("pong")

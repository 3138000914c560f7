"""The exchange's own Python SDK, unmodified, trades against the venue. It is blocking, so it runs in threads."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from hyperliquid.exchange import Exchange
from hyperliquid.info import Info
from hyperliquid.utils.types import Cloid

from bot.exchange.simulator.server import SimulatedVenue
from tests.bot.exchange.simulator.client import Wallet
from tests.bot.exchange.simulator.conftest import MakeVenue
from tests.bot.exchange.simulator.market import WavyMarket

PATIENCE = 20.0
DEXES = ["", "xyz"]
GTC = {"limit": {"tif": "Gtc"}}


@dataclass
class Heard:
    """Frames that arrived on the SDK's socket thread, by type; waits for them without sleeping."""

    frames: dict[str, list[Any]] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def listen(self, kind: str) -> Callable[[Any], None]:
        self.frames[kind] = []

        def take(message: Any) -> None:
            with self.changed:
                self.frames[kind].append(message["data"])
                self.changed.notify_all()

        return take

    def wait(self, kind: str, told: Callable[[Any], bool] = lambda _: True) -> Any:
        with self.changed:
            found = self.changed.wait_for(lambda: [one for one in self.frames[kind] if told(one)], PATIENCE)
        assert found, f"no such frame of {kind} in {self.frames[kind]}"
        return found[0]


@pytest.fixture
async def live(make_venue: MakeVenue) -> SimulatedVenue:
    """A venue whose market runs with the wall, as the SDK expects."""
    venue = await make_venue(WavyMarket(start_ms=time.time_ns() // 1_000_000), speed=1.0)
    venue.fund(Wallet.of(1).address, Decimal(100_000))
    return venue


@pytest.fixture
async def sdk(live: SimulatedVenue) -> tuple[Info, Exchange]:
    """The SDK's two objects."""
    return await asyncio.to_thread(connect, live.base_url)


def connect(url: str) -> tuple[Info, Exchange]:
    wallet = Wallet.of(1)
    return Info(url, skip_ws=True, perp_dexs=DEXES), Exchange(wallet.account, url, perp_dexs=DEXES)


def statuses(answer: Any) -> list[Any]:
    assert answer["status"] == "ok", answer
    return list(answer["response"]["data"]["statuses"])


async def test_it_reads_markets_candles_and_books(sdk: tuple[Info, Exchange]) -> None:
    def flow(info: Info) -> None:
        assert info.name_to_asset("xyz:TSLA") == 110001
        now = int(time.time() * 1000)
        assert len(info.candles_snapshot("BTC", "15m", now - 3_600_000, now)) == 5
        book = info.l2_snapshot("xyz:TSLA")
        assert float(book["levels"][0][0]["px"]) < float(book["levels"][1][0]["px"])
        assert set(info.all_mids()) >= {"BTC", "kPEPE"}
        assert len(info.meta_and_asset_ctxs()[0]["universe"]) == len(info.meta_and_asset_ctxs()[1])
        assert isinstance(info.funding_history("BTC", 0), list)

    await asyncio.to_thread(flow, sdk[0])


async def test_it_trades_from_leverage_to_close(sdk: tuple[Info, Exchange]) -> None:
    def flow(info: Info, exchange: Exchange) -> None:
        user = Wallet.of(1).address
        assert exchange.update_leverage(5, "BTC") == {"status": "ok", "response": {"type": "default"}}
        assert statuses(exchange.market_open("BTC", True, 0.02))[0]["filled"]["totalSz"] == "0.02"
        stop = {"trigger": {"triggerPx": 58000, "isMarket": True, "tpsl": "sl"}}
        assert "resting" in statuses(exchange.order("BTC", False, 0.02, 55000, stop, reduce_only=True))[0]
        assert info.frontend_open_orders(user)[0]["orderType"] == "Stop Market"
        position = info.user_state(user)["assetPositions"][0]["position"]
        assert (position["szi"], position["leverage"]) == ("0.02", {"type": "cross", "value": 5})
        assert statuses(exchange.market_close("BTC"))[0]["filled"]["totalSz"] == "0.02"
        assert info.user_state(user)["assetPositions"] == []
        assert info.frontend_open_orders(user) == []
        assert [fill["dir"] for fill in info.user_fills(user)] == ["Close Long", "Open Long"]
        assert len(info.user_fills_by_time(user, 0)) == 2
        assert info.user_rate_limit(user)["nRequestsUsed"] == 4

    await asyncio.to_thread(flow, *sdk)


async def test_it_attaches_stop_and_target_to_an_entry(sdk: tuple[Info, Exchange]) -> None:
    def flow(info: Info, exchange: Exchange) -> None:
        sides: list[dict[str, Any]] = [
            {"coin": "BTC", "is_buy": True, "sz": 0.02, "limit_px": 64000, "order_type": {"limit": {"tif": "Ioc"}}},
            {"coin": "BTC", "is_buy": False, "sz": 0.02, "limit_px": 55000, "reduce_only": True},
            {"coin": "BTC", "is_buy": False, "sz": 0.02, "limit_px": 60000, "reduce_only": True},
        ]
        sides[0]["reduce_only"] = False
        sides[1]["order_type"] = {"trigger": {"triggerPx": 58000, "isMarket": True, "tpsl": "sl"}}
        sides[2]["order_type"] = {"trigger": {"triggerPx": 70000, "isMarket": True, "tpsl": "tp"}}
        told = statuses(exchange.bulk_orders(sides, grouping="normalTpsl"))
        assert told[0]["filled"]["totalSz"] == "0.02"
        assert told[1:] == ["waitingForTrigger", "waitingForTrigger"]
        kinds = sorted(order["orderType"] for order in info.frontend_open_orders(Wallet.of(1).address))
        assert kinds == ["Stop Market", "Take Profit Market"]

    await asyncio.to_thread(flow, *sdk)


async def test_it_cancels_by_id_and_client_id_and_modifies(sdk: tuple[Info, Exchange]) -> None:
    def flow(info: Info, exchange: Exchange) -> None:
        user, ours = Wallet.of(1).address, Cloid.from_int(7)
        oid = statuses(exchange.order("BTC", True, 0.01, 50000, GTC, cloid=ours))[0]["resting"]["oid"]
        assert info.query_order_by_oid(user, oid) == info.query_order_by_cloid(user, ours)
        changed = statuses(exchange.modify_order(oid, "BTC", True, 0.01, 51000, GTC, cloid=Cloid.from_int(8)))
        assert changed[0]["resting"]["oid"] > oid
        assert statuses(exchange.cancel_by_cloid("BTC", Cloid.from_int(8))) == ["success"]
        gone = "Order was never placed, already canceled, or filled. asset=0"
        assert statuses(exchange.cancel("BTC", oid)) == [{"error": gone}]
        assert info.query_order_by_oid(user, 12345) == {"status": "unknownOid"}

    await asyncio.to_thread(flow, *sdk)


async def test_it_moves_collateral_and_trades_a_hip3_market_isolated(sdk: tuple[Info, Exchange]) -> None:
    def flow(info: Info, exchange: Exchange) -> None:
        user = Wallet.of(1).address
        assert exchange.send_asset(user, "", "xyz", "USDC", 1000)["status"] == "ok"
        assert exchange.update_leverage(3, "xyz:HOOD", is_cross=False)["status"] == "ok"
        assert "filled" in statuses(exchange.market_open("xyz:HOOD", True, 2))[0]
        position = info.user_state(user, "xyz")["assetPositions"][0]["position"]
        assert position["leverage"]["type"] == "isolated"
        assert exchange.update_isolated_margin(5, "xyz:HOOD")["status"] == "ok"
        more = info.user_state(user, "xyz")["assetPositions"][0]["position"]
        assert Decimal(more["leverage"]["rawUsd"]) - Decimal(position["leverage"]["rawUsd"]) == 5
        assert "filled" in statuses(exchange.market_close("xyz:HOOD"))[0]
        assert exchange.usd_class_transfer(10, False)["status"] == "ok"
        assert info.spot_user_state(user)["balances"][0]["total"] == "10.0"

    await asyncio.to_thread(flow, *sdk)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ((True, 0.01, 50000.5), "Price must be divisible by tick size."),
        ((True, 0.000012, 50000), "Order has invalid size."),
        ((True, 0.0001, 50000), "Order must have minimum value of $10."),
        ((True, 100, 61000), "Insufficient margin to place order."),
    ],
)
async def test_it_hears_the_same_words_as_on_the_real_exchange(
    sdk: tuple[Info, Exchange], order: tuple[bool, float, float], words: str
) -> None:
    answer = await asyncio.to_thread(sdk[1].order, "BTC", *order, GTC)
    assert statuses(answer) == [{"error": f"{words} asset=0"}]


async def test_its_agent_trades_for_the_master(live: SimulatedVenue, sdk: tuple[Info, Exchange]) -> None:
    def flow(info: Info, exchange: Exchange) -> None:
        from eth_account import Account

        user = Wallet.of(1).address
        answer, key = exchange.approve_agent("bot")
        assert answer["status"] == "ok"
        agent = Exchange(Account.from_key(key), live.base_url, account_address=user, perp_dexs=DEXES)
        assert "resting" in statuses(agent.order("ETH", True, 0.01, 2000, {"limit": {"tif": "Alo"}}))[0]
        assert len(info.open_orders(user)) == 1
        assert info.extra_agents(user)[0]["name"] == "bot"
        agent.set_expires_after(1)
        assert agent.order("ETH", True, 0.01, 2000, GTC) == {"status": "err", "response": "Action already expired"}

    await asyncio.to_thread(flow, *sdk)


@pytest.fixture
async def socket(live: SimulatedVenue) -> Any:
    """The SDK with its socket thread, stopped at the end."""
    info = await asyncio.to_thread(Info, live.base_url, False, None, None, DEXES)
    yield info
    await asyncio.to_thread(disconnect, info)


def disconnect(info: Info) -> None:
    info.disconnect_websocket()
    info.ws_manager.join(PATIENCE)


async def test_it_streams_market_and_account(socket: Info, sdk: tuple[Info, Exchange]) -> None:
    def flow(exchange: Exchange) -> None:
        user, heard = Wallet.of(1).address, Heard()
        for subscription in subscriptions(user):
            socket.subscribe(subscription, heard.listen(subscription["type"]))
        assert heard.wait("userFills", lambda data: data["isSnapshot"])["fills"] == []
        for kind in ("allMids", "l2Book", "bbo", "candle", "activeAssetCtx", "trades", "userFundings", "webData2"):
            heard.wait(kind)
        filled = statuses(exchange.market_open("BTC", True, 0.02))[0]["filled"]
        news = heard.wait("userFills", lambda data: not data.get("isSnapshot"))
        assert news["fills"][0]["oid"] == filled["oid"]
        assert heard.wait("userEvents")["fills"][0]["oid"] == filled["oid"]
        update = heard.wait("orderUpdates", lambda data: data[-1]["status"] == "filled")
        assert update[-1]["order"]["oid"] == filled["oid"]
        assert heard.wait("trades", lambda data: any(user in one["users"] for one in data))

    await asyncio.to_thread(flow, sdk[1])


def subscriptions(user: str) -> Iterator[Any]:
    yield {"type": "allMids"}
    for kind in ("l2Book", "trades", "bbo", "activeAssetCtx"):
        yield {"type": kind, "coin": "BTC"}
    yield {"type": "candle", "coin": "BTC", "interval": "1m"}
    for kind in ("userFills", "orderUpdates", "userEvents", "userFundings", "webData2"):
        yield {"type": kind, "user": user}

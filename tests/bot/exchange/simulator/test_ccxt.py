"""ccxt, unmodified, trades against the venue: the async client and the streaming one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import ccxt.async_support
import ccxt.pro
import pytest

from bot.exchange.simulator.server import SimulatedVenue
from tests.bot.exchange.simulator.client import Wallet
from tests.bot.exchange.simulator.conftest import MakeVenue
from tests.bot.exchange.simulator.market import WavyMarket

BTC, ETH, TSLA = "BTC/USDC:USDC", "ETH/USDC:USDC", "XYZ-TSLA/USDC:USDC"
KEY = f"0x{1:064x}"
PATIENCE = 20.0


def settings(url: str, address: str) -> dict[str, Any]:
    sockets = {"public": f"ws{url.removeprefix('http')}/ws"}
    return {
        "walletAddress": address,
        "enableRateLimit": False,
        "privateKey": KEY,
        "urls": {"api": {"public": url, "private": url, "ws": sockets}},
        "options": {"fetchMarkets": {"types": ["swap", "hip3"], "hip3": {"dexes": ["xyz"]}}},
    }


@pytest.fixture
async def live(make_venue: MakeVenue) -> SimulatedVenue:
    """A venue whose market runs with the wall, as ccxt expects."""
    venue = await make_venue(WavyMarket(start_ms=time.time_ns() // 1_000_000), speed=1.0)
    venue.fund(Wallet.of(1).address, Decimal(100_000))
    return venue


@pytest.fixture
async def exchange(live: SimulatedVenue) -> AsyncIterator[Any]:
    """The plain client; it signs as for mainnet."""
    client = ccxt.async_support.hyperliquid(settings(live.base_url, Wallet.of(1).account.address))
    await client.load_markets()
    yield client
    await client.close()


@pytest.fixture
async def stream(live: SimulatedVenue) -> AsyncIterator[Any]:
    """The streaming client."""
    client = ccxt.pro.hyperliquid(settings(live.base_url, Wallet.of(1).account.address))
    await client.load_markets()
    yield client
    await client.close()


async def test_it_loads_markets_and_reads_candles_books_and_tickers(exchange: Any) -> None:
    assert exchange.market(BTC)["id"] == "0"
    assert exchange.market(TSLA)["id"] == "110001"
    assert exchange.market(BTC)["precision"]["amount"] == 0.00001
    candles = await exchange.fetch_ohlcv(BTC, "15m", limit=5)
    assert len(candles) >= 5
    assert candles[-1][2] >= candles[-1][3] > 0
    book = await exchange.fetch_order_book(TSLA)
    assert book["bids"][0][0] < book["asks"][0][0]
    assert (await exchange.fetch_tickers([BTC]))[BTC]["last"] > 0
    assert (await exchange.fetch_funding_rates([BTC]))[BTC]["fundingRate"] == 0.0000125
    assert (await exchange.fetch_status())["status"] == "ok"
    assert (await exchange.fetch_trading_fee(BTC))["taker"] == 0.00045


async def test_it_opens_with_stop_and_target_and_closes(exchange: Any) -> None:
    await exchange.set_leverage(5, BTC, {"marginMode": "isolated"})
    await exchange.set_margin_mode("cross", BTC, {"leverage": 3})
    attached = {
        "stopLoss": {"triggerPrice": 58000, "type": "market", "price": 55000},
        "takeProfit": {"triggerPrice": 70000, "type": "market", "price": 66000},
    }
    entry = await exchange.create_order(BTC, "market", "buy", 0.02, 61300, attached)
    assert entry["filled"] == 0.02
    open_orders = await exchange.fetch_open_orders(BTC)
    assert sorted(order["triggerPrice"] for order in open_orders) == [58000.0, 70000.0]
    assert all(order["reduceOnly"] for order in open_orders)
    (position,) = await exchange.fetch_positions()
    assert (position["symbol"], position["side"], position["contracts"]) == (BTC, "long", 0.02)
    assert position["leverage"] == 3
    await exchange.create_order(BTC, "market", "sell", 0.02, 61300, {"reduceOnly": True})
    assert await exchange.fetch_positions() == []
    assert await exchange.fetch_open_orders(BTC) == []
    trades = await exchange.fetch_my_trades(BTC)
    assert [trade["side"] for trade in trades] == ["buy", "sell"]
    fees = sum(Decimal(str(trade["fee"]["cost"])) for trade in trades)
    profit = sum(Decimal(trade["info"]["closedPnl"]) for trade in trades)
    total = (await exchange.fetch_balance())["total"]["USDC"]
    assert Decimal(str(total)) == Decimal(100_000) + profit - fees
    assert await exchange.fetch_funding_history(BTC) == []


async def test_it_places_edits_cancels_and_looks_up_orders(exchange: Any) -> None:
    placed = await exchange.create_order(BTC, "limit", "buy", 0.01, 50000)
    assert (await exchange.fetch_order(placed["id"], BTC))["status"] == "open"
    edited = await exchange.edit_order(placed["id"], BTC, "limit", "buy", 0.02, 50500)
    assert edited["id"] != placed["id"]
    assert (await exchange.cancel_order(edited["id"], BTC))["status"] == "success"
    ours = "0x" + "ab" * 16
    await exchange.create_order(BTC, "limit", "buy", 0.01, 50000, {"clientOrderId": ours})
    assert (await exchange.cancel_order(None, BTC, {"clientOrderId": ours}))["status"] == "success"
    stop = await exchange.create_order(BTC, "market", "buy", 0.02, 61300)
    assert stop["filled"] == 0.02
    resting = await exchange.create_order(
        BTC, "market", "sell", 0.02, 61300, {"stopLossPrice": 57000, "reduceOnly": True}
    )
    assert (await exchange.fetch_order(resting["id"], BTC))["triggerPrice"] == 57000.0
    assert len(await exchange.fetch_orders(BTC)) == 5


async def test_it_trades_a_hip3_market(exchange: Any, live: SimulatedVenue) -> None:
    live.state.exchange.transfer(Wallet.of(1).address, "", "xyz", Decimal(1_000))
    await exchange.create_order(TSLA, "market", "buy", 1, 318)
    (position,) = await exchange.fetch_positions([TSLA])
    assert (position["symbol"], position["contracts"]) == (TSLA, 1.0)
    assert (await exchange.fetch_balance({"dex": "xyz"}))["total"]["USDC"] < 1_000


@pytest.mark.parametrize(
    ("order", "params", "error", "words"),
    [
        (("buy", 0.0001, 50000), {}, ccxt.InvalidOrder, "Order must have minimum value of $10. asset=0"),
        (("buy", 100, 61000), {}, ccxt.InsufficientFunds, "Insufficient margin to place order. asset=0"),
        (("buy", 0.01, 64000), {"postOnly": True}, ccxt.InvalidOrder, "Post only order would have immediately matched"),
        (("sell", 0.01, 61000), {"reduceOnly": True}, ccxt.InvalidOrder, "Reduce only order would increase position."),
        (
            ("buy", 0.01, 50000),
            {"timeInForce": "IOC"},
            ccxt.InvalidOrder,
            "Order could not immediately match against any resting orders. asset=0",
        ),
    ],
)
async def test_refusals_become_the_errors_that_ccxt_knows(
    exchange: Any, order: tuple[str, float, float], params: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error) as refused:
        await exchange.create_order(BTC, "limit", *order, params)
    assert words in str(refused.value)


async def test_a_missing_order_is_not_found(exchange: Any) -> None:
    with pytest.raises(ccxt.OrderNotFound, match="never placed"):
        await exchange.cancel_order("99999", BTC)


async def test_the_test_networks_signature_works_too(live: SimulatedVenue) -> None:
    client = ccxt.async_support.hyperliquid({"walletAddress": Wallet.of(1).account.address, "privateKey": KEY})
    client.set_sandbox_mode(True)
    client.urls["api"] = {"public": live.base_url, "private": live.base_url}
    client.options["fetchMarkets"] = {"types": ["swap"]}
    try:
        assert (await client.create_order(BTC, "limit", "buy", 0.01, 50000))["id"]
    finally:
        await client.close()


async def test_it_streams_the_market(stream: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        trades = await stream.watch_trades(BTC)
        book = await stream.watch_order_book(BTC)
        candles = await stream.watch_ohlcv(BTC, "1m")
        ticker = await stream.watch_ticker(BTC)
        tickers = await stream.watch_tickers()
    assert trades[0]["symbol"] == BTC
    assert book["bids"][0][0] < book["asks"][0][0]
    assert len(candles[-1]) == 6
    assert ticker["symbol"] == BTC
    assert ETH in tickers


async def test_it_streams_the_account_and_orders_over_the_socket(stream: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        watched = [
            asyncio.create_task(stream.watch_orders(BTC)),
            asyncio.create_task(stream.watch_my_trades(BTC)),
            asyncio.create_task(stream.watch_positions()),
            asyncio.create_task(stream.watch_balance()),
        ]
        resting = await stream.create_order_ws(BTC, "limit", "buy", 0.01, 50000)
        assert (await stream.cancel_order_ws(resting["id"], BTC))["status"] == "success"
        await stream.create_order(BTC, "market", "buy", 0.02, 61300)
        orders, trades, positions, balance = await asyncio.gather(*watched)
        while not positions:
            positions = await stream.watch_positions()
    assert orders[0]["symbol"] == BTC
    assert trades[-1]["amount"] == 0.02
    assert positions[0]["contracts"] == 0.02
    assert balance["USDC"]["total"] > 99_000

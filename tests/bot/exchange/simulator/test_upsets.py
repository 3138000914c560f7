"""What befalls the market when it is ordered: prices leap, markets end, books thin out, the clock is skewed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.exchange.simulator.clock import VenueClock
from tests.bot.exchange.simulator.client import Wallet, WireClient, limit, trigger
from tests.bot.exchange.simulator.conftest import MakeVenue, new_venue
from tests.bot.exchange.simulator.market import START_MS, WavyMarket

D = Decimal
BTC = 0


async def order(client: WireClient, **upset: Any) -> tuple[int, str]:
    async with client.http.post(f"{client.base_url}/faults", json=upset) as response:
        return response.status, await response.text()


async def held(client: WireClient, dex: str = "") -> dict[str, dict[str, Any]]:
    state = await client.info("clearinghouseState", user=client.wallet.address, dex=dex)
    return {row["position"]["coin"]: row["position"] for row in state["assetPositions"]}


async def test_a_gap_fills_a_stop_where_the_price_lands_and_bars_agree_with_it(client: WireClient) -> None:
    await client.order(limit(BTC, True, "62000", "0.01", "Ioc"))
    await client.order(trigger(BTC, False, "55000", "0.01", "60000", "sl"))
    before = D((await client.info("allMids"))["BTC"])
    assert (await order(client, kind="gap", coin="BTC", move=-0.05))[0] == 200
    assert await held(client) == {}
    fill = (await client.info("userFills", user=client.wallet.address))[0]
    assert abs(D(fill["px"]) / before - D("0.95")) < D("0.001")
    await client.step(START_MS + 60_000)
    assert abs(D((await client.info("allMids"))["BTC"]) / before - D("0.95")) < D("0.005")
    request = {"coin": "BTC", "interval": "1m", "startTime": START_MS - 600_000, "endTime": START_MS + 60_000}
    bars = await client.info("candleSnapshot", req=request)
    spanning = next(bar for bar in bars if bar["t"] <= START_MS <= bar["T"])
    assert D(spanning["h"]) > before * D("0.99")
    assert D(spanning["l"]) < before * D("0.96")
    assert D(bars[-1]["h"]) < before * D("0.96")
    assert D(bars[0]["l"]) > before * D("0.99")


async def test_a_gap_through_the_liquidation_is_a_liquidation(client: WireClient) -> None:
    await client.act({"type": "updateLeverage", "asset": BTC, "isCross": False, "leverage": 10})
    await client.order(limit(BTC, True, "62000", "0.01", "Ioc"))
    await client.order(trigger(BTC, False, "52000", "0.01", "58000", "sl"))
    await order(client, kind="gap", coin="BTC", move=-0.15)
    assert await held(client) == {}
    fills = await client.info("userFills", user=client.wallet.address)
    assert fills[0]["liquidation"]["liquidatedUser"] == client.wallet.address


async def test_a_delisted_market_is_settled_at_its_mark_and_trades_no_more(client: WireClient) -> None:
    await client.order(limit(BTC, True, "62000", "0.01", "Ioc"))
    await client.order(trigger(BTC, False, "55000", "0.01", "60000", "sl", cloid="0x" + "a" * 32))
    mark = (await client.info("metaAndAssetCtxs"))[1][BTC]["markPx"]
    assert (await order(client, kind="delist", coin="BTC"))[0] == 200
    assert await held(client) == {}
    fill = (await client.info("userFills", user=client.wallet.address))[0]
    assert (fill["dir"], fill["px"], fill["fee"]) == ("Settlement", mark, "0.0")
    stop = await client.info("orderStatus", user=client.wallet.address, oid="0x" + "a" * 32)
    assert stop["order"]["status"] == "delistedCanceled"
    assert (await client.info("meta"))["universe"][BTC]["isDelisted"] is True
    assert "BTC" not in await client.info("allMids")
    (said,) = await client.order(limit(BTC, True, "62000", "0.01", "Ioc"))
    assert said["error"].startswith("Trading is halted.")


async def test_in_a_thin_book_an_order_takes_a_lot_a_level_and_no_more(client: WireClient) -> None:
    await order(client, kind="thin", coin="xyz:TSLA", lots=2)
    book = await client.info("l2Book", coin="xyz:TSLA")
    assert [[level["sz"] for level in side] for side in book["levels"]] == [["0.001"] * 2] * 2
    async with client.http.delete(f"{client.base_url}/faults") as response:
        assert response.status == 200
    assert len((await client.info("l2Book", coin="xyz:TSLA"))["levels"][0]) == 20


@pytest.mark.parametrize("dies", [False, True])
async def test_what_befell_the_market_outlives_the_venue(make_venue: MakeVenue, state_file: Path, dies: bool) -> None:
    venue = new_venue(WavyMarket(), state_file=state_file)
    await venue.start()
    async with WireClient(venue.base_url, Wallet.of(1)) as client:
        await order(client, kind="gap", coin="ETH", move=0.1)
        await order(client, kind="delist", coin="BTC")
        await order(client, kind="thin", coin="SOL")
        before = await shown(client)
        copy = copied(state_file)
    await venue.stop()
    again = await make_venue(state_file=copy if dies else state_file)
    async with WireClient(again.base_url, Wallet.of(1)) as client:
        assert await shown(client) == before


async def shown(client: WireClient) -> list[Any]:
    """What clients see of prices, markets and a book."""
    book = await client.info("l2Book", coin="SOL")
    return [await client.info("allMids"), await client.info("meta"), book["levels"]]


def copied(file: Path) -> Path:
    """The state file as it is while the venue runs: what it would find after its death."""
    copy = file.with_suffix(".copy")
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"kind": "gap", "coin": "NONE", "move": 0.1}, "'NONE'"),
        ({"kind": "gap", "move": 0.1}, "None"),
        ({"kind": "gap", "coin": "BTC", "move": -1}, "> -1"),
        ({"kind": "thin", "lots": 99}, "<= 20"),
        ({"kind": "delist", "coin": "MATIC"}, "'MATIC'"),
        ({"kind": "skew", "ms": 1_000}, "stepped"),
    ],
)
async def test_what_cannot_be_is_refused_with_the_value(client: WireClient, body: dict[str, Any], words: str) -> None:
    status, said = await order(client, **body)
    assert status == 400
    assert words in said


async def test_a_clock_that_is_skewed_ahead_takes_the_market_along(make_venue: MakeVenue) -> None:
    venue = await make_venue(WavyMarket(), speed=1.0)
    began = venue.state.now_ms
    async with WireClient(venue.base_url, Wallet.of(1)) as client:
        assert (await order(client, kind="skew", ms=300_000))[0] == 200
        assert venue.state.now_ms >= began + 300_000


def test_a_clock_that_is_skewed_behind_stands_still_for_as_long() -> None:
    wall = [0.0]
    clock = VenueClock(START_MS, speed=60.0, monotonic=lambda: wall[0], wall_ms=lambda: START_MS)
    wall[0] = 1.0
    now = clock.target_ms()
    clock.hold(now, 300_000)
    wall[0] = 5.9
    assert clock.target_ms() < now
    wall[0] = 7.0
    assert clock.target_ms() == now + 60_000


async def test_a_used_nonce_does_nothing_and_the_next_one_does(client: WireClient) -> None:
    await order(client, kind="nonce", path="/exchange", count=1)
    body = client.signed({"type": "noop"})
    said = await client.post(body)
    assert said == {"status": "err", "response": f"Invalid nonce: duplicate nonce {body['nonce']}"}
    assert (await client.act({"type": "noop"}))["status"] == "ok"

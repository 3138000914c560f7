"""A trade's whole life over the wire, and the words with which the exchange refuses."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.exchange.simulator.server import SimulatedVenue
from tests.bot.exchange.simulator.client import Wallet, WireClient, limit, trigger
from tests.bot.exchange.simulator.conftest import MakeVenue
from tests.bot.exchange.simulator.market import START_MS, WavyMarket

BTC, ETH, HOOD = 0, 1, 110004
HOUR_MS = 3_600_000


def cloid(number: int) -> str:
    return f"0x{number:032x}"


async def test_an_entry_with_stop_and_target_ends_at_its_stop_and_leaves_nothing_behind(make_venue: MakeVenue) -> None:
    venue = await make_venue(WavyMarket({"BTC": [(START_MS + 60_000, 59_900.0)]}))
    async with WireClient(venue.base_url, Wallet.of(1)) as client:
        address = client.wallet.address
        venue.fund(address, Decimal(10_000))
        entry, stop, target = await client.order(
            limit(BTC, True, "62000", "0.05", "Ioc", cloid=cloid(1)),
            trigger(BTC, False, "50000", "0.05", "60000", "sl", cloid=cloid(2)),
            trigger(BTC, False, "60000", "0.05", "63000", "tp", cloid=cloid(3)),
            grouping="normalTpsl",
        )
        assert entry["filled"]["totalSz"] == "0.05"
        assert (stop, target) == ("waitingForTrigger", "waitingForTrigger")
        shown = await client.info("frontendOpenOrders", user=address)
        assert sorted(order["triggerCondition"] for order in shown) == ["Price above 63000", "Price below 60000"]
        await client.step(START_MS + 61_000)
        assert (await client.info("clearinghouseState", user=address))["assetPositions"] == []
        assert await client.info("frontendOpenOrders", user=address) == []
        fates = [
            (await client.info("orderStatus", user=address, oid=cloid(number)))["order"]["status"]
            for number in (1, 2, 3)
        ]
        assert fates[:2] == ["filled", "filled"]
        assert fates[2] in ("siblingFilledCanceled", "reduceOnlyCanceled")
        assert [fill["dir"] for fill in await client.info("userFills", user=address)] == ["Close Long", "Open Long"]


async def test_money_adds_up_to_the_cent_after_funding_and_a_close(client: WireClient) -> None:
    address = client.wallet.address
    await client.order(limit(BTC, True, "62000", "0.05", "Ioc"))
    await client.step(START_MS + 2 * HOUR_MS)
    await client.order(limit(BTC, False, "60000", "0.05", "Ioc", reduce=True))
    fills = await client.info("userFillsByTime", user=address, startTime=0)
    funding = await client.info("userFunding", user=address, startTime=0)
    assert len(funding) == 2
    profit = sum(Decimal(fill["closedPnl"]) - Decimal(fill["fee"]) for fill in fills)
    paid = sum(Decimal(row["delta"]["usdc"]) for row in funding)
    state = await client.info("clearinghouseState", user=address)
    assert Decimal(state["marginSummary"]["accountValue"]) == Decimal(10_000) + profit + paid


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (limit(BTC, True, "50000.5", "0.01"), "Price must be divisible by tick size."),
        (limit(BTC, True, "50000", "0.000001"), "Order has invalid size."),
        (limit(BTC, True, "50000", "0"), "Order has zero size."),
        (limit(BTC, True, "5e4", "0.01"), "Order has invalid price."),
        (limit(BTC, True, "50000", "-1"), "Order has invalid size."),
        (limit(BTC, True, "50000", "0.0001"), "Order must have minimum value of $10."),
        (limit(BTC, True, "61000", "100"), "Insufficient margin to place order."),
        (limit(BTC, False, "61000", "0.01", reduce=True), "Reduce only order would increase position."),
        (limit(BTC, True, "50000", "0.01", "Ioc"), "Order could not immediately match against any resting orders."),
        (
            limit(BTC, True, "62000", "0.01", "Alo"),
            "Post only order would have immediately matched, bbo was 61294@61306.",
        ),
    ],
)
async def test_a_refused_order_hears_the_exchanges_words_and_its_asset(
    client: WireClient, order: dict[str, object], words: str
) -> None:
    assert await client.order(order) == [{"error": f"{words} asset={BTC}"}]


async def test_a_batch_answers_for_every_order_in_its_place(client: WireClient) -> None:
    statuses = await client.order(
        limit(BTC, True, "50000", "0.01"),
        limit(ETH, True, "oops", "1"),
        limit(999_999, True, "1", "1"),
        limit(ETH, True, "2000", "0.1"),
    )
    assert ["resting" in status for status in statuses] == [True, False, False, True]
    assert statuses[1] == {"error": "Order has invalid price. asset=1"}
    assert statuses[2]["error"].endswith("asset=999999")


async def test_an_order_is_cancelled_by_id_and_by_client_id_and_modified(client: WireClient) -> None:
    first, second = await client.order(
        limit(BTC, True, "50000", "0.01", cloid=cloid(7)), limit(BTC, True, "50100", "0.01", cloid=cloid(8))
    )
    oid = second["resting"]["oid"]
    gone = await client.act({"type": "cancelByCloid", "cancels": [{"asset": BTC, "cloid": cloid(7)}]})
    assert gone["response"]["data"]["statuses"] == ["success"]
    change = {"oid": oid, "order": limit(BTC, True, "50200", "0.02", cloid=cloid(9))}
    changed = await client.act({"type": "batchModify", "modifies": [change]})
    newer = changed["response"]["data"]["statuses"][0]["resting"]["oid"]
    assert newer != oid
    cancels = {"type": "cancel", "cancels": [{"a": BTC, "o": oid}, {"a": BTC, "o": newer}]}
    told = (await client.act(cancels))["response"]["data"]["statuses"]
    assert told == [{"error": "Order was never placed, already canceled, or filled. asset=0"}, "success"]
    again = await client.act({"type": "modify", "oid": newer, "order": limit(BTC, True, "50300", "0.02")})
    assert again == {"status": "err", "response": "Cannot modify canceled or filled order asset=0"}
    assert first["resting"]["cloid"] == cloid(7)


async def test_leverage_and_margin_are_refused_in_the_exchanges_words(client: WireClient) -> None:
    async def leverage(asset: int, value: int, cross: bool) -> object:
        action = {"type": "updateLeverage", "asset": asset, "isCross": cross, "leverage": value}
        return (await client.act(action))["response"]

    assert await leverage(BTC, 41, True) == "Invalid leverage value"
    assert await leverage(HOOD, 3, True) == "Cross margin is not allowed for this asset."
    assert await leverage(BTC, 5, True) == {"type": "default"}
    await client.order(limit(BTC, True, "62000", "0.01", "Ioc"))
    assert await leverage(BTC, 5, False) == "Cannot switch leverage type with open position."
    margin = {"type": "updateIsolatedMargin", "asset": BTC, "isBuy": True, "ntli": 5_000_000}
    assert (await client.act(margin))["response"] == "Position does not use isolated margin."
    schedule = {"type": "scheduleCancel", "time": START_MS + 60_000}
    assert (await client.act(schedule))["response"] == (
        "Cannot set scheduled cancel time until enough volume traded. Required: $1000000. Traded: $613.06."
    )


async def test_two_accounts_trade_with_each_other(venue: SimulatedVenue, client: WireClient) -> None:
    async with WireClient(venue.base_url, Wallet.of(2)) as other:
        venue.fund(other.wallet.address, Decimal(10_000))
        (resting,) = await client.order(limit(BTC, False, "61300", "0.01", "Alo"))
        (taken,) = await other.order(limit(BTC, True, "61300", "0.01", "Ioc"))
        assert taken["filled"]["avgPx"] == "61300.0"
        (made,) = await client.info("userFills", user=client.wallet.address)
        (took,) = await client.info("userFills", user=other.wallet.address)
        assert made["tid"] == took["tid"]
        assert (made["crossed"], took["crossed"]) == (False, True)
        assert made["oid"] == resting["resting"]["oid"]
        newest = (await client.info("recentTrades", coin="BTC"))[0]
        assert newest["users"] == [other.wallet.address, client.wallet.address]

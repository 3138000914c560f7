"""A trade's whole life over the wire."""

from __future__ import annotations

from tests.bot.exchange.simulator.client import WireClient, limit, trigger
from tests.bot.exchange.simulator.market import START_MS

BTC = 0


async def test_an_entry_with_stop_and_target_lives_and_is_closed(client: WireClient) -> None:
    statuses = await client.order(
        limit(BTC, True, "62000", "0.05", "Ioc", cloid="0x" + "1" * 32),
        trigger(BTC, False, "50000", "0.05", "60000", "sl", cloid="0x" + "2" * 32),
        trigger(BTC, False, "60000", "0.05", "63000", "tp", cloid="0x" + "3" * 32),
        grouping="normalTpsl",
    )
    print(statuses)
    for kind in ("clearinghouseState", "openOrders", "frontendOpenOrders", "userFills", "historicalOrders"):
        print(kind, await client.info(kind, user=client.wallet.address))
    print(await client.step(START_MS + 3_700_000))
    for kind in ("clearinghouseState", "userRateLimit", "userFees"):
        print(kind, await client.info(kind, user=client.wallet.address))
    print(await client.info("userFunding", user=client.wallet.address, startTime=0))
    print(await client.info("fundingHistory", coin="BTC", startTime=0))
    print((await client.info("recentTrades", coin="BTC"))[:2])

"""The gate of the adapter: nothing is signed for mainnet without leave, whatever is asked of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from bot.exchange.hyperliquid.actions import Withheld
from bot.exchange.hyperliquid.signing import SecretKey
from bot.exchange.hyperliquid.venue import HyperliquidVenue
from core.errors import NotLive
from core.trading.orders import Intent
from core.trading.ports import Wallet
from tests.bot.exchange.hyperliquid.loopback import ADDRESS, KEY, QUICK, Loopback, MarketTime, accepted, ticket

DONE = {"status": "ok", "response": {"type": "default"}}
AGENT = "0x" + "b" * 64
WRITES: dict[str, Callable[[HyperliquidVenue], Awaitable[object]]] = {
    "leverage": lambda venue: venue.set_leverage("BTC", 3, isolated=True),
    "collateral": lambda venue: venue.bring_collateral("xyz:TSLA", Decimal(500)),
    "margin": lambda venue: venue.add_margin("BTC", Decimal(5), 10**13),
    "entry": lambda venue: venue.submit([ticket()], attached=True),
    "stop": lambda venue: venue.submit([ticket(Intent.STOP)], attached=False),
    "close": lambda venue: venue.submit([ticket(Intent.CLOSE)], attached=False),
    "cancel": lambda venue: venue.cancel([("BTC", 7)]),
}


async def opened(server: Loopback, clock: MarketTime, withheld: Withheld | None, key: str = KEY) -> HyperliquidVenue:
    venue = HyperliquidVenue(
        base_url=server.url,
        account=ADDRESS,
        key=SecretKey(key),
        execution=QUICK,
        clock=clock,
        wall_ms=clock.now_ms,
        mainnet=True,
        withheld=withheld,
    )
    await venue.start()
    server.exchange = server.answers(accepted({"resting": {"oid": 5}}))
    return venue


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("told", [True, False])
async def test_without_leave_nothing_is_sent(server: Loopback, clock: MarketTime, write: str, told: bool) -> None:
    async def no(signer: str) -> str:
        assert signer == ADDRESS
        return "nobody confirmed it"

    venue = await opened(server, clock, no if told else None)
    with pytest.raises(NotLive, match="nothing was signed"):
        await WRITES[write](venue)
    await venue.close()
    assert server.received == []


async def test_leave_is_asked_anew_before_every_signature(server: Loopback, clock: MarketTime) -> None:
    words = ["not yet"]

    async def now(_: str) -> str:
        return words[0]

    venue = await opened(server, clock, now)
    with pytest.raises(NotLive, match="not yet"):
        await WRITES["stop"](venue)
    words[0] = ""
    await WRITES["stop"](venue)
    words[0] = "no more"
    with pytest.raises(NotLive, match="no more"):
        await WRITES["stop"](venue)
    await venue.close()
    assert len(server.received) == 1


async def test_the_end_of_an_api_wallet_is_read_where_it_is_listed(server: Loopback, clock: MarketTime) -> None:
    venue = await opened(server, clock, None, AGENT)
    assert venue._actions is not None
    agent = venue._actions.signer
    server.info["extraAgents"] = [
        {"address": agent.upper().replace("0X", "0x"), "name": "desk", "validUntil": 1_800_000_000_000}
    ]
    assert await venue.wallet() == Wallet(agent, 1_800_000_000_000)
    server.info["extraAgents"] = []
    assert await venue.wallet() == Wallet(agent, 0)
    await venue.close()
    own = await opened(server, clock, None)
    assert await own.wallet() is None
    await own.close()

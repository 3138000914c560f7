"""Somebody else with the same key: takes stops away, opens positions. Makes the rare fault points happen.

Everything it does is legal at the venue; the bot has to put it right. What it sends bears client ids of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal

from bot.clock import MarketClock, wall_ms
from bot.exchange.hyperliquid.signing import SecretKey
from bot.exchange.hyperliquid.venue import HyperliquidVenue
from core.settings import Execution
from core.trading.orders import Intent, Ticket
from tests.chaos.checks import Witness

WAIT_S = 0.2
SLIP = Decimal("0.003")


@dataclass(slots=True)
class Stranger:
    """One account, a second hand on it."""

    venue: HyperliquidVenue
    clock: MarketClock
    witness: Witness
    opened: int = 0

    async def take_stops(self, most: int = 100) -> dict[str, tuple[Decimal, Decimal]]:
        """Cancel the stops of ``most`` positions; side (±1) and trigger of each by coin."""
        held = (await self.venue.account()).positions[:most]
        stops = [o for o in await self.venue.open_orders() if o.is_stop and o.coin in {p.coin for p in held}]
        await self.venue.cancel([(o.coin, o.venue_id) for o in stops])
        signs = {p.coin: Decimal(1 if p.size > 0 else -1) for p in held}
        return {o.coin: (signs[o.coin], o.trigger or Decimal(0)) for o in stops}

    async def wait_beyond(self, stops: dict[str, tuple[Decimal, Decimal]], seconds: float) -> bool:
        """Wait until one mark lies where its stop would be refused; whether one came to."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    marks = {p.coin: p.mark for p in (await self.venue.account()).positions}
                    if any(sign * (marks[c] - at) < -at / 2000 for c, (sign, at) in stops.items() if c in marks):
                        return True
                    await asyncio.sleep(WAIT_S)
        except TimeoutError:
            return False

    async def open(self) -> bool:
        """Buy for some 50 USD of a coin in which nothing is held; whether it was filled."""
        held = {p.coin for p in (await self.venue.account()).positions}
        quotes = await self.venue.quotes()
        coin = next((c for c in ("BTC", "ETH", "SOL", "LTC", "AVAX") if c not in held), None)
        if coin is None:
            return False
        listing = next(one for one in await self.venue.listings() if one.coin == coin)
        mark = quotes[coin].mark
        step = Decimal(1).scaleb(-listing.size_decimals)
        size = (Decimal(50) / mark).quantize(step) + step
        limit = mark * (1 + SLIP)
        limit = Decimal(f"{limit:.5g}")
        self.opened += 1
        now = self.clock.now_ms()
        cloid = f"0xfeed{self.opened:028x}"
        ticket = Ticket(cloid, cloid, coin, coin, Intent.ENTRY, True, size, limit, None, False, now, now + 600_000)
        self.witness.foreign.add(cloid)
        self.witness.adoptions += 1
        (answer,) = await self.venue.submit([ticket], attached=False)
        return answer.filled > 0


@asynccontextmanager
async def second_hand(witness: Witness, key: str) -> AsyncIterator[Stranger]:
    """The stranger, connected."""
    clock = MarketClock()
    venue = HyperliquidVenue(
        base_url=witness.venue.base_url,
        account=witness.venue.account,
        key=SecretKey(key),
        execution=Execution(weight_per_minute=100_000),
        clock=clock,
        wall_ms=wall_ms,
    )
    await venue.start()
    try:
        clock.sync(*await venue.market_clock())
        yield Stranger(venue, clock, witness)
    finally:
        await venue.close()

"""Somebody else with the same key: takes stops away, opens positions. Makes the rare fault points happen.

Everything it does is legal at the venue; the bot has to put it right. What it sends bears client ids of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from hyperliquid.utils.signing import sign_usd_class_transfer_action

from bot.clock import MarketClock, wall_ms
from bot.exchange.hyperliquid.signing import SecretKey
from bot.exchange.hyperliquid.venue import HyperliquidVenue
from core.settings import Execution
from core.trading.orders import Intent, Ticket
from tests.chaos.checks import Witness

SLIP = Decimal("0.003")
MOVED = Decimal(7)
"""USDC that the owner moves away and back."""


@dataclass(slots=True)
class Stranger:
    """One account, a second hand on it."""

    venue: HyperliquidVenue
    clock: MarketClock
    witness: Witness
    wallet: LocalAccount
    opened: int = 0
    nonce: int = 0
    away: Decimal = Decimal(0)
    """What was taken out of the account and must come back before anyone compares the books."""

    async def take_stops(self, most: int = 100) -> int:
        """Cancel the stops of ``most`` positions; how many there were."""
        held = (await self.venue.account()).positions[:most]
        stops = [o for o in await self.venue.open_orders() if o.is_stop and o.coin in {p.coin for p in held}]
        await self.venue.cancel([(o.coin, o.venue_id) for o in stops])
        return len(stops)

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

    async def take_money(self) -> None:
        """Move a little from the main dex to the spot balance, as an owner may: the book knows nothing of it."""
        if not self.away:
            await self._transfer(MOVED, to_perp=False)
            self.away = MOVED

    async def put_money_back(self) -> None:
        """Bring it back."""
        if self.away:
            await self._transfer(self.away, to_perp=True)
            self.away = Decimal(0)

    async def _transfer(self, usd: Decimal, *, to_perp: bool) -> None:
        self.nonce = max(self.nonce + 1, self.clock.now_ms())
        action: dict[str, Any] = {
            "type": "usdClassTransfer",
            "amount": str(usd),
            "toPerp": to_perp,
            "nonce": self.nonce,
        }
        signature = sign_usd_class_transfer_action(self.wallet, action, False)
        body = {"action": action, "nonce": self.nonce, "signature": signature}
        async with self.witness.venue.http.post(f"{self.witness.venue.base_url}/exchange", json=body) as answer:
            said = await answer.json()
        assert said["status"] == "ok", said


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
        yield Stranger(venue, clock, witness, Account.from_key(key))
    finally:
        await venue.close()

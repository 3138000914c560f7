"""Somebody else with the same key: takes stops away, opens positions. Makes the rare fault points happen.

Everything it does is legal at the venue; the bot has to put it right. What it sends bears client ids of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
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
from core.trading.orders import CLIENT_ID_PREFIX, Intent, Ticket
from tests.chaos.checks import Witness

SLIP = Decimal("0.003")
THEIRS, OURS = "0xfeed", CLIENT_ID_PREFIX
"""How client ids begin."""
LISTED = ("BTC", "ETH", "SOL", "LTC", "AVAX", "XRP", "BNB", "DOGE", "ADA", "LINK")
"""Coins that are on the bot's list; more than it has places."""
BELOW, AFAR = Decimal("0.99"), Decimal("1.2")
"""A stop of the stranger lies so far under the mark, a resting order so far over it, ×."""
MOVED, LOST = Decimal(7), Decimal(300)
"""USDC that the owner moves away and back: a little; and so much that it is a drawdown to whoever does not see it move."""


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

    async def open(self, coins: Sequence[str] = LISTED, *, as_ours: bool = False) -> bool:
        """Buy for some 50 USD of a coin in which nothing is held; whether it was filled.

        ``as_ours`` a stop comes with it that bears an id such as the bot gives, as if its book had been lost.
        """
        found = await self._free_coin(coins)
        if found is None:
            return False
        coin, mark, size = found
        self.witness.adoptions += 1
        tickets = [self._ticket(coin, size, mark * (1 + SLIP))]
        if as_ours:
            below = mark * BELOW
            tickets.append(self._ticket(coin, size, below * (1 - SLIP), below, prefix=OURS, sells=True))
        return (await self.venue.submit(tickets, attached=False))[0].filled > 0

    async def rest(self, *, as_ours: bool = False) -> None:
        """Leave an order to buy far over the mark, in a coin in which nothing is held, unless one rests there already.

        ``as_ours`` it bears an id such as the bot gives, as if it were left over from a position that is closed.
        """
        mine = {o.coin for o in await self.venue.open_orders() if not o.reduce_only}
        found = await self._free_coin([coin for coin in LISTED if coin not in mine])
        if found is not None:
            coin, mark, size = found
            above = mark * AFAR
            ticket = self._ticket(coin, size, above * (1 + SLIP), above, prefix=OURS if as_ours else THEIRS)
            await self.venue.submit([ticket], attached=False)

    async def _free_coin(self, coins: Sequence[str]) -> tuple[str, Decimal, Decimal] | None:
        """A coin in which nothing is held, its mark, and the size of some 50 USD in it."""
        held = {p.coin for p in (await self.venue.account()).positions}
        coin = next((c for c in coins if c not in held), None)
        if coin is None:
            return None
        mark = (await self.venue.quotes())[coin].mark
        listing = next(one for one in await self.venue.listings() if one.coin == coin)
        step = Decimal(1).scaleb(-listing.size_decimals)
        return coin, mark, (Decimal(50) / mark).quantize(step) + step

    def _ticket(
        self,
        coin: str,
        size: Decimal,
        limit: Decimal,
        trigger: Decimal | None = None,
        *,
        prefix: str = THEIRS,
        sells: bool = False,
    ) -> Ticket:
        """An order at once or when ``trigger`` is passed, under a client id of one's own; to sell only reduces."""
        self.opened += 1
        cloid, now = f"{prefix}{self.opened:0{34 - len(prefix)}x}", self.clock.now_ms()
        self.witness.foreign.add(cloid)
        return Ticket(
            client_id=cloid,
            position_id=cloid,
            symbol=coin,
            coin=coin,
            intent=Intent.ENTRY if trigger is None else Intent.STOP,
            is_buy=not sells,
            size=size,
            limit=five_digits(limit),
            trigger=None if trigger is None else five_digits(trigger),
            reduce_only=sells,
            created_ms=now,
            expires_ms=now + 600_000,
        )

    async def take_money(self, usd: Decimal = MOVED) -> None:
        """Move some from the main dex to the spot balance, as an owner may: the book knows nothing of it."""
        if not self.away:
            await self._transfer(usd, to_perp=False)
            self.away = usd

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


def five_digits(price: Decimal) -> Decimal:
    """The price as the venue takes it."""
    return Decimal(f"{price:.5g}")


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

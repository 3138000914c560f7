"""A venue, a market moved by hand and the time of both: what the venue contract is played on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

from core.trading.orders import Fill, Intent, Ticket, TicketState, client_id
from core.trading.ports import Venue
from tests.bot.exchange.hand_market import HandMarket

FUNDED = Decimal(10_000)
SIZE = Decimal("0.05")


class World(Protocol):
    """Moves a market's time, and with it whatever the venue does when prices change."""

    async def to(self, ms: int) -> None: ...


@dataclass
class Stage:
    """A venue with a funded account, a market moved by hand, and the time of both."""

    venue: Venue
    market: HandMarket
    world: World
    orders: int = 0

    @property
    def now(self) -> int:
        return self.market.now_ms

    async def mark(self, coin: str, price: int | str, *, gapped: bool = False) -> None:
        """A second later the mark is ``price``."""
        at_ms = self.now + 1_000
        self.market.set(coin, Decimal(price), at_ms, gapped=gapped)
        await self.world.to(at_ms)

    def ticket(self, intent: Intent = Intent.ENTRY, coin: str = "BTC", **changes: Any) -> Ticket:
        """An order for a long position of 0.05 BTC at about 60,000, or what protects or closes it."""
        self.orders += 1
        made = Ticket(
            client_id=client_id(self.venue.account_id, f"p{self.orders}", intent, 0),
            position_id=f"p{self.orders}",
            symbol=coin,
            coin=coin,
            intent=intent,
            is_buy=intent is Intent.ENTRY,
            size=SIZE,
            limit=Decimal(
                {Intent.ENTRY: 60_180, Intent.STOP: 53_100, Intent.TARGET: 56_000, Intent.CLOSE: 50_000}[intent]
            ),
            trigger={Intent.STOP: Decimal(59_000), Intent.TARGET: Decimal(62_000)}.get(intent),
            reduce_only=intent is not Intent.ENTRY,
            created_ms=self.now,
            expires_ms=self.now + 15_000,
        )
        return replace(made, **changes)

    async def enter(self, **changes: Any) -> tuple[Ticket, Ticket, Ticket]:
        """A long position of 0.05 BTC, 5× isolated, with its stop at 59,000 and target at 62,000."""
        tickets = (self.ticket(**changes), self.ticket(Intent.STOP), self.ticket(Intent.TARGET))
        await self.venue.set_leverage("BTC", 5, isolated=True)
        await self.venue.submit(tickets, attached=True)
        return tickets

    async def state(self, ticket: Ticket) -> TicketState | None:
        report = await self.venue.order(ticket.client_id)
        return report.state if report else None

    async def fills(self) -> list[Fill]:
        return list(await self.venue.fills(0))


def money(fills: list[Fill]) -> Decimal:
    """What fills earned, fees paid."""
    return sum((fill.closed_pnl - fill.fee for fill in fills), Decimal(0))

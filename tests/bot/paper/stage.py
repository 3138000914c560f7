"""The paper venue on a loopback exchange, with the adapter that the bot trades through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.clock import MarketClock
from bot.exchange.hyperliquid.signing import SecretKey
from bot.exchange.hyperliquid.venue import HyperliquidVenue
from bot.paper import PaperVenue, paper_venue
from core.settings import PaperRules, Settings
from core.trading.orders import Intent, Ticket, client_id
from tests.bot.exchange.hyperliquid.loopback import ADDRESS, KEY
from tests.bot.paper.exchange import PATIENCE_S

QUICK = replace(PaperRules(), poll_ms=100, look_ms=8_000, boot_retry_ms=10, retry_least_ms=10)


@dataclass
class PaperStage:
    """An account of 10,000 USD on paper."""

    paper: PaperVenue
    venue: HyperliquidVenue
    clock: MarketClock
    tasks: list[asyncio.Task[None]]
    orders: int = 0

    def ticket(self, intent: Intent = Intent.ENTRY, coin: str = "BTC", **changes: Any) -> Ticket:
        """An order for a long position of 0.05 BTC at about 60,000, or what protects or closes it."""
        self.orders += 1
        limits = {Intent.ENTRY: 60_180, Intent.STOP: 53_100, Intent.TARGET: 56_000, Intent.CLOSE: 50_000}
        made = Ticket(
            client_id=client_id(self.venue.account_id, f"p{self.orders}", intent, self.clock.now_ms()),
            position_id=f"p{self.orders}",
            symbol=coin,
            coin=coin,
            intent=intent,
            is_buy=intent is Intent.ENTRY,
            size=Decimal("0.05"),
            limit=Decimal(limits[intent]),
            trigger={Intent.STOP: Decimal(59_000), Intent.TARGET: Decimal(62_000)}.get(intent),
            reduce_only=intent is not Intent.ENTRY,
            created_ms=self.clock.now_ms(),
            expires_ms=self.clock.now_ms() + 15_000,
        )
        return replace(made, **changes)

    def listen(self) -> None:
        """Follow the stream and ask for figures, as a running bot does."""
        upstream = self.paper.upstream
        self.tasks += [asyncio.create_task(upstream.listen()), asyncio.create_task(upstream.poll())]

    async def size(self) -> Decimal:
        """Signed size of all positions."""
        return sum((one.size for one in (await self.venue.account()).positions), Decimal(0))


@asynccontextmanager
async def on_paper(url: str, state: Path, rules: PaperRules = QUICK) -> AsyncIterator[PaperStage]:
    """The stage; nothing is listened to yet, so that prices are those of the start and of each order's look."""
    settings = replace(Settings(), paper=rules)
    async with AsyncExitStack() as stack:
        paper = await paper_venue(stack, url, state, settings)
        paper.venue.fund(ADDRESS, Decimal(10_000))
        await paper.venue.start()
        stack.push_async_callback(paper.venue.stop)
        clock = MarketClock()
        venue = HyperliquidVenue(
            base_url=paper.venue.base_url,
            account=ADDRESS,
            key=SecretKey(KEY),
            execution=settings.execution,
            clock=clock,
            wall_ms=clock.now_ms,
        )
        stack.push_async_callback(venue.close)
        await venue.start()
        clock.sync(*await venue.market_clock())
        stage = PaperStage(paper, venue, clock, [])
        try:
            yield stage
        finally:
            for task in stage.tasks:
                task.cancel()
            await asyncio.gather(*stage.tasks, return_exceptions=True)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again; a test that waits in vain fails."""
    async with asyncio.timeout(PATIENCE_S):
        while not await true():  # noqa: ASYNC110 - the venue tells nobody
            await asyncio.sleep(0.02)

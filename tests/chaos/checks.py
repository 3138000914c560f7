"""What must hold after every restart. Each finding is one line naming what was seen; no finding is silently forgiven.

The market goes on while the checks look, so what is compared across two places is compared until it agrees, and is a
finding only when it never does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from tests.bot.emulator.chat_client import ChatClient
from tests.chaos.book import Book
from tests.chaos.messages import Count, counted, expected, texts_of
from tests.chaos.venue_truth import VenueTruth, uncovered

CENT = Decimal("0.01")
FORCED = "LiquidationMarket"
"""How long the venue's own orders last, which close a position by force."""
AGREE_S = 25.0
LOOK_AGAIN_S = 0.15


@dataclass(slots=True)
class Findings:
    """Everything that was wrong, each once, by kind."""

    duplicates: set[str] = field(default_factory=set)
    unprotected: set[str] = field(default_factory=set)
    lost_trades: set[str] = field(default_factory=set)
    messages: set[str] = field(default_factory=set)
    audit: set[str] = field(default_factory=set)
    switches: set[str] = field(default_factory=set)
    other: set[str] = field(default_factory=set)

    @property
    def total(self) -> int:
        """How many."""
        return sum(len(getattr(self, name)) for name in self.__slots__)

    def lines(self) -> list[str]:
        """All of them with their kind."""
        return [f"{name}: {one}" for name in self.__slots__ for one in sorted(getattr(self, name))]


@dataclass(slots=True)
class Witness:
    """Looks at venue, book and chat of one campaign. ``foreign`` are client ids that the campaign itself sent."""

    venue: VenueTruth
    book: Book
    chat: ChatClient
    findings: Findings = field(default_factory=Findings)
    foreign: set[str] = field(default_factory=set)
    adoptions: int = 0
    worst_difference: Decimal = Decimal(0)
    looks: int = 0
    looked_ms: int = 0
    bare_ms: list[int] = field(default_factory=list)
    """The longest span without a stop that each look found since the one before, venue time."""

    async def look(self, when: str) -> None:
        """Everything that must hold once recovery is done."""
        self.looks += 1
        await self.measure_bare()
        await self.protected(when)
        await self.never_twice(when)
        await self.booked(when)
        self.told_at_most_twice(when)

    async def protected(self, when: str) -> None:
        """Every position has its stop. Orders are read first: a position that opens in between is read again."""
        bare: dict[str, Decimal] = {}
        for attempt in range(3):
            resting = await self.venue.resting()
            standing = await self.venue.standing()
            now = uncovered(standing, resting)
            bare = now if attempt == 0 else {c: s for c, s in now.items() if bare.get(c) == s}
            if not bare:
                return
        self.findings.unprotected |= {f"{when}: {coin} {size} without a stop" for coin, size in bare.items()}

    async def measure_bare(self) -> None:
        """How long positions were bare since the last look, the time without a bot included."""
        now_ms = await self.venue.now_ms()
        await self.venue.gather()
        spells = self.venue.bare(self.looked_ms, now_ms)
        self.bare_ms.append(max((spell.length_ms for spell in spells), default=0))
        self.looked_ms = now_ms

    async def never_twice(self, when: str) -> None:
        """No id twice, no position entered twice, no order that the book never stored."""
        await self.venue.gather()
        known = self.book.client_ids() | self.foreign
        found = [f"client id {cloid} twice" for cloid in self.venue.repeated_ids()]
        found += [f"entered twice: {one}" for one in self.venue.double_entries()]
        sent = [row["order"] for row in self.venue.orders.values() if row["order"]["tif"] != FORCED]
        unknown = {str(order["cloid"]) for order in sent} - known
        found += [f"order {cloid} was sent and never stored" for cloid in unknown]
        adopted = sum(kind == "PositionAdopted" for _, kind, _, _ in self.book.events())
        if adopted > self.adoptions:
            found.append(f"{adopted} positions adopted, {self.adoptions} were foreign")
        self.findings.duplicates |= {f"{when}: {one}" for one in found}

    async def booked(self, when: str) -> None:
        """Fills, trades, positions and cash of the book come to equal the venue's."""
        wrong = await agreed(self.disagreements)
        self.findings.lost_trades |= {f"{when}: {one}" for one in wrong if not one.startswith("book ")}
        self.findings.audit |= {f"{when}: {one}" for one in wrong if one.startswith("book ")}

    async def disagreements(self) -> list[str]:
        """What differs at this moment."""
        await self.venue.gather()
        standing = await self.venue.standing()
        missing = set(self.venue.fills) - self.book.fills()
        found = [f"fill {one} is not in the ledger" for one in sorted(missing)]
        trips, trades = self.venue.round_trips(), self.book.trades()
        found += [
            f"{coin}: the venue closed {count} positions, the book has {trades.get(coin, 0)} trades"
            for coin, count in trips.items()
            if count != trades.get(coin, 0)
        ]
        closed = [body["trade"]["trade_id"] for _, kind, body, _ in self.book.events() if kind == "TradeClosed"]
        opened = [body["position"]["position_id"] for _, kind, body, _ in self.book.events() if kind == "TradeOpened"]
        if len(closed) != sum(trades.values()) or len(set(closed)) != len(closed):
            found.append(f"{sum(trades.values())} trades, {len(closed)} announcements of them")
        if len(set(opened)) != len(opened):
            found.append("a position was announced as opened twice")
        if (ours := self.book.sizes()) != standing.sizes:
            found.append(f"book holds {ours}, the venue {standing.sizes}")
        difference = abs(self.book.cash() - standing.cash)
        if difference >= CENT:
            found.append(f"book and venue are {difference} USDC apart")
        if not found:
            self.worst_difference = max(self.worst_difference, difference)
        return found

    def told_at_most_twice(self, when: str) -> None:
        """Nothing was said three times, and no second time without its mark."""
        self.findings.messages |= {f"{when}: {one}" for one in self.count().too_often}

    def count(self) -> Count:
        """The chat against the outbox now."""
        return counted(self.book.said(), texts_of(self.chat))

    async def all_told(self, seconds: float) -> Count:
        """Wait until nothing is left to be told, then hold the whole record against the chat."""

        async def waiting() -> list[str]:
            return [f"{left} wait to be told" for left in [self.book.waiting()] if left]

        self.findings.messages |= set(await agreed(waiting, seconds))

        async def missing() -> list[str]:
            return [*expected(self.book), *self.count().lost]

        self.findings.messages |= set(await agreed(missing))
        self.told_at_most_twice("the end")
        return self.count()


async def agreed(differences: Callable[[], Awaitable[Iterable[str]]], seconds: float = AGREE_S) -> list[str]:
    """Look until nothing differs; what still does when the time is over."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while found := list(await differences()):
        if loop.time() > deadline:
            return found
        await asyncio.sleep(LOOK_AGAIN_S)
    return []

"""A stage with a real database file and a stepped clock on which every call takes its time, and on which a bot can die.

While no flow runs, the bot lives as the timetable lets it live: it looks when the stream speaks, when a look is due
again, every watch and every reconciliation.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.desk import Desk
from core.errors import VektorError
from core.flows.reconcile import reconcile, recover
from core.flows.watch import watch
from core.replay.run import ACCOUNT
from core.replay.venue import DirectVenue
from core.settings import Settings
from core.trading.exchange.exchange import Exchange
from core.trading.exchange.requests import Grouping, OrderRequest, Tif, Trigger
from core.trading.exchange.run import RunningExchange
from core.trading.orders import CLIENT_ID_PREFIX, Intent
from jobs.attempt import attempt
from storage.database import Database
from storage.ledger import SqlLedger
from storage.start import FILE, open_database
from storage.tables import METADATA
from tests.chaos.book import Book
from tests.core.flows.fates import Call, Fate, Fated
from tests.core.flows.stage import MARKETS, Stage

LATENCY_MS = 50
"""Market time that a call to the venue takes."""
STEP_MS = 250
DOWNTIME_MS = 4_000
"""From a death to the first instruction of the next start."""
FRESH_MS = 2_000
"""How old an overtaken answer can be."""
FOREIGN_USD = Decimal(50)
"""What a stranger brings along where the account has nothing."""
TRIES = 3
"""Starts that an outage may end, until one comes through."""


@dataclass(slots=True)
class Trouble:
    """What the venue does once with a call: fails it with ``error`` (after carrying it out, if it ``acts``), or
    answers ``answer``."""

    method: str
    error: Exception | None = None
    answer: Any = None
    acts: bool = False
    intent: Intent | None = None

    def meets(self, call: Call) -> bool:
        """Whether the call is the one."""
        if call.port != "venue" or call.method != self.method:
            return False
        return self.intent is None or call.arguments[0][0].intent is self.intent


@dataclass(frozen=True, slots=True)
class State:
    """A state folder's database, used by one world after the other; each begins on an empty one."""

    database: Database
    book: Book

    async def clear(self) -> None:
        """Forget everything."""
        async with self.database.writing() as connection:
            for table in reversed(METADATA.sorted_tables):
                await connection.execute(table.delete())


@asynccontextmanager
async def state_in(folder: Path) -> AsyncIterator[State]:
    """A new database in a folder."""
    database = await open_database(folder)
    try:
        yield State(database, Book(folder / FILE))
    finally:
        await database.close()


def left_over_id() -> str:
    """A client id as we give them."""
    return CLIENT_ID_PREFIX + "0" * (34 - len(CLIENT_ID_PREFIX))


class World(Stage):
    """One bot, its venue and its book; what its life came to is read by the judges."""

    def __init__(self, state: State, settings: Settings | None = None) -> None:
        self.book = state.book
        self.fate = Fate(self)
        self.troubles: list[Trouble] = []
        self.later: list[tuple[int, Call]] = []
        self.looks: set[asyncio.Task[Any]] = set()
        self.bare_since: dict[str, int] = {}
        self.longest_bare_ms = 0
        self.most_held = 0
        self.foreign: set[str] = set()
        self.foreign_ids: set[str] = set()
        self.unseen: set[str] = set()
        self.margin_added = 0
        self.delivered: list[Call] = []
        self.before: tuple[int, dict[str, Any]] | None = None
        super().__init__(settings, SqlLedger(state.database, "sim:test"))

    def new_desk(self, venue: Any = None, ledger: Any = None) -> Desk:
        """A desk whose ports are met by the present fate."""
        return super().new_desk(
            Fated(venue or self.venue, "venue", self.fate), Fated(ledger or self.ledger, "ledger", self.fate)
        )

    # --- the way there and back --------------------------------------------------------------------------------------

    async def carry(self, call: Call) -> Any:
        """There and back, with the trouble that the venue makes at this call."""
        if call.port == "ledger":
            return await call.act()
        await self.pass_time(LATENCY_MS)
        trouble = next((one for one in self.troubles if one.meets(call)), None)
        if trouble is not None:
            self.troubles.remove(trouble)
            if trouble.acts:
                await self.arrive(call)
            if trouble.error is not None:
                raise trouble.error
            return trouble.answer
        return await self.arrive(call)

    async def arrive(self, call: Call) -> Any:
        """The venue carries a request out, once: it knows each by its nonce."""
        if call.writes:
            if any(one is call for one in self.delivered):
                return None
            self.delivered.append(call)
            self.before = (self.clock.now_ms(), self.running.exchange.snapshot())
        answer = await call.act()
        self.margin_added += call.method == "add_margin"
        if call.method in ("account", "open_orders"):
            self.unseen.clear()
        self.measure()
        return answer

    async def give_up(self, call: Call) -> None:
        """No answer is waited for longer than the adapter does."""
        if call.port == "venue":
            await self.pass_time(self.patience_ms(call))

    def patience_ms(self, call: Call) -> int:
        """How long the adapter waits: for a stop or a close until it can no longer arrive, for a read not that long."""
        rules = self.settings.execution
        if not call.writes:
            return rules.read_timeout_ms
        if call.method == "cancel":
            return rules.protective_expires_ms
        if call.method != "submit":
            return rules.timeout_ms
        left = min(ticket.expires_ms for ticket in call.arguments[0]) - self.clock.now_ms()
        return min(rules.timeout_ms, max(left, 0))

    def send_later(self, call: Call, ms: int) -> None:
        """It arrives when its time has come, unless it has expired by then."""
        self.later.append((self.clock.now_ms() + ms, call))

    async def repeat(self, call: Call) -> None:
        """The same request once more; a read is simply answered again."""
        await self.arrive(call)

    async def nudge(self) -> None:
        """A look that begins before the answer is there; it waits for whoever is trading."""
        self.running.exchange.drain()
        self.desk.nudged = True
        self.looks.add(asyncio.ensure_future(attempt(self.desk, "watch", watch)))
        for _ in range(5):
            await asyncio.sleep(0)

    async def overtaken(self, call: Call) -> Any:
        """The venue as it stood before the last request that changed it."""
        await self.pass_time(LATENCY_MS)
        at, old = self.before or (0, {})
        if self.clock.now_ms() - at > FRESH_MS:
            return await self.arrive(call)
        exchange = Exchange.restore(old, self.market.terms, self.settings.exchange)
        venue = DirectVenue(RunningExchange(exchange, self.market), ACCOUNT, MARKETS)
        return await getattr(venue, call.method)(*call.arguments, **call.options)

    # --- time --------------------------------------------------------------------------------------------------------

    async def pass_time(self, ms: int) -> None:
        """The market goes on; what was late arrives."""
        await super().pass_time(ms)
        due = [one for one in self.later if one[0] <= self.clock.now_ms()]
        for one in due:
            self.later.remove(one)
            with suppress(VektorError):
                await self.arrive(one[1])
        self.measure()

    def measure(self) -> None:
        """How long each position has been without a stop over its whole size; foreign ones from when they are seen."""
        now = self.clock.now_ms()
        bare = set()
        positions = self.running.exchange.positions(ACCOUNT)
        self.most_held = max(self.most_held, len(positions))
        for held in positions:
            stops = [o for o in self.stops(held.coin) if o.reduce_only and o.is_buy == (held.size < 0)]
            covered = sum((o.size for o in stops if not o.waiting), Decimal(0))
            if covered < abs(held.size) and held.coin not in self.unseen:
                bare.add(held.coin)
        for coin in [*self.bare_since]:
            self.longest_bare_ms = max(self.longest_bare_ms, now - self.bare_since[coin])
            if coin not in bare:
                del self.bare_since[coin]
        for coin in bare:
            self.bare_since.setdefault(coin, now)

    async def live_on(self, ms: int) -> None:
        """The timetable and the stream, for so long."""
        cadence, end = self.settings.cadence, self.clock.now_ms() + ms
        verbs: list[tuple[str, Callable[[Desk], Awaitable[object]], int]] = [
            ("watch", watch, cadence.watch_ms),
            ("reconcile", reconcile, cadence.reconcile_ms),
        ]
        lookup_ms = self.settings.execution.lookup_ms
        while (before := self.clock.now_ms()) < end:
            await self.pass_time(STEP_MS)
            if self.running.exchange.drain():
                self.desk.nudged = True
                await attempt(self.desk, "watch", watch)
            if self.desk.nudged and self.clock.now_ms() // lookup_ms != before // lookup_ms:
                await attempt(self.desk, "watch", watch)
            for name, verb, every in verbs:
                if self.clock.now_ms() // every != before // every:
                    await attempt(self.desk, name, verb)

    # --- life and death ----------------------------------------------------------------------------------------------

    async def settled(self) -> None:
        """Looks that began beside a flow come to their end."""
        await asyncio.gather(*self.looks)
        self.looks.clear()

    async def die(self) -> None:
        """The process is gone, and nobody is there for a while."""
        for look in self.looks:
            look.cancel()
        await asyncio.gather(*self.looks, return_exceptions=True)
        self.looks.clear()
        await self.pass_time(DOWNTIME_MS)

    async def rise(self) -> int:
        """A new start; how much market time its recovery took."""
        began = self.clock.now_ms()
        for attempts_left in reversed(range(TRIES)):
            self.desk = self.new_desk()
            try:
                await recover(self.desk)
                break
            except VektorError:
                if not attempts_left:
                    raise
                await self.pass_time(DOWNTIME_MS)
        return self.clock.now_ms() - began

    # --- somebody else's hand ----------------------------------------------------------------------------------------

    def take_orders(self, coin: str) -> None:
        """A stranger cancels everything that rests in a coin, and the stream says so."""
        for order in self.running.exchange.open_orders(ACCOUNT):
            if order.coin == coin:
                self.running.exchange.cancel(ACCOUNT, coin, order.oid)
        self.measure()
        self.desk.nudged = True

    def rest_foreign(self, coin: str, share: str, size: str, client_id: str | None = None) -> None:
        """A stranger's bid rests at a share of the mark."""
        price = self.market.marks[coin] * Decimal(share)
        bid = OrderRequest(coin, True, price, Decimal(size), False, Tif.GTC, client_id=client_id)
        (outcome,) = self.running.exchange.submit(ACCOUNT, [bid], Grouping.NA)
        assert outcome.kind == "resting", outcome
        self.foreign_ids |= {client_id} if client_id else set()

    def leave_stop(self, coin: str, share: str, size: str) -> None:
        """A stop under a long, at a share of the mark, that bears an id of ours and of which the book knows nothing."""
        price = (self.market.marks[coin] * Decimal(share)).quantize(Decimal(1))
        stop = Trigger(price, is_market=True, is_stop=True)
        order = OrderRequest(coin, False, price, Decimal(size), True, None, stop, left_over_id())
        (outcome,) = self.running.exchange.submit(ACCOUNT, [order], Grouping.NA)
        assert outcome.kind == "resting", outcome
        self.foreign_ids.add(left_over_id())

    def open_foreign(self, coin: str, size: str) -> None:
        """A stranger buys."""
        self.foreign.add(coin)
        self.unseen.add(coin)
        if dex := coin.rpartition(":")[0]:
            self.running.exchange.transfer(ACCOUNT, "", dex, FOREIGN_USD)
        price = self.market.marks[coin] * Decimal("1.01")
        order = OrderRequest(coin, True, price, Decimal(size), False, Tif.IOC)
        (outcome,) = self.running.exchange.submit(ACCOUNT, [order], Grouping.NA)
        assert outcome.kind == "filled", outcome

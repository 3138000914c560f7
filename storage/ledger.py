"""The ledger of the flows over SQL: each call one transaction, durable when it returns.

It keeps one ``book`` (venue and account) and sees no other. A planned order is committed before ``store`` returns,
so before it can be sent (SPEC V1).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from core.decision.record import ScanReport
from core.desk import Opening
from core.events import Event
from core.market.liquidations import Liquidation
from core.market.snapshots import Context
from core.risk.governor import Standing
from core.risk.switches import Switches
from core.risk.vigil import Vigil
from core.signals.cascade import Exhaustion
from core.trading.injections import Injection
from core.trading.orders import Fill, FundingPayment, Ticket, Transfer
from core.trading.positions import ClosedTrade, Position
from storage.cascades import liquidations_since, newest_exhaustions, write_exhaustions, write_liquidations
from storage.contexts import contexts_since, write_contexts
from storage.database import Database, nobody
from storage.events import write_events
from storage.governor import read_standing, standings_since, write_standing
from storage.injections import open_injections, write_injections
from storage.money import fills_since, funding_since, newest_trades, opening_of, transfers_since, write_new
from storage.positions import known_orders, live_positions, tickets_of, write_positions, write_tickets
from storage.scans import newest_scan, write_scan
from storage.switches import read_switches, write_switches
from storage.tables import FILLS, FUNDING, OPENINGS, TRADES, TRANSFERS
from storage.vigil import read_vigil, write_vigil


class SqlLedger:
    """:class:`core.desk.Ledger` of one book.

    ``book`` names venue and account (``sim:0xab…``); rows of other books are never read. ``rung`` is called after
    events were committed, so that whoever announces them need not poll.
    """

    def __init__(self, database: Database, book: str, rung: Callable[[], None] = nobody) -> None:
        self._database = database
        self._book = book
        self._rung = rung
        self._at_once = database.rules.rows_at_once

    async def store(
        self,
        *,
        positions: Sequence[Position] = (),
        tickets: Sequence[Ticket] = (),
        fills: Sequence[Fill] = (),
        funding: Sequence[FundingPayment] = (),
        trade: ClosedTrade | None = None,
        switches: Switches | None = None,
        transfers: Sequence[Transfer] = (),
        standing: Standing | None = None,
        injections: Sequence[Injection] = (),
        vigil: Vigil | None = None,
        contexts: Sequence[Context] = (),
        liquidations: Sequence[Liquidation] = (),
        exhaustions: Sequence[Exhaustion] = (),
        events: Sequence[Event] = (),
        at_ms: int,
    ) -> None:
        """See :meth:`core.desk.Ledger.store`. Raises :class:`core.errors.BrokenInvariant` for a value that cannot be
        stored exactly; nothing of the call is stored then."""
        book, at_once = self._book, self._at_once
        async with self._database.writing() as connection:
            await write_positions(connection, book, positions, at_ms, at_once)
            await write_tickets(connection, book, tickets, at_once)
            await write_new(connection, FILLS, book, fills, at_once)
            await write_new(connection, FUNDING, book, funding, at_once)
            await write_new(connection, TRADES, book, () if trade is None else (trade,), at_once)
            await write_new(connection, TRANSFERS, book, transfers, at_once)
            await write_standing(connection, book, standing, at_once)
            await write_injections(connection, book, injections, at_once)
            await write_vigil(connection, book, vigil, at_once)
            await write_contexts(connection, book, contexts, at_once)
            await write_liquidations(connection, book, liquidations, at_once)
            await write_exhaustions(connection, book, exhaustions, at_once)
            if switches is not None:
                await write_switches(connection, book, switches, at_once)
            await write_events(connection, book, events, at_ms, at_once)
        if events:
            self._rung()

    async def live_positions(self) -> Sequence[Position]:
        """Oldest decision first; of the same time by id."""
        async with self._database.reading() as connection:
            return await live_positions(connection, self._book, self._at_once)

    async def known_orders(self, client_ids: Sequence[str]) -> Collection[str]:
        """Those that any position has."""
        async with self._database.reading() as connection:
            return await known_orders(connection, self._book, client_ids)

    async def tickets(self, position_id: str) -> Sequence[Ticket]:
        """In the order they were first stored."""
        async with self._database.reading() as connection:
            return await tickets_of(connection, self._book, position_id, self._at_once)

    async def fills(self, since_ms: int, coin: str | None = None) -> Sequence[Fill]:
        """By time, then trade id."""
        async with self._database.reading() as connection:
            return await fills_since(connection, self._book, since_ms, coin, self._at_once)

    async def funding(self, since_ms: int, coin: str | None = None) -> Sequence[FundingPayment]:
        """By time, then coin."""
        async with self._database.reading() as connection:
            return await funding_since(connection, self._book, since_ms, coin, self._at_once)

    async def trades(self, limit: int, symbol: str | None = None) -> Sequence[ClosedTrade]:
        """By closing time, newest first; of the same time by id, highest first."""
        async with self._database.reading() as connection:
            return await newest_trades(connection, self._book, limit, symbol, self._at_once)

    async def transfers(self, since_ms: int) -> Sequence[Transfer]:
        """By time, then id."""
        async with self._database.reading() as connection:
            return await transfers_since(connection, self._book, since_ms, self._at_once)

    async def standings(self, since_ms: int) -> Sequence[Standing]:
        """By time."""
        async with self._database.reading() as connection:
            return await standings_since(connection, self._book, since_ms, self._at_once)

    async def standing(self) -> Standing | None:
        """The latest stored."""
        async with self._database.reading() as connection:
            return await read_standing(connection, self._book)

    async def injections(self) -> Sequence[Injection]:
        """By time asked, then position."""
        async with self._database.reading() as connection:
            return await open_injections(connection, self._book, self._at_once)

    async def vigil(self) -> Vigil:
        """The latest stored; an empty one when none was."""
        async with self._database.reading() as connection:
            return await read_vigil(connection, self._book)

    async def switches(self) -> Switches:
        """The latest stored; all off when none was."""
        async with self._database.reading() as connection:
            return await read_switches(connection, self._book)

    async def opening(self, account_id: str) -> Opening | None:
        """The one that was stored first."""
        async with self._database.reading() as connection:
            return await opening_of(connection, self._book, account_id)

    async def begin(self, opening: Opening) -> None:
        """Keep it unless the account has one."""
        async with self._database.writing() as connection:
            await write_new(connection, OPENINGS, self._book, (opening,), self._at_once)

    async def contexts(self, since_ms: int) -> Sequence[Context]:
        """By time, then coin."""
        async with self._database.reading() as connection:
            return await contexts_since(connection, self._book, since_ms, self._at_once)

    async def liquidations(self, since_ms: int) -> Sequence[Liquidation]:
        """By time, then exchange."""
        async with self._database.reading() as connection:
            return await liquidations_since(connection, self._book, since_ms, self._at_once)

    async def exhaustions(self, limit: int) -> Sequence[Exhaustion]:
        """By time, newest first, then symbol."""
        async with self._database.reading() as connection:
            return await newest_exhaustions(connection, self._book, limit, self._at_once)

    async def store_scan(self, report: ScanReport, events: Sequence[Event] = ()) -> None:
        """Keep a scan, and the events that it gave rise to; one of the same id gives way."""
        async with self._database.writing() as connection:
            await write_scan(connection, self._book, report, self._at_once)
            await write_events(connection, self._book, events, report.at_ms, self._at_once)
        if events:
            self._rung()

    async def last_scan(self) -> ScanReport | None:
        """The one with the latest time; of the same time the one stored last."""
        async with self._database.reading() as connection:
            return await newest_scan(connection, self._book)

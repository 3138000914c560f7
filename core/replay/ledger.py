"""A ledger in memory, so that replay and the tests of the flows run the very verbs of the live desk.

It behaves like the stored one (one contract suite holds both to it) and keeps what it was told for as long as the
process lives. It never writes a file: what replay leaves behind is written by replay's own reports.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

from core.decision.record import ScanReport
from core.desk import Opening
from core.errors import BrokenInvariant
from core.events import Event
from core.market.liquidations import Liquidation
from core.market.snapshots import DAY_MS, Context
from core.risk.governor import PATH_MS, Standing
from core.risk.switches import Switches
from core.risk.vigil import Vigil
from core.signals.cascade import Exhaustion
from core.trading.injections import Injection, InjectionState
from core.trading.orders import Fill, FundingPayment, Ticket, Transfer
from core.trading.positions import ClosedTrade, Position

DAYS_KEPT = 2
"""How long contexts are kept."""


class MemoryLedger:
    """:class:`core.desk.Ledger` over dictionaries.

    ``events`` is open to whoever reports on the run. Of the scans only the newest is kept: a long replay makes
    millions of outcomes, and whoever writes them down has them from the scan itself.
    """

    def __init__(self) -> None:
        self.events: list[tuple[int, Event]] = []
        self._positions: dict[str, Position] = {}
        self._live: dict[str, Position] = {}
        self._tickets: dict[str, dict[str, Ticket]] = {}
        self._position_of: dict[str, str] = {}
        self._fills: dict[tuple[str, int, int, bool], Fill] = {}
        self._funding: dict[tuple[str, int], FundingPayment] = {}
        self._trades: dict[str, ClosedTrade] = {}
        self._switches = Switches()
        self._vigil = Vigil()
        self._contexts: dict[tuple[str, int], Context] = {}
        self._liquidations: dict[tuple[str, Hashable], Liquidation] = {}
        self._exhaustions: dict[tuple[str, int], Exhaustion] = {}
        self._openings: dict[str, Opening] = {}
        self._transfers: dict[str, Transfer] = {}
        self._standing: Standing | None = None
        self._standings: dict[int, Standing] = {}
        self._injections: dict[tuple[str, int], Injection] = {}
        self._scan: ScanReport | None = None

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
        """See :meth:`core.desk.Ledger.store`. A ticket that changes its position raises :class:`BrokenInvariant`."""
        for ticket in tickets:
            self._check_owner(ticket)
        for ticket in tickets:
            self._position_of[ticket.client_id] = ticket.position_id
            self._tickets.setdefault(ticket.position_id, {})[ticket.client_id] = ticket
        for position in positions:
            self._keep(position)
        for fill in fills:
            self._fills.setdefault((fill.coin, fill.time_ms, fill.trade_id, fill.is_buy), fill)
        for payment in funding:
            self._funding.setdefault((payment.coin, payment.time_ms), payment)
        if trade is not None:
            self._trades.setdefault(trade.trade_id, trade)
        if switches is not None:
            self._switches = switches
        for transfer in transfers:
            self._transfers.setdefault(transfer.transfer_id, transfer)
        if standing is not None:
            self._standing = self._standings[standing.at_ms // PATH_MS] = standing
        self._vigil = vigil or self._vigil
        self._injections |= {(one.position_id, one.asked_ms): one for one in injections}
        self._see(contexts, liquidations, exhaustions)
        self.events.extend((at_ms, event) for event in events)

    def _see(
        self, contexts: Sequence[Context], liquidations: Sequence[Liquidation], exhaustions: Sequence[Exhaustion]
    ) -> None:
        """What is known of the markets."""
        for one in contexts:
            self._contexts.setdefault((one.coin, one.at_ms), one)
        for event in liquidations:
            self._liquidations.setdefault((event.venue, event.event_id), event)
        self._exhaustions |= {(one.symbol, one.at_ms): one for one in exhaustions}
        if contexts:
            self._forget(contexts[-1].at_ms - DAYS_KEPT * DAY_MS)

    def _forget(self, before_ms: int) -> None:
        """Contexts older than anyone asks for: a long replay makes millions. The oldest stand first."""
        while (first := next(iter(self._contexts), None)) is not None and first[1] < before_ms:
            del self._contexts[first]

    def _check_owner(self, ticket: Ticket) -> None:
        owner = self._position_of.get(ticket.client_id, ticket.position_id)
        if owner != ticket.position_id:
            raise BrokenInvariant(f"order {ticket.client_id} belongs to position {owner}, not to {ticket.position_id}")

    def _keep(self, position: Position) -> None:
        self._positions[position.position_id] = position
        if position.is_live:
            self._live[position.position_id] = position
        else:
            self._live.pop(position.position_id, None)

    async def live_positions(self) -> Sequence[Position]:
        """Oldest decision first; of the same time by id."""
        return sorted(self._live.values(), key=lambda p: (p.decided_ms, p.position_id))

    async def known_orders(self, client_ids: Sequence[str]) -> Collection[str]:
        """Those that any position has."""
        return set(client_ids) & {one for tickets in self._tickets.values() for one in tickets}

    async def tickets(self, position_id: str) -> Sequence[Ticket]:
        """In the order they were first stored."""
        return list(self._tickets.get(position_id, {}).values())

    async def fills(self, since_ms: int, coin: str | None = None) -> Sequence[Fill]:
        """By time, then trade id."""
        found = [f for f in self._fills.values() if f.time_ms >= since_ms and coin in (None, f.coin)]
        return sorted(found, key=lambda f: (f.time_ms, f.trade_id))

    async def funding(self, since_ms: int, coin: str | None = None) -> Sequence[FundingPayment]:
        """By time, then coin."""
        found = [p for p in self._funding.values() if p.time_ms >= since_ms and coin in (None, p.coin)]
        return sorted(found, key=lambda p: (p.time_ms, p.coin))

    async def trades(self, limit: int, symbol: str | None = None) -> Sequence[ClosedTrade]:
        """By closing time, newest first; of the same time by id, highest first."""
        found = [t for t in self._trades.values() if symbol in (None, t.symbol)]
        return sorted(found, key=lambda t: (t.closed_ms, t.trade_id), reverse=True)[:limit]

    async def transfers(self, since_ms: int) -> Sequence[Transfer]:
        """By time, then id."""
        found = [one for one in self._transfers.values() if one.time_ms >= since_ms]
        return sorted(found, key=lambda one: (one.time_ms, one.transfer_id))

    async def standings(self, since_ms: int) -> Sequence[Standing]:
        """By time."""
        return [one for slot, one in sorted(self._standings.items()) if slot >= since_ms // PATH_MS]

    async def standing(self) -> Standing | None:
        """The latest stored."""
        return self._standing

    async def injections(self) -> Sequence[Injection]:
        """By time asked, then position."""
        found = [one for one in self._injections.values() if one.state is InjectionState.ASKED]
        return sorted(found, key=lambda one: (one.asked_ms, one.position_id))

    async def vigil(self) -> Vigil:
        """The latest stored."""
        return self._vigil

    async def switches(self) -> Switches:
        """The latest stored; all off when none was."""
        return self._switches

    async def opening(self, account_id: str) -> Opening | None:
        """The one that was stored first."""
        return self._openings.get(account_id)

    async def begin(self, opening: Opening) -> None:
        """Keep it unless the account has one."""
        self._openings.setdefault(opening.account_id, opening)

    async def contexts(self, since_ms: int) -> Sequence[Context]:
        """By time, then coin."""
        found = [one for one in self._contexts.values() if one.at_ms >= since_ms]
        return sorted(found, key=lambda one: (one.at_ms, one.coin))

    async def liquidations(self, since_ms: int) -> Sequence[Liquidation]:
        """By time, then exchange."""
        found = [one for one in self._liquidations.values() if one.time_ms >= since_ms]
        return sorted(found, key=lambda one: (one.time_ms, one.venue))

    async def exhaustions(self, limit: int) -> Sequence[Exhaustion]:
        """By time, newest first, then symbol."""
        return sorted(self._exhaustions.values(), key=lambda one: (-one.at_ms, one.symbol))[:limit]

    async def store_scan(self, report: ScanReport, events: Sequence[Event] = ()) -> None:
        """Keep the newest."""
        self.events.extend((report.at_ms, event) for event in events)
        if self._scan is None or report.at_ms >= self._scan.at_ms:
            self._scan = report

    async def last_scan(self) -> ScanReport | None:
        """The one with the latest time; of the same time the one stored last."""
        return self._scan

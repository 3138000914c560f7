"""One position, brought up to the venue's truth. Start-up, watch, entry and close all come through here.

Whatever was interrupted (an entry without an answer, a stop that was never placed, a close half done) is continued
from what the venue says, so running it twice does nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal

from core.desk import Desk
from core.errors import OutcomeUnknown, Unavailable, UserMistake, VektorError, VenueRefused
from core.events import OrderFailed
from core.flows.exits import press_close
from core.flows.live import reads_only
from core.flows.protect import EntryNote, protect
from core.flows.settle import settle
from core.flows.tickets import refresh_tickets
from core.flows.truth import Truth
from core.trading.orders import Intent, Ticket, TicketState
from core.trading.ports import VenuePosition
from core.trading.positions import Position, PositionState

log = logging.getLogger(__name__)

TROUBLE = (VenueRefused, OutcomeUnknown, UserMistake)
"""What happens over one position; an outage is everyone's."""

NEVER_FILLED = (TicketState.REJECTED, TicketState.CANCELLED, TicketState.DROPPED)
"""Ends of an entry that opened nothing. A filled one is waited for: the account may have been read before it."""


@dataclass(slots=True)
class Troubles:
    """What went wrong over one position or another while the rest was looked after; the first is raised afterwards."""

    desk: Desk
    first: VektorError | None = None

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Trouble ends what is done in here and nothing else; it is looked at again soon."""
        try:
            yield
        except TROUBLE as trouble:
            self.desk.nudged = True
            if self.first is None:
                self.first = trouble
            elif trouble is not self.first:
                log.warning("and beside it: %s", trouble)

    def tell(self) -> None:
        """Raise the first, if there was any."""
        if self.first is not None:
            raise self.first


async def advance(desk: Desk, position: Position, truth: Truth, note: EntryNote | None = None) -> Position:
    """The position as it stands at the venue; one that is held stays as it is while nothing may be signed.

    The caller holds ``desk.trading``.
    """
    tickets = await refresh_tickets(desk, position, truth)
    held = truth.account.position(position.coin)
    ours = held if held is not None and held.size * position.side.sign > 0 else None
    if ours is None:
        return await without_holding(desk, position, tickets)
    if await reads_only(desk):
        return position
    fresh = grown(position, ours, truth.account.time_ms)
    if position.state is PositionState.CLOSING:
        return await press_close(desk, fresh, tickets, ours)
    return await protect(desk, position, fresh, tickets, truth, note or EntryNote())


async def advance_all(desk: Desk, live: Sequence[Position], truth: Truth, troubles: Troubles) -> list[Position]:
    """Every position brought up, one over which there is trouble as it was: it keeps none of the others waiting.

    An outage is raised at once. What was not done is looked at again soon.
    """
    after: list[Position] = []
    for position in live:
        now = position
        try:
            with troubles.aside():
                now = await advance(desk, position, truth)
        except Unavailable:
            desk.nudged = True
            raise
        after.append(now)
    return after


async def without_holding(desk: Desk, position: Position, tickets: list[Ticket]) -> Position:
    """The venue holds nothing: settled, aborted, or not yet known."""
    settled = await settle(desk, position, tickets)
    if settled is not None:
        return settled
    entry = next((t for t in tickets if t.intent is Intent.ENTRY), None)
    if position.state is PositionState.OPEN or entry is None or entry.state not in NEVER_FILLED:
        return position
    aborted = position.moved(PositionState.ABORTED, closed_ms=desk.clock.now_ms())
    failed = OrderFailed(position.symbol, Intent.ENTRY, entry.reason)
    await desk.ledger.store(positions=[aborted], events=[failed], at_ms=desk.clock.now_ms())
    return aborted


def grown(position: Position, held: VenuePosition, venue_ms: int) -> Position:
    """The position with the venue's size, entry and mark."""
    sign = position.side.sign
    best = position.best_mark if position.best_mark is not None else held.mark
    better = max(best, held.mark) if sign > 0 else min(best, held.mark)
    return replace(
        position,
        size=abs(held.size),
        entry=held.entry if position.opened_ms is None else position.entry,
        leverage=held.leverage,
        opened_ms=position.opened_ms if position.opened_ms is not None else venue_ms,
        best_mark=better,
    )


def differs(position: Position, held: VenuePosition | None) -> bool:
    """Whether a quick look at the account calls for a full one."""
    size = held.size if held is not None else Decimal(0)
    return position.state is not PositionState.OPEN or size != position.side.sign * position.size

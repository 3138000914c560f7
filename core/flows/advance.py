"""One position, brought up to the venue's truth. Start-up, watch, entry and close all come through here.

Whatever was interrupted (an entry without an answer, a stop that was never placed, a close half done) is continued
from what the venue says, so running it twice does nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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

NEVER_FILLED = (TicketState.REJECTED, TicketState.CANCELLED, TicketState.DROPPED)
"""Ends of an entry that opened nothing. A filled one is waited for: the account may have been read before it."""


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


async def advance_all(desk: Desk, live: Sequence[Position], truth: Truth) -> list[Position]:
    """Every position brought up; what the venue refuses over one keeps none of the others from being looked at.

    Raises the first trouble once all were tried (an outage at once). What was not done is looked at again soon.
    """
    after: list[Position] = []
    troubles: list[VektorError] = []
    for position in live:
        try:
            after.append(await advance(desk, position, truth))
        except (VenueRefused, OutcomeUnknown, UserMistake) as trouble:
            troubles.append(trouble)
        except Unavailable:
            desk.nudged = True
            raise
    if troubles:
        desk.nudged = True
        raise troubles[0]
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

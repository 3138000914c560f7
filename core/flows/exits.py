"""Closing a position by our own order: started once, pressed until the venue is flat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.desk import Desk
from core.flows.tickets import attempts, protecting, send
from core.trading.execution import close_ticket
from core.trading.orders import Intent, Ticket, TicketState
from core.trading.ports import VenuePosition
from core.trading.positions import CloseReason, Position, PositionState


async def start_close(
    desk: Desk,
    position: Position,
    tickets: Sequence[Ticket],
    held: VenuePosition,
    reason: CloseReason,
    by: str | None = None,
) -> Position:
    """Store the wish to close with its reason, then send the first order."""
    closing = position.moved(PositionState.CLOSING, reason=reason, closed_by=by)
    await desk.ledger.store(positions=[closing], at_ms=desk.clock.now_ms())
    return await press_close(desk, closing, tickets, held)


async def press_close(desk: Desk, position: Position, tickets: Sequence[Ticket], held: VenuePosition) -> Position:
    """Send a close for what is left, unless one is still under way.

    A close without an answer is waited for until it has expired and the venue does not know it; then the next one
    goes out under a new id (SPEC V1).
    """
    desk.nudged = True  # until the venue is seen to be flat
    under_way = [t for t in tickets if t.intent is Intent.CLOSE and t.state is TicketState.PLANNED]
    if under_way:
        return position
    market, attempt = desk.market(position.symbol), attempts(tickets, Intent.CLOSE)
    ticket = close_ticket(position, market, abs(held.size), held.mark, attempt, protecting(desk))
    await send(desk, [ticket])
    return replace(position, size=abs(held.size))

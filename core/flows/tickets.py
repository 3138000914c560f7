"""Bringing our orders of one position up to what the venue says of them, by their client ids (SPEC V1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from core.desk import Desk
from core.errors import OutcomeUnknown, VenueRefused, VenueUnavailable
from core.events import Event, PositionReduced
from core.flows.truth import Truth
from core.trading.execution import Making
from core.trading.orders import Acknowledgement, Intent, Ticket, TicketState
from core.trading.positions import Position


async def refresh_tickets(desk: Desk, position: Position, truth: Truth) -> list[Ticket]:
    """All orders of a position with their present state; changes are stored.

    An order that the venue does not know is dropped once it can no longer arrive (its expiry has passed on the
    venue's own clock); until then it stays as it is.
    """
    resting = {o.client_id: o for o in truth.of(position.coin)}
    fresh: list[Ticket] = []
    changed: list[Ticket] = []
    events: list[Event] = []
    for ticket in await desk.ledger.tickets(position.position_id):
        now = ticket
        if ticket.client_id in resting:
            now = replace(ticket, state=TicketState.RESTING, venue_id=resting[ticket.client_id].venue_id)
        elif not ticket.state.is_final:
            now = await look_up(desk, ticket, truth.account.time_ms)
        fresh.append(now)
        if now != ticket:
            changed.append(now)
        if now.intent is Intent.REDUCE and now.state is TicketState.FILLED and not ticket.state.is_final:
            held = truth.account.position(position.coin)
            left = abs(held.size) if held is not None else Decimal(0)
            events.append(PositionReduced(position.symbol, position.side, ticket.size, left, None, ""))
    if changed:
        await desk.ledger.store(tickets=changed, events=events, at_ms=desk.clock.now_ms())
    return fresh


async def look_up(desk: Desk, ticket: Ticket, venue_ms: int) -> Ticket:
    """Ask the venue what became of one order."""
    report = await desk.venue.order(ticket.client_id)
    if report is not None:
        return replace(ticket, state=report.state, venue_id=report.venue_id, reason=report.status)
    if ticket.state is TicketState.PLANNED and venue_ms > ticket.expires_ms:
        return replace(ticket, state=TicketState.DROPPED, reason="expired, unknown to the venue")
    return ticket


def untold(_: Sequence[Acknowledgement]) -> Sequence[Event]:
    """Nothing is said of the answers."""
    return ()


async def send(
    desk: Desk,
    tickets: Sequence[Ticket],
    *,
    attached: bool = False,
    tell: Callable[[Sequence[Acknowledgement]], Sequence[Event]] = untold,
) -> list[Acknowledgement] | None:
    """Store, send, and note the answers. ``None`` when the outcome is unknown: look it up, never send again.

    What ``tell`` makes of the answers is stored with them, so that neither is known without the other.
    Raises :class:`core.errors.VenueUnavailable` when the request surely did not act; the tickets are dropped then.
    """
    await desk.ledger.store(tickets=tickets, at_ms=desk.clock.now_ms())
    try:
        answers = list(await desk.venue.submit(tickets, attached=attached))
    except OutcomeUnknown:
        return None
    except VenueUnavailable as outage:
        never = [replace(t, state=TicketState.DROPPED, reason=f"not carried out: {outage}") for t in tickets]
        await desk.ledger.store(tickets=never, at_ms=desk.clock.now_ms())
        raise
    except VenueRefused as refusal:
        answers = [Acknowledgement(t.client_id, TicketState.REJECTED, reason=str(refusal)) for t in tickets]
    noted = [
        replace(t, state=a.state, venue_id=a.venue_id, reason=a.reason)
        for t, a in zip(tickets, answers, strict=False)
        if not a.waiting
    ]
    await desk.ledger.store(tickets=noted, events=tell(answers), at_ms=desk.clock.now_ms())
    return answers


def attempts(tickets: Sequence[Ticket], intent: Intent) -> int:
    """How many orders of one intent were made so far: the number of the next one."""
    return sum(t.intent is intent for t in tickets)


def making(desk: Desk) -> Making:
    """What the orders of an entry that is made now share."""
    now = desk.clock.now_ms()
    return Making(desk.venue.account_id, now, desk.expiry(now), desk.settings.execution)


def protecting(desk: Desk) -> Making:
    """What orders that protect, reduce or close share; without an answer, the next one must follow soon."""
    made = making(desk)
    span_ms = desk.clock.span_ms(desk.settings.execution.protective_expires_ms)
    return replace(made, expires_ms=made.now_ms + span_ms)

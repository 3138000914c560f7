"""No position without a resting stop: verify it at the venue, replace what is missing, or close at once (SPEC R2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.desk import Desk
from core.events import Event, StopMoved, TargetMoved, TradeOpened, Unprotected
from core.flows.exits import start_close
from core.flows.tickets import attempts, protecting, send
from core.flows.truth import Truth
from core.market.symbols import Side
from core.trading.execution import protective_ticket
from core.trading.orders import Acknowledgement, Intent, OpenOrder, Ticket, TicketState
from core.trading.positions import CloseReason, Position, PositionState


@dataclass(frozen=True, slots=True)
class EntryNote:
    """What the scan knows of an entry beside the position, for the announcement."""

    risk_share: float = 0.0
    threshold: float = 0.0
    regime: str = ""
    reasons: tuple[str, ...] = ()


async def protect(
    desk: Desk, before: Position, fresh: Position, tickets: Sequence[Ticket], truth: Truth, note: EntryNote
) -> Position:
    """The open position with stop and target resting over its whole size; announced if it has just opened."""
    orders = truth.of(fresh.coin)
    if not covered(fresh, orders, stop=True):
        desk.nudged = True  # until it is seen to rest
        if not pending(tickets, Intent.STOP, truth.account.time_ms, patience_ms(desk)):
            answer = await place(desk, fresh, tickets, Intent.STOP, fresh.stop)
            if answer is not None and answer.state is TicketState.REJECTED:
                return await give_up(desk, fresh, tickets, answer.reason)
    if not covered(fresh, orders, stop=False) and not pending(tickets, Intent.TARGET, truth.account.time_ms):
        await place(desk, fresh, tickets, Intent.TARGET, fresh.target)
    single = await without_old_targets(desk, fresh, tickets, orders)
    return await opened(desk, before, await without_surplus(desk, single, tickets, orders), note)


def moved_levels(before: Position, after: Position) -> list[Event]:
    """What is told of levels that were moved and not told of: their answer, or the process, was lost meanwhile."""
    events: list[Event] = []
    if after.stop != before.stop:
        events.append(StopMoved(after, before.stop))
    if after.target != before.target:
        events.append(TargetMoved(after, before.target))
    return events


async def without_old_targets(
    desk: Desk, position: Position, tickets: Sequence[Ticket], orders: Sequence[OpenOrder]
) -> Position:
    """Of our targets the newest stays where it covers the position, and is the one that the book names.

    Another one beside it is left over when its cancellation, or the answer to the new one, was lost.
    """
    resting = {o.client_id: o for o in orders}
    ours = [resting[t.client_id] for t in tickets if t.intent is Intent.TARGET and t.client_id in resting]
    if not ours or ours[-1].trigger is None or ours[-1].size < position.size:
        return position
    if len(ours) > 1:
        await desk.venue.cancel([(o.coin, o.venue_id) for o in ours[:-1]])
    return replace(position, target=ours[-1].trigger)


async def without_surplus(
    desk: Desk, position: Position, tickets: Sequence[Ticket], orders: Sequence[OpenOrder]
) -> Position:
    """Of our stops the nearest that cover the position stay, and the book names the last of them; the rest is cancelled.

    One that lies further away than the book's is no reason to change the book: a nearer one is under way. Left over is the old stop after a crash between placing the new one and cancelling it, or a smaller one after the
    position grew.
    """
    ours = {t.client_id for t in tickets if t.intent is Intent.STOP}
    stops = [o for o in orders if o.client_id in ours and o.trigger is not None]
    stops.sort(key=lambda o: (position.side.sign * (o.trigger or Decimal(0)), o.size), reverse=True)
    needed, kept = position.size, 0
    while kept < len(stops) and needed > 0:
        needed -= stops[kept].size
        kept += 1
    if needed > 0:
        return position
    if kept < len(stops):
        await desk.venue.cancel([(o.coin, o.venue_id) for o in stops[kept:]])
    last = stops[kept - 1].trigger
    if last is None or position.side.sign * (last - position.stop) <= 0:
        return position
    return replace(position, stop=last)


def covered(position: Position, orders: Sequence[OpenOrder], *, stop: bool) -> bool:
    """Whether reduce-only triggers of one kind rest over the whole size; a stop further away than the book's is none."""
    if stop:
        return standing_stop(position.side, position.size, orders, position.stop) is not None
    targets = (o.size for o in orders if o.is_target and o.reduces(position.side))
    return sum(targets, Decimal(0)) >= position.size


def standing_stop(side: Side, size: Decimal, orders: Sequence[OpenOrder], furthest: Decimal) -> Decimal | None:
    """The trigger at which the last of ``size`` is closed by resting stops; ``None`` where they close less.

    One beyond ``furthest`` does not count.
    """
    stops = [(o.trigger, o.size) for o in orders if o.is_stop and o.trigger is not None and o.reduces(side)]
    for trigger, closed in sorted(stops, reverse=side is Side.LONG):
        if side.sign * (trigger - furthest) < 0:
            break
        size -= closed
        if size <= 0:
            return trigger
    return None


def pending(tickets: Sequence[Ticket], intent: Intent, venue_ms: int, most_ms: int | None = None) -> bool:
    """Whether an order of this intent is still under way, so that a second one would be a double.

    One that was made more than ``most_ms`` ago is waited for no longer, although it may yet arrive.
    """
    return any(
        t.intent is intent
        and t.state is TicketState.PLANNED
        and venue_ms <= (t.expires_ms if most_ms is None else min(t.expires_ms, t.created_ms + most_ms))
        for t in tickets
    )


def patience_ms(desk: Desk) -> int:
    """How long a stop of which the venue says nothing is waited for: one that came with its entry is good for as long
    as that is, which is longer than a position may be bare (SPEC R2). Half of that leaves time to look, and to send
    another; of a double, which can only reduce, the surplus is cancelled."""
    return desk.clock.span_ms(desk.settings.stops.unprotected_ms // 2)


async def place(
    desk: Desk, position: Position, tickets: Sequence[Ticket], intent: Intent, trigger: Decimal
) -> Acknowledgement | None:
    """Send one protective order on its own; ``None`` when its outcome is unknown."""
    market = desk.market(position.symbol)
    ticket = protective_ticket(position, market, intent, trigger, attempts(tickets, intent), protecting(desk))
    answers = await send(desk, [ticket])
    return answers[0] if answers else None


async def give_up(desk: Desk, position: Position, tickets: Sequence[Ticket], words: str) -> Position:
    """A stop was refused. If the position is still there, it is closed at once and the operator told."""
    held = (await desk.venue.account()).position(position.coin)
    if held is None:
        desk.nudged = True
        return position
    stored = replace(position, state=PositionState.OPEN)
    await desk.ledger.store(events=[Unprotected(stored, words)], at_ms=desk.clock.now_ms())
    return await start_close(desk, stored, tickets, held, CloseReason.UNPROTECTED)


async def opened(desk: Desk, before: Position, fresh: Position, note: EntryNote) -> Position:
    """Store the position as open; say so if it was opening until now."""
    now_open = fresh.moved(PositionState.OPEN)
    events: list[Event] = []
    if before.state is PositionState.OPENING:
        notional = now_open.size * now_open.entry
        events.append(
            TradeOpened(
                position=now_open,
                notional=notional,
                margin=notional / now_open.leverage,
                risk_share=note.risk_share,
                threshold=note.threshold,
                regime=note.regime,
                reasons=note.reasons,
            )
        )
    else:
        events += moved_levels(before, now_open)
    if events or now_open != before:
        await desk.ledger.store(positions=[now_open], events=events, at_ms=desk.clock.now_ms())
    return now_open

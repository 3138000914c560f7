"""One look at what is open: fills and vanished orders, then break-even, trail and time stop (SPEC R2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from core.desk import Desk
from core.events import StopMoved
from core.flows.adopt import adopt_strangers
from core.flows.advance import Troubles, advance_all, differs, grown
from core.flows.exits import start_close
from core.flows.guard import look_out
from core.flows.live import reads_only
from core.flows.protect import pending, place
from core.flows.sweep import go_on_flattening
from core.flows.truth import look_fully
from core.risk.stops import moved_stop
from core.trading.orders import Intent, TicketState
from core.trading.ports import Account, VenuePosition
from core.trading.positions import CloseReason, Position, PositionState


async def watch(desk: Desk) -> None:
    """Look once. Cheap while nothing has happened: only the account is read, unless a stream nudged or it shows
    something that the book does not say.

    Raises :class:`core.errors.VenueUnavailable` when the venue cannot be read; nothing is changed then. Trouble over
    one position is raised once all were looked at.
    """
    async with desk.trading:
        live = list(await desk.ledger.live_positions())
        if not live and not desk.nudged:
            return
        account = await desk.venue.account()
        looks_only = bool(await reads_only(desk))
        unknown = set() if looks_only else strangers(live, account)
        troubles = Troubles(desk)
        if desk.nudged or unknown or any(differs(p, account.position(p.coin)) for p in live):
            live, account = await look_closely(desk, live, unknown, troubles)
        for position in [] if looks_only else live:
            with troubles.aside():
                await manage(desk, position, account)
        troubles.tell()


def strangers(live: Sequence[Position], account: Account) -> set[str]:
    """Coins in which the venue holds what we know nothing of."""
    return {held.coin for held in account.positions} - {p.coin for p in live}


async def look_closely(
    desk: Desk, live: Sequence[Position], unknown: set[str], troubles: Troubles
) -> tuple[list[Position], Account]:
    """Every live position brought up to the venue's truth; a stranger that a second look still finds is adopted.

    One look could be an answer from just before a close.
    """
    truth = await look_fully(desk)
    if await go_on_flattening(desk, truth):
        desk.strangers = set()
        return [], truth.account
    after = await advance_all(desk, live, truth, troubles)
    if unknown & desk.strangers & strangers(live, truth.account):
        with troubles.aside():
            after += await adopt_strangers(desk, live, truth)
            unknown = set()
    desk.strangers = unknown
    desk.nudged = desk.nudged or bool(unknown)
    return after, truth.account


async def manage(desk: Desk, position: Position, account: Account) -> None:
    """Move the stop that was earned, or close what has lived too long."""
    held = account.position(position.coin)
    if position.state is not PositionState.OPEN or held is None or held.size * position.side.sign <= 0:
        return
    fresh = await look_out(desk, grown(position, held, account.time_ms), held)
    opened_ms = fresh.opened_ms if fresh.opened_ms is not None else fresh.decided_ms
    if desk.clock.now_ms() - opened_ms >= desk.settings.stops.time_stop_ms:
        tickets = await desk.ledger.tickets(fresh.position_id)
        await start_close(desk, fresh, tickets, held, CloseReason.TIME)
        return
    stop = earned_stop(desk, fresh, held)
    if stop is not None:
        await move_stop(desk, fresh, stop)
    elif fresh != position:
        await desk.ledger.store(positions=[fresh], at_ms=desk.clock.now_ms())


def earned_stop(desk: Desk, position: Position, held: VenuePosition) -> Decimal | None:
    """The nearer stop, if one is due and it lies on the right side of the mark."""
    stop = moved_stop(
        entry=position.entry,
        side=position.side,
        initial=position.initial_stop,
        stop=position.stop,
        best=position.best_mark if position.best_mark is not None else held.mark,
        atr=position.atr,
        price_decimals=desk.market(position.symbol).price_decimals,
        rules=desk.settings.stops,
    )
    if stop is None or position.side.sign * (held.mark - stop) <= 0:
        return None
    return stop


async def move_stop(desk: Desk, position: Position, stop: Decimal, by: str | None = None) -> StopMoved | None:
    """Rest the new stop first, then cancel the old one: there is never a moment without.

    ``None`` while it is not known to rest; the next look goes on from there.
    """
    tickets = await desk.ledger.tickets(position.position_id)
    if pending(tickets, Intent.STOP, desk.clock.now_ms()):
        return None
    moved = replace(position, stop=stop)
    answer = await place(desk, moved, tickets, Intent.STOP, stop)
    if answer is None or answer.state is not TicketState.RESTING:
        desk.nudged = True
        return None
    event = StopMoved(moved, position.stop, by)
    await desk.ledger.store(positions=[moved], events=[event], at_ms=desk.clock.now_ms())
    old = [
        (t.coin, t.venue_id)
        for t in tickets
        if t.intent is Intent.STOP and t.state is TicketState.RESTING and t.venue_id is not None
    ]
    if old:
        await desk.venue.cancel(old)
        gone = [replace(t, state=TicketState.CANCELLED) for t in tickets if (t.coin, t.venue_id) in old]
        await desk.ledger.store(tickets=gone, at_ms=desk.clock.now_ms())
    return event

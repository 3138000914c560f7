"""An operator's wish to be out: one position, or everything at once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from core.desk import Desk
from core.errors import BrokenInvariant, NoPosition, OutcomeUnknown, Unavailable, VenueRefused
from core.events import Event, Flattened
from core.flows.advance import advance
from core.flows.live import must_be_live
from core.flows.reconcile import adopt_strangers
from core.flows.truth import Truth, read_truth
from core.trading.positions import ClosedTrade, CloseReason, Position, PositionState

ROUNDS = 6
"""How often a close is pressed before the caller is told that it goes on in the background."""

TROUBLE = (OutcomeUnknown, Unavailable, VenueRefused)
"""What one position's close must not keep the others from."""

TRADES_READ = 20
"""Among how many of a symbol's newest trades the one just booked is looked for: several may end in one millisecond."""


async def close_position(desk: Desk, symbol: str, reason: CloseReason, by: str | None = None) -> ClosedTrade:
    """Close one position and wait until the venue is flat.

    Raises :class:`NoPosition` when there is none, :class:`core.errors.OutcomeUnknown` when the venue has not
    confirmed yet (the watch goes on pressing), :class:`core.errors.VenueUnavailable` when it cannot be reached.
    """
    await must_be_live(desk)
    async with desk.trading:
        await desk.venue.account()  # an unreachable venue is told, and no wish is left behind
        position = next((p for p in await desk.ledger.live_positions() if p.symbol == symbol), None)
        if position is None:
            raise NoPosition(f"no open position in {symbol}", symbol=symbol)
        after = await close_out(desk, position, reason, by)
    if after.state is PositionState.ABORTED:
        raise NoPosition(f"the entry in {symbol} never filled; there is no position", symbol=symbol)
    trades = await desk.ledger.trades(TRADES_READ, symbol)
    booked = next((t for t in trades if t.trade_id == position.position_id), None)
    if booked is None:
        raise BrokenInvariant(f"{position.position_id} is closed but not booked")
    return booked


async def close_out(
    desk: Desk, position: Position, reason: CloseReason, by: str | None, events: Sequence[Event] = ()
) -> Position:
    """Store the wish, then press until the venue is flat and the trade is booked. The caller holds ``desk.trading``.

    The wish outlives everything: the watch goes on pressing, also when an entry without an answer turns up filled.
    ``events`` are told of it, so that they outlive everything as well.
    """
    position = await wish_closed(desk, position, reason, by, events)
    for _ in range(ROUNDS):
        position = await advance(desk, position, await read_truth(desk))
        if not position.is_live:
            return position
    raise OutcomeUnknown(f"{position.symbol}: the close is not confirmed yet; it is pressed until it is")


async def wish_closed(
    desk: Desk, position: Position, reason: CloseReason, by: str | None, events: Sequence[Event] = ()
) -> Position:
    """The position as one that is to be closed, stored; one that is closing already keeps its first reason."""
    if position.state is PositionState.CLOSING:
        return position
    closing = position.moved(PositionState.CLOSING, reason=reason, closed_by=by)
    await desk.ledger.store(positions=[closing], events=events, at_ms=desk.clock.now_ms())
    return closing


@dataclass(frozen=True, slots=True)
class FlattenReport:
    """What a flatten did: trades booked, and coins in which the venue still holds something, an entry order included, or
    of which it is not known yet."""

    closed: tuple[ClosedTrade, ...]
    still_open: tuple[str, ...]


async def flatten(desk: Desk, by: str) -> FlattenReport:
    """Halt, cancel every resting entry, close everything, verify flat at the venue. Latched until resumed."""
    await halt(desk, by)  # at once: an entry that is being prepared sees it before it is sent
    await must_be_live(desk)
    async with desk.trading:
        live = [await wish_closed(desk, p, CloseReason.FLATTEN, by) for p in await desk.ledger.live_positions()]
        truth = await read_truth(desk)
        await cancel_entries(desk, truth)
        await take_in(desk, truth)  # before all else: what nobody has looked at yet has no stop
        await press_round(desk, live, truth)
        ours = {p.position_id for p in live}
        strangers = [p for p in await desk.ledger.live_positions() if p.position_id not in ours]
        live += [await wish_closed(desk, p, CloseReason.FLATTEN, by) for p in strangers]
        await press_all(desk, live)
        truth = await read_truth(desk)
        left = await cancel_entries(desk, truth)  # what came, or could not be cancelled, meanwhile
        left |= {p.coin for p in await desk.ledger.live_positions()} | {p.coin for p in truth.account.positions}
        ids = {p.position_id for p in live}
        closed = tuple(t for t in await desk.ledger.trades(max(1, len(live))) if t.trade_id in ids)
        report = FlattenReport(closed, still_open=tuple(sorted(left)))
        event = Flattened(by, tuple(t.symbol for t in closed), report.still_open)
        await desk.ledger.store(events=[event], at_ms=desk.clock.now_ms())
        return report


async def cancel_entries(desk: Desk, truth: Truth) -> set[str]:
    """Cancel whatever could still open or enlarge a position, whoever placed it; what only reduces stays until flat.

    Trouble with it keeps nothing from being closed: the coins in which they may rest yet.
    """
    entries = [(order.coin, order.venue_id) for order in truth.orders if not order.reduce_only]
    try:
        if entries:
            await desk.venue.cancel(entries)
    except TROUBLE:
        return {coin for coin, _ in entries}
    return set()


async def take_in(desk: Desk, truth: Truth) -> None:
    """Adopt what was opened by hand; trouble with it keeps nothing from being closed, and the next look goes on."""
    try:
        await adopt_strangers(desk, await desk.ledger.live_positions(), truth)
    except TROUBLE:
        desk.nudged = True


async def press_all(desk: Desk, wished: Sequence[Position]) -> None:
    """Press until all are flat. What is not after the last round stays closing, and the watch goes on pressing.

    Raises :class:`core.errors.VenueUnavailable` when the venue cannot be read.
    """
    for _ in range(ROUNDS):
        if not await still_live(desk, wished):
            return
        await press_round(desk, wished, await read_truth(desk))
    desk.nudged = True


async def press_round(desk: Desk, wished: Sequence[Position], truth: Truth) -> None:
    """Every close is sent before any is looked after again; one reading of the venue serves them all.

    The book is asked anew: a close whose booking was answered by an outage may be booked.
    """
    for position in await still_live(desk, wished):
        await pressed(desk, position, truth)


async def still_live(desk: Desk, wished: Sequence[Position]) -> list[Position]:
    """Those that the book does not say are closed."""
    ids = {p.position_id for p in wished}
    return [p for p in await desk.ledger.live_positions() if p.position_id in ids]


async def pressed(desk: Desk, position: Position, truth: Truth) -> None:
    """One of many; its trouble keeps none of the others from being closed."""
    with suppress(*TROUBLE):
        await advance(desk, position, truth)


async def halt(desk: Desk, by: str) -> None:
    """No entries until an operator resumes."""
    async with desk.deciding:
        now = desk.clock.now_ms()
        switches = replace(await desk.ledger.switches(), halted=True, by=by, since_ms=now)
        await desk.ledger.store(switches=switches, at_ms=now)

"""Out of everything: one round of a flatten, and what a look goes on with until nothing is left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from core.desk import Desk
from core.errors import OutcomeUnknown, Unavailable, VenueRefused
from core.events import Event
from core.flows.adopt import adopt, unknown_to
from core.flows.advance import advance
from core.flows.live import reads_only
from core.flows.truth import Truth
from core.trading.positions import CloseReason, Position, PositionState

TROUBLE = (OutcomeUnknown, Unavailable, VenueRefused)
"""What happens over one order or position and must not keep the others from being closed."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a round came to: ids of the positions that it saw, and coins in which something may be open yet."""

    positions: frozenset[str]
    left: frozenset[str]


async def sweep(desk: Desk, by: str, truth: Truth) -> Swept:
    """Cancel what could open a position, adopt what was opened by hand, press every close. Holds ``desk.trading``.

    Entries that rested count as left even where they were cancelled: the next truth shows whether one filled before.
    """
    resting = await cancel_entries(desk, truth)
    await take_in(desk, truth)  # before all else: what nobody has looked at yet has no stop
    live = await wish_all_closed(desk, by)
    for position in live:
        await pressed(desk, position, truth)
    held = {p.coin for p in truth.account.positions} | {p.coin for p in await desk.ledger.live_positions()}
    return Swept(frozenset(p.position_id for p in live), frozenset(resting | held))


async def go_on_flattening(desk: Desk, truth: Truth) -> bool:
    """The next round of a flatten that left something open, a restart ago or not; whether there is one.

    It does for every position what a look would. The caller holds ``desk.trading``.
    """
    switches = await desk.ledger.switches()
    if not switches.flattening or await reads_only(desk):
        return False
    try:
        await settled(desk, (await sweep(desk, switches.by, truth)).left)
    except Unavailable:
        desk.nudged = True
        raise
    return True


async def settled(desk: Desk, left: Collection[str], events: Sequence[Event] = ()) -> None:
    """Store what is told, and that the flatten is done where nothing is left."""
    async with desk.deciding:
        switches = None if left else replace(await desk.ledger.switches(), flattening=False)
        if switches is not None or events:
            await desk.ledger.store(switches=switches, events=events, at_ms=desk.clock.now_ms())


async def cancel_entries(desk: Desk, truth: Truth) -> set[str]:
    """Cancel whatever could still open or enlarge a position, whoever placed it; what only reduces stays until flat.

    Trouble with it keeps nothing from being closed. The coins in which such orders rested.
    """
    entries = [(order.coin, order.venue_id) for order in truth.orders if not order.reduce_only]
    if entries:
        with suppress(*TROUBLE):
            await desk.venue.cancel(entries)
    return {coin for coin, _ in entries}


async def take_in(desk: Desk, truth: Truth) -> None:
    """Adopt what was opened by hand; trouble with one keeps neither the others nor what is ours from being closed."""
    for held in unknown_to(desk, await desk.ledger.live_positions(), truth):
        with suppress(*TROUBLE):
            await adopt(desk, held, truth)


async def wish_all_closed(desk: Desk, by: str) -> list[Position]:
    """Every live position, stored as one that is to be closed."""
    return [await wish_closed(desk, p, CloseReason.FLATTEN, by) for p in await desk.ledger.live_positions()]


async def wish_closed(
    desk: Desk, position: Position, reason: CloseReason, by: str | None, events: Sequence[Event] = ()
) -> Position:
    """The position as one that is to be closed, stored; one that is closing already keeps its first reason."""
    if position.state is PositionState.CLOSING:
        return position
    closing = position.moved(PositionState.CLOSING, reason=reason, closed_by=by)
    await desk.ledger.store(positions=[closing], events=events, at_ms=desk.clock.now_ms())
    return closing


async def pressed(desk: Desk, position: Position, truth: Truth) -> None:
    """One of many; its trouble keeps none of the others from being closed."""
    with suppress(*TROUBLE):
        await advance(desk, position, truth)

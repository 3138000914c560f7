"""An operator's wish to be out: one position, or everything at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.desk import Desk
from core.errors import BrokenInvariant, NoPosition, OutcomeUnknown
from core.events import Event, Flattened
from core.flows.advance import advance
from core.flows.live import must_be_live, reads_only
from core.flows.sweep import settled, sweep, wish_all_closed, wish_closed
from core.flows.truth import read_truth
from core.trading.positions import ClosedTrade, CloseReason, Position, PositionState

ROUNDS = 6
"""How often a close is pressed before the caller is told that it goes on in the background."""

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


@dataclass(frozen=True, slots=True)
class FlattenReport:
    """What a flatten did: trades booked, and coins in which the venue still holds something, an entry order included, or
    of which it is not known yet."""

    closed: tuple[ClosedTrade, ...]
    still_open: tuple[str, ...]


async def flatten(desk: Desk, by: str) -> FlattenReport:
    """Halt, cancel every resting entry, close everything, verify flat at the venue. Halted until resumed.

    What cannot be done now is gone on with by the watch and every reconciliation, after a restart as well. Raises
    :class:`core.errors.NotLive`, and :class:`core.errors.VenueUnavailable` when the venue cannot be read.
    """
    desk.nudged = True  # whatever comes of this, the next look goes on
    # Before any lock: an entry that is being prepared sees it before it is sent.
    await halt(desk, by, flattening=not await reads_only(desk))
    await must_be_live(desk)
    async with desk.trading:
        wished = {p.position_id for p in await wish_all_closed(desk, by)}  # stored before the venue is asked anything
        left: frozenset[str] = frozenset()
        for _ in range(ROUNDS):
            swept = await sweep(desk, by, await read_truth(desk))
            wished |= swept.positions
            left = swept.left
            if not left:
                break
        closed = tuple(t for t in await desk.ledger.trades(max(1, len(wished))) if t.trade_id in wished)
        report = FlattenReport(closed, tuple(sorted(left)))
        await settled(desk, left, [Flattened(by, tuple(t.symbol for t in closed), report.still_open)])
        return report


async def halt(desk: Desk, by: str, *, flattening: bool) -> None:
    """No entries until an operator resumes."""
    async with desk.deciding:
        now, before = desk.clock.now_ms(), await desk.ledger.switches()
        switches = replace(before, halted=True, flattening=flattening, by=by, since_ms=now)
        await desk.ledger.store(switches=switches, at_ms=now)

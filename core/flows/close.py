"""An operator's wish to be out: one position, or everything at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.desk import Desk
from core.errors import BrokenInvariant, NoPosition, OutcomeUnknown, Unavailable
from core.events import Flattened
from core.flows.advance import advance
from core.flows.exits import start_close
from core.flows.truth import read_truth
from core.trading.positions import ClosedTrade, CloseReason, Position, PositionState

ROUNDS = 6
"""How often a close is pressed before the caller is told that it goes on in the background."""


async def close_position(desk: Desk, symbol: str, reason: CloseReason, by: str | None = None) -> ClosedTrade:
    """Close one position and wait until the venue is flat.

    Raises :class:`NoPosition` when there is none, :class:`core.errors.OutcomeUnknown` when the venue has not
    confirmed yet (the watch goes on pressing), :class:`core.errors.VenueUnavailable` when it cannot be reached.
    """
    async with desk.trading:
        position = next((p for p in await desk.ledger.live_positions() if p.symbol == symbol), None)
        if position is None:
            raise NoPosition(f"no open position in {symbol}", symbol=symbol)
        await close_out(desk, position, reason, by)
    trades = await desk.ledger.trades(1, symbol)
    if not trades or trades[0].trade_id != position.position_id:
        raise BrokenInvariant(f"{position.position_id} is closed but not booked")
    return trades[0]


async def close_out(desk: Desk, position: Position, reason: CloseReason, by: str | None) -> Position:
    """Press until the venue is flat and the trade is booked. The caller holds ``desk.trading``."""
    for _ in range(ROUNDS):
        truth = await read_truth(desk)
        position = await advance(desk, position, truth)
        if not position.is_live:
            return position
        held = truth.account.position(position.coin)
        if position.state is PositionState.OPEN and held is not None:
            tickets = await desk.ledger.tickets(position.position_id)
            position = await start_close(desk, position, tickets, held, reason, by)
    raise OutcomeUnknown(f"{position.symbol}: the close is not confirmed yet; it is pressed until it is")


@dataclass(frozen=True, slots=True)
class FlattenReport:
    """What a flatten did: trades booked, and symbols that the venue still holds."""

    closed: tuple[ClosedTrade, ...]
    still_open: tuple[str, ...]


async def flatten(desk: Desk, by: str) -> FlattenReport:
    """Halt, cancel every resting entry, close everything, verify flat at the venue. Latched until resumed."""
    async with desk.trading:
        now = desk.clock.now_ms()
        switches = replace(await desk.ledger.switches(), halted=True, by=by, since_ms=now)
        await desk.ledger.store(switches=switches, at_ms=now)
        live = list(await desk.ledger.live_positions())
        for position in live:
            await attempt(desk, position, by)
        coins = {p.coin for p in (await desk.venue.account()).positions}
        ids = {p.position_id for p in live}
        closed = tuple(t for t in await desk.ledger.trades(max(1, len(live))) if t.trade_id in ids)
        still = tuple(sorted(coins))
        event = Flattened(by, tuple(t.symbol for t in closed), still)
        await desk.ledger.store(events=[event], at_ms=desk.clock.now_ms())
        return FlattenReport(closed, still)


async def attempt(desk: Desk, position: Position, by: str) -> None:
    """Close one of many; what cannot be closed now stays closing and is reported as still open."""
    try:
        await close_out(desk, position, CloseReason.FLATTEN, by)
    except (OutcomeUnknown, Unavailable):
        desk.nudged = True

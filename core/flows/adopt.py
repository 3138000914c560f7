"""Positions that the venue holds and the book does not know: opened by hand, or by us before the book was lost (SPEC V2)."""

from __future__ import annotations

from collections.abc import Sequence

from core.desk import Desk
from core.events import PositionAdopted
from core.flows.advance import Troubles, advance
from core.flows.follow import follow
from core.flows.protect import standing_stop
from core.flows.truth import Truth
from core.market.symbols import Side
from core.risk.stops import initial_stop, initial_target
from core.trading.orders import Intent, OpenOrder, Ticket, TicketState
from core.trading.ports import VenuePosition
from core.trading.positions import Position, PositionState


async def adopt_strangers(desk: Desk, live: Sequence[Position], truth: Truth) -> list[Position]:
    """Take in whatever the venue holds in coins in which we know of nothing. Raises the first trouble afterwards."""
    adopted, troubles = list[Position](), Troubles(desk)
    for held in unknown_to(desk, live, truth):
        with troubles.aside():
            adopted.append(await adopt(desk, held, truth))
    troubles.tell()
    return adopted


def unknown_to(desk: Desk, live: Sequence[Position], truth: Truth) -> list[VenuePosition]:
    """What the venue holds in coins in which we know of nothing.

    An account that is no newer than the newest fill in the book may show what that fill closed: it is asked again soon.
    """
    known = {p.coin for p in live}
    found = [held for held in truth.account.positions if held.coin not in known]
    if found and truth.account.time_ms <= desk.fills_since_ms:
        desk.nudged = True
        return []
    return found


async def adopt(desk: Desk, held: VenuePosition, truth: Truth) -> Position:
    """Take a position into the book with a stop and a target of its own, and say so.

    The truth that showed it serves: asked anew, an outage would leave it bare.
    """
    market, venue_ms = await follow(desk, held.coin), truth.account.time_ms
    side, atr, orders, rules = held.side, adopted_atr(desk, held), truth.of(held.coin), desk.settings.stops
    initial = initial_stop(held.mark, side, atr, market.price_decimals, rules)
    kept = await own_triggers(desk, side, orders)
    targets = [order.trigger for order in kept if order.is_target and order.trigger is not None]
    position = Position(
        position_id=f"{market.symbol}-{venue_ms}-adopted",
        symbol=market.symbol,
        coin=held.coin,
        side=side,
        state=PositionState.OPEN,
        size=abs(held.size),
        entry=held.entry,
        leverage=held.leverage,
        initial_stop=initial,
        stop=standing_stop(side, abs(held.size), orders, initial) or initial,  # one that rests nearer is the stop
        target=targets[-1] if targets else initial_target(held.mark, side, atr, market.price_decimals, rules),
        atr=atr,
        confidence=desk.settings.confidence.adopted,
        strategy="adopted",
        decided_ms=venue_ms,
        opened_ms=venue_ms,
        adopted=True,
        best_mark=held.mark,
    )
    events, tickets = [PositionAdopted(position)], [taken_over(order, position) for order in kept]
    await desk.ledger.store(positions=[position], tickets=tickets, events=events, at_ms=desk.clock.now_ms())
    return await advance(desk, position, truth)


async def own_triggers(desk: Desk, side: Side, orders: Sequence[OpenOrder]) -> list[OpenOrder]:
    """Stops and targets that bear ids of ours and of which the book knows nothing, oldest first."""
    ours = [o for o in orders if o.is_ours and o.reduces(side) and o.trigger is not None]
    known = await desk.ledger.known_orders([o.client_id for o in ours if o.client_id is not None]) if ours else ()
    return sorted((o for o in ours if o.client_id not in known), key=lambda o: (o.placed_ms, o.venue_id))


def taken_over(order: OpenOrder, position: Position) -> Ticket:
    """A resting order of ours as one of the position's, so that it is moved and cancelled with it."""
    return Ticket(
        client_id=order.client_id or "",
        position_id=position.position_id,
        symbol=position.symbol,
        coin=order.coin,
        intent=Intent.STOP if order.is_stop else Intent.TARGET,
        is_buy=order.is_buy,
        size=order.size,
        limit=order.limit,
        trigger=order.trigger,
        reduce_only=True,
        created_ms=order.placed_ms,
        expires_ms=order.placed_ms,
        state=TicketState.RESTING,
        venue_id=order.venue_id,
        mark=order.trigger,
    )


def adopted_atr(desk: Desk, held: VenuePosition) -> float:
    """The ATR that an adopted position's stop is measured by: small enough that liquidation lies well behind it."""
    atr = float(held.mark) * desk.settings.stops.adopted_atr
    if held.liquidation is None:
        return atr
    room = float(abs(held.mark - held.liquidation)) / desk.settings.leverage.liquidation_stops
    return min(atr, room / desk.settings.stops.stop_atrs)

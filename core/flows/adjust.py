"""An operator changes an open position: where its stop and target rest, or how much of it is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.desk import Desk
from core.errors import OutcomeUnknown, UserMistake, VenueRefused
from core.events import Event, PositionReduced, StopMoved, TargetMoved
from core.flows.guard import held_position
from core.flows.live import must_be_live
from core.flows.protect import pending, place
from core.flows.tickets import attempts, protecting, send
from core.flows.watch import earned_stop, move_stop
from core.market.symbols import Market
from core.market.ticks import round_price, round_size
from core.trading.execution import reducing_ticket, slipped
from core.trading.orders import Acknowledgement, Intent, Ticket, TicketState
from core.trading.ports import Account, VenuePosition
from core.trading.positions import Position


@dataclass(frozen=True, slots=True)
class Adjustable:
    """An open position as it is before a change of it."""

    position: Position
    market: Market
    held: VenuePosition
    account: Account


async def adjustable(desk: Desk, symbol: str) -> Adjustable:
    """Raises :class:`core.errors.NoPosition`, :class:`core.errors.VenueUnavailable`, :class:`core.errors.NotLive`."""
    await must_be_live(desk)
    account = await desk.venue.account()
    position, held = held_position(symbol, await desk.ledger.live_positions(), account.positions)
    return Adjustable(position, desk.market(symbol), held, account)


def stop_for(found: Adjustable, price: Decimal, open_risk: Decimal, desk: Desk) -> Decimal:
    """The stop on the grid, rounded toward less risk.

    ``open_risk`` is that of the other positions, USD. Raises :class:`UserMistake` for one that would act at once, lies
    beyond the liquidation, or lets more than the portfolio's limit be lost.
    """
    sign, held, symbol = found.position.side.sign, found.held, found.position.symbol
    stop = on_grid(found, price, up=sign > 0)
    if sign * (held.mark - stop) <= 0:
        raise UserMistake(f"a stop of {symbol} at {stop} would act at once: {beyond(sign)} the mark, {held.mark}")
    if held.liquidation is not None and sign * (stop - held.liquidation) <= 0:
        raise UserMistake(f"a stop of {symbol} at {stop} would never act: it is liquidated at {held.liquidation}")
    earned = earned_stop(desk, replace(found.position, stop=stop), held)
    if earned is not None:
        raise UserMistake(f"{symbol} has earned a stop at {earned}; one at {stop} would be moved there at once")
    most = Decimal(str(desk.settings.sizing.open_risk_most)) * found.account.equity
    risk = open_risk + abs(held.size) * sign * (held.mark - stop)
    if risk > most and sign * (stop - found.position.stop) < 0:
        raise UserMistake(f"with a stop at {stop} the open risk would be {risk:.2f} USDC; {most:.2f} are the most")
    return stop


def beyond(sign: int) -> str:
    """Which side of the mark a stop of this side must not lie on."""
    return "it is not below" if sign > 0 else "it is not above"


def target_for(found: Adjustable, price: Decimal) -> Decimal:
    """The target on the grid, rounded toward the mark. Raises :class:`UserMistake` for one that would act at once."""
    sign, held, symbol = found.position.side.sign, found.held, found.position.symbol
    target = on_grid(found, price, up=sign < 0)
    if sign * (target - held.mark) <= 0:
        raise UserMistake(f"a target of {symbol} at {target} would act at once: {beyond(-sign)} the mark, {held.mark}")
    return target


def on_grid(found: Adjustable, price: Decimal, *, up: bool) -> Decimal:
    """A legal price. Raises :class:`UserMistake` for what is none."""
    if price <= 0:
        raise UserMistake(f"{price} is no price; one above zero would be right")
    return round_price(price, found.market.price_decimals, up=up)


def part_of(found: Adjustable, share: Decimal, desk: Desk) -> Decimal:
    """The size to close, rounded down to the lot.

    Raises :class:`UserMistake` where it or what stays would be worth less than the venue's minimum.
    """
    held, symbol = found.held, found.position.symbol
    size = round_size(abs(held.size) * share, found.market.size_decimals)
    minimum = Decimal(str(desk.settings.exchange.minimum_usd))
    for what, value in (("closed", size * held.mark), ("left", (abs(held.size) - size) * held.mark)):
        if value < minimum:
            raise UserMistake(
                f"of {symbol} {value:.2f} USDC would be {what}; {minimum} are the least. /close {symbol} closes it all"
            )
    return size


async def risk_of_others(desk: Desk, found: Adjustable) -> Decimal:
    """What the stops of the other positions would cost, USD."""
    stops = {p.coin: p for p in await desk.ledger.live_positions()}
    others = [h for h in found.account.positions if h.coin != found.held.coin and h.coin in stops]
    each = (stops[h.coin].side.sign * (h.mark - stops[h.coin].stop) * abs(h.size) for h in others)
    return sum((max(Decimal(0), one) for one in each), Decimal(0))


async def set_stop(desk: Desk, symbol: str, price: Decimal, by: str) -> StopMoved:
    """Rest the stop at another price. The new one rests before the old one goes; raises as :func:`stop_for`,
    :class:`VenueRefused` with the venue's words, :class:`OutcomeUnknown` when it has not answered."""
    async with desk.trading:
        found = await adjustable(desk, symbol)
        stop = stop_for(found, price, await risk_of_others(desk, found), desk)
        moved = await move_stop(desk, found.position, stop, by)
        if moved is not None:
            return moved
        newest = [t for t in await desk.ledger.tickets(found.position.position_id) if t.intent is Intent.STOP][-1]
        if newest.state is TicketState.REJECTED:
            raise VenueRefused(newest.reason, words=newest.reason)
        raise OutcomeUnknown(f"{symbol}: the stop is still under way; /positions will show where it rests")


async def set_target(desk: Desk, symbol: str, price: Decimal, by: str) -> TargetMoved:
    """Rest the target at another price, the new one before the old one goes. Raises as :func:`target_for`, and as
    :func:`set_stop`."""
    async with desk.trading:
        found = await adjustable(desk, symbol)
        position, target = found.position, target_for(found, price)
        tickets = await desk.ledger.tickets(position.position_id)
        if pending(tickets, Intent.TARGET, desk.clock.now_ms()):
            raise UserMistake(f"an earlier target of {symbol} is still under way; nothing was moved")
        moved = replace(position, target=target)
        resting(await place(desk, moved, tickets, Intent.TARGET, target), symbol)
        event = TargetMoved(moved, position.target, by)
        await desk.ledger.store(positions=[moved], events=[event], at_ms=desk.clock.now_ms())
        await cancel_old(desk, tickets)
        return event


def resting(answer: Acknowledgement | None, symbol: str) -> Acknowledgement:
    """The venue's yes. Raises :class:`VenueRefused` for its no and :class:`OutcomeUnknown` for its silence."""
    if answer is None:
        raise OutcomeUnknown(f"{symbol}: the venue has not answered")
    if answer.state is TicketState.REJECTED:
        raise VenueRefused(answer.reason, words=answer.reason)
    return answer


async def cancel_old(desk: Desk, tickets: Sequence[Ticket]) -> None:
    """Take away the targets that rested before."""
    old = [
        t for t in tickets if t.intent is Intent.TARGET and t.state is TicketState.RESTING and t.venue_id is not None
    ]
    if old:
        await desk.venue.cancel([(t.coin, t.venue_id) for t in old if t.venue_id is not None])
        gone = [replace(t, state=TicketState.CANCELLED) for t in old]
        await desk.ledger.store(tickets=gone, at_ms=desk.clock.now_ms())


async def reduce(desk: Desk, symbol: str, share: Decimal, by: str) -> PositionReduced:
    """Close a share (0 … 1) of a position at market; stop and target keep covering what is left.

    Raises as :func:`part_of`, and as :func:`set_stop`.
    """
    async with desk.trading:
        found = await adjustable(desk, symbol)
        position, size = found.position, part_of(found, share, desk)
        tickets = await desk.ledger.tickets(position.position_id)
        if pending(tickets, Intent.REDUCE, desk.clock.now_ms()):
            raise UserMistake(f"an earlier part of {symbol} is still being closed; nothing was sent")
        worst = slipped(position, found.market, found.held.mark, Decimal(str(desk.settings.execution.slippage)))
        made = protecting(desk)
        attempt, mark = attempts(tickets, Intent.REDUCE), found.held.mark
        ticket = reducing_ticket(position, Intent.REDUCE, size, worst, None, mark, attempt, made)
        desk.nudged = True
        answers = await send(desk, [ticket], tell=lambda told: parts_closed(found, told, by))
        filled = resting(answers[0] if answers else None, symbol)
        return part_closed(found, filled, by)


def part_closed(found: Adjustable, filled: Acknowledgement, by: str) -> PositionReduced:
    """What is told of a part that was closed."""
    left = abs(found.held.size) - filled.filled
    return PositionReduced(found.position.symbol, found.position.side, filled.filled, left, filled.average, by)


def parts_closed(found: Adjustable, answers: Sequence[Acknowledgement], by: str) -> list[Event]:
    """What is told of the answers to a reducing order: nothing where it was refused."""
    return [part_closed(found, one, by) for one in answers if one.state is TicketState.FILLED]

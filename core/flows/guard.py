"""How near each position is to being closed by force: told once for each level, with what it takes to move it away (SPEC R7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.desk import Desk
from core.errors import NoPosition, UserMistake
from core.events import LiquidationNear
from core.risk.liquidation import (
    Held,
    Levels,
    Nearness,
    entry_distance,
    injection,
    levels,
    maintenance,
    nearness,
)
from core.trading.injections import own_margin
from core.trading.orders import Intent, TicketState
from core.trading.ports import VenuePosition
from core.trading.positions import Position, PositionState


@dataclass(frozen=True, slots=True)
class Danger:
    """How a position stands beside its liquidation.

    ``rate`` is the maintenance margin as a share of the value, ``needed`` what leads back to the goal, and
    ``own`` the margin bound to it without its unrealised result, USDC.
    """

    position: Position
    held: Held
    isolated: bool
    limits: Levels
    rate: Decimal
    needed: Decimal
    own: Decimal


def danger(desk: Desk, position: Position, held: VenuePosition) -> Danger | None:
    """``None`` where the venue names no liquidation price: it cannot be liquidated."""
    if held.liquidation is None:
        return None
    market, rules = desk.market(position.symbol), desk.settings.liquidation
    seen = Held(position.side, abs(held.size), held.mark, held.liquidation, held.margin)
    # Leverage says how near an isolated position began; behind a cross one stands the whole account.
    at_entry = entry_distance(held.leverage, market.max_leverage, position.side) if held.isolated else rules.goal
    limits = levels(at_entry or rules.goal, rules)
    rate = maintenance(seen) if held.isolated else Decimal(1) / (2 * market.max_leverage)
    return Danger(position, seen, held.isolated, limits, rate, injection(seen, limits.goal, rate), own_margin(held))


async def look_out(desk: Desk, position: Position, held: VenuePosition) -> Position:
    """The position with the level that is told of it; a level is told once until the position is out of it again."""
    found = danger(desk, position, held)
    if found is None:
        return position
    now = nearness(found.held, await resting_stop(desk, position, found), found.limits)
    if now is Nearness(position.nearness) or (now < position.nearness and not clear_of(found, now, desk)):
        return position
    after = replace(position, nearness=int(now))
    events = [near(found, now)] if now > position.nearness else []
    await desk.ledger.store(positions=[after], events=events, at_ms=desk.clock.now_ms())
    return after


async def resting_stop(desk: Desk, position: Position, found: Danger) -> Decimal | None:
    """The stop that is known to rest at the venue; looked up only where it matters."""
    if found.held.distance > found.limits.warn:
        return None
    tickets = await desk.ledger.tickets(position.position_id)
    rests = any(t.intent is Intent.STOP and t.state is TicketState.RESTING for t in tickets)
    return position.stop if rests else None


def clear_of(found: Danger, now: Nearness, desk: Desk) -> bool:
    """Whether the level above the present one is left far enough behind that it may be told again."""
    level = found.limits.warn if now is Nearness.FAR else found.limits.critical
    return found.held.distance > level * desk.settings.liquidation.rearm


def near(found: Danger, level: Nearness) -> LiquidationNear:
    """What is told."""
    return LiquidationNear(
        position=found.position,
        level=int(level),
        mark=found.held.mark,
        liquidation=found.held.liquidation,
        distance=found.held.distance,
        goal=found.limits.goal,
        needed=found.needed,
        isolated=found.isolated,
    )


async def danger_of(desk: Desk, symbol: str) -> tuple[Danger, Decimal]:
    """How a held position stands now, and the free collateral.

    Raises :class:`NoPosition`, :class:`UserMistake` for one that cannot be liquidated, and
    :class:`core.errors.VenueUnavailable`.
    """
    account = await desk.venue.account()
    position, held = held_position(symbol, await desk.ledger.live_positions(), account.positions)
    found = danger(desk, position, held)
    if found is None:
        raise UserMistake(f"{symbol} cannot be liquidated as it stands; it needs no margin")
    return found, account.free


def held_position(
    symbol: str, live: Sequence[Position], held: Sequence[VenuePosition]
) -> tuple[Position, VenuePosition]:
    """Our open position in a symbol and the venue's. Raises :class:`NoPosition`."""
    position = next((p for p in live if p.symbol == symbol and p.state is PositionState.OPEN), None)
    theirs = next((h for h in held if position is not None and h.coin == position.coin), None)
    if position is None or theirs is None:
        raise NoPosition(f"no open position in {symbol}", symbol=symbol)
    return position, theirs

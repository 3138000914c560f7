"""Margin for a position that an operator confirmed: stored before it is asked for, never asked for twice (SPEC R7)."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from core.desk import Desk
from core.errors import UserMistake, VenueRefused, VenueUnavailable
from core.events import Event, MarginAdded, OrderFailed
from core.flows.guard import danger, held_position
from core.flows.live import must_be_live
from core.trading.injections import Injection, InjectionState, arrived, own_margin
from core.trading.ports import Account, VenuePosition

CENT = Decimal("0.01")
MARGIN = "margin"
"""What failed, where an injection did."""


async def inject(desk: Desk, symbol: str, amount: Decimal, seen: Decimal, by: str) -> MarginAdded:
    """Add ``amount`` USDC to the isolated position in a symbol, whose own margin was ``seen`` when that was asked about.

    Raises :class:`core.errors.NoPosition`, :class:`UserMistake` for one on cross margin or an amount that is not there,
    :class:`VenueRefused`, :class:`VenueUnavailable` when nothing was done, and :class:`OutcomeUnknown` when the venue's
    answer is missing: what became of it is told by the next reconciliation.
    """
    await must_be_live(desk)
    async with desk.trading:
        account = await desk.venue.account()
        position, held = held_position(symbol, await desk.ledger.live_positions(), account.positions)
        refuse_amount(symbol, amount, held, account)
        if own_margin(held) - seen > amount / 2:
            raise UserMistake(f"margin was added to {symbol} meanwhile; /margin {symbol} shows how it stands now")
        if any(one.coin == position.coin for one in await desk.ledger.injections()):
            raise UserMistake(f"an earlier amount for {symbol} is still under way; nothing was added")
        await desk.venue.bring_collateral(position.coin, amount)
        now = desk.clock.now_ms()
        asked = Injection(
            position.position_id, symbol, position.coin, amount, own_margin(held), now, desk.expiry(now), by
        )
        await desk.ledger.store(injections=[asked], at_ms=now)
        try:
            await desk.venue.add_margin(position.coin, amount, asked.expires_ms)
        except (VenueRefused, VenueUnavailable):
            await desk.ledger.store(injections=[replace(asked, state=InjectionState.FAILED)], at_ms=desk.clock.now_ms())
            raise
        added = await margin_added(desk, asked, await held_now(desk, position.coin))
        await desk.ledger.store(
            injections=[replace(asked, state=InjectionState.DONE)], events=[added], at_ms=desk.clock.now_ms()
        )
        return added


async def held_now(desk: Desk, coin: str) -> VenuePosition | None:
    """The venue's position; an outage right after the deed is no failure of the deed."""
    try:
        return (await desk.venue.account()).position(coin)
    except VenueUnavailable:
        return None


def refuse_amount(symbol: str, amount: Decimal, held: VenuePosition, account: Account) -> None:
    """Raises :class:`UserMistake` for what the venue would refuse."""
    if amount <= 0:
        raise UserMistake(f"{amount} USDC cannot be added; an amount above zero would be right")
    if not held.isolated:
        raise UserMistake(f"{symbol} is on cross margin: all free collateral stands behind it already")
    refuse_more_than(account.free, amount)


def refuse_more_than(free: Decimal, amount: Decimal) -> None:
    """Raises :class:`UserMistake` for an amount that is not free."""
    if amount > free:
        most = free.quantize(CENT, ROUND_DOWN)
        raise UserMistake(f"{amount} USDC are not free; at most {most} could be added")


async def settle_injections(desk: Desk, account: Account) -> None:
    """Find out what became of those without an answer. The caller holds ``desk.trading``."""
    open_ones = await desk.ledger.injections()
    live = {p.position_id for p in await desk.ledger.live_positions()} if open_ones else set()
    for one in open_ones:
        held = account.position(one.coin) if one.position_id in live else None
        if held is not None and arrived(one, held):
            events: list[Event] = [await margin_added(desk, one, held)]
            state = InjectionState.DONE
        elif account.time_ms > one.expires_ms:
            why = "it did not show at the venue" if held is not None else "the position is closed"
            events, state = [OrderFailed(one.symbol, MARGIN, why)], InjectionState.FAILED
        else:
            continue
        await desk.ledger.store(injections=[replace(one, state=state)], events=events, at_ms=desk.clock.now_ms())


async def margin_added(desk: Desk, done: Injection, held: VenuePosition | None) -> MarginAdded:
    """What is told of an amount that came in: how far away the liquidation is now."""
    position = next((p for p in await desk.ledger.live_positions() if p.position_id == done.position_id), None)
    found = danger(desk, position, held) if position is not None and held is not None else None
    distance = found.held.distance if found is not None else None
    liquidation = found.held.liquidation if found is not None else None
    return MarginAdded(done.symbol, done.amount, liquidation, distance, done.by)

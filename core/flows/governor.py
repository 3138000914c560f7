"""The governor at work: reads the equity every minute, takes transfers out, tells what changes, latches halts (SPEC R4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from core.desk import Desk
from core.events import EntriesHalted, Event, GovernorMoved, MoneyMoved
from core.risk.governor import Allowance, Standing, allowance, first_standing, govern
from core.trading.orders import Transfer
from core.trading.ports import Account

HALTED_BY = "the governor"
"""Who is named where a drawdown halts trading."""


async def watch_equity(desk: Desk, account: Account) -> Standing:
    """Take up a reading of the account; the standing, stored with what is told of it.

    The caller holds ``desk.trading``. Transfers are read after the account, so that none of them is in the equity and
    not known. Raises :class:`core.errors.VenueUnavailable`.
    """
    transfers, now, rules = await new_transfers(desk, account.time_ms), account.time_ms, desk.settings.governor
    equity = float(account.equity)
    async with desk.deciding:  # a resume stores the standing as well: none may overwrite what the other decided
        before = await desk.ledger.standing()
        if before is None:
            after = before = first_standing(equity, now)
        else:
            after = govern(before, equity, float(sum((t.amount for t in transfers), Decimal(0))), now, rules)
        events: list[Event] = [MoneyMoved(one.amount, one.kind, account.equity) for one in transfers]
        events += changes(before, after, desk)
        at_ms, switches = desk.clock.now_ms(), None
        if after.drawdown_halt and not before.drawdown_halt:
            switches = replace(await desk.ledger.switches(), halted=True, by=HALTED_BY, since_ms=at_ms)
        await desk.ledger.store(transfers=transfers, standing=after, switches=switches, events=events, at_ms=at_ms)
    return after


async def new_transfers(desk: Desk, until_ms: int) -> Sequence[Transfer]:
    """What moved since the book began or the last look, up to a venue time, and is not booked yet."""
    opening = await desk.ledger.opening(desk.venue.account_id)
    began = opening.at_ms if opening is not None else 0
    since = max(began + 1, desk.transfers_since_ms)
    booked = await desk.ledger.transfers(since)
    found = [one for one in await desk.venue.transfers(since) if one.time_ms <= until_ms]
    # Not by what was found: until it is stored it must be found again, or it would read as a gain or a loss.
    desk.transfers_since_ms = max((one.time_ms for one in booked), default=since)
    known = {one.transfer_id for one in booked}
    return [one for one in found if one.transfer_id not in known]


def changes(before: Standing, after: Standing, desk: Desk) -> list[Event]:
    """What is told of a new standing."""
    rules, events = desk.settings.governor, list[Event]()
    if after.tier != before.tier:
        now = allowance(after.tier, desk.settings.limits.positions, rules)
        events.append(GovernorMoved(before.tier, after.tier, after.drawdown, now.positions, now.risk, now.threshold))
    if after.day_halt and not before.day_halt:
        events.append(EntriesHalted("day", after.day_loss_share, rules.day_loss_halt))
    if after.drawdown_halt and not before.drawdown_halt:
        events.append(EntriesHalted("drawdown", after.drawdown, rules.drawdown_halt))
    return events


async def allowed(desk: Desk) -> Allowance:
    """What the governor allows now."""
    standing = await desk.ledger.standing()
    tier = standing.tier if standing is not None else 0
    return allowance(tier, desk.settings.limits.positions, desk.settings.governor)

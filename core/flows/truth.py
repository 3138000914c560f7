"""What the venue says now, read in an order that cannot mislead: orders before the account, money last.

A stop that fires between the two reads is then seen as "no stop, no position", never as an unprotected position.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.desk import Desk
from core.errors import VenueUnavailable
from core.trading.orders import OpenOrder
from core.trading.ports import Account


@dataclass(frozen=True, slots=True)
class Truth:
    """Resting orders and the account, one after the other."""

    orders: tuple[OpenOrder, ...]
    account: Account

    def of(self, coin: str) -> tuple[OpenOrder, ...]:
        """Resting orders of one coin."""
        return tuple(o for o in self.orders if o.coin == coin)


async def read_truth(desk: Desk) -> Truth:
    """The venue's present truth. Raises :class:`core.errors.VenueUnavailable`."""
    orders = tuple(await desk.venue.open_orders())
    return Truth(orders, await desk.venue.account())


async def look_fully(desk: Desk) -> Truth:
    """The truth that answers a nudge: one that comes while reading, or whose reading fails, stays to be answered."""
    desk.nudged = False
    try:
        return await read_truth(desk)
    except VenueUnavailable:
        desk.nudged = True
        raise


async def sync_money(desk: Desk) -> None:
    """Bring every new fill and funding settlement of the venue into the ledger.

    A little of what is known is read again: what happened in one moment, on several dexes, need not show in one.
    """
    late_ms = desk.settings.execution.late_ms
    fills = await desk.venue.fills(max(desk.began_ms, desk.fills_since_ms - late_ms))
    funding = await desk.venue.funding(max(desk.began_ms, desk.funding_since_ms - late_ms))
    await desk.ledger.store(fills=fills, funding=funding, at_ms=desk.clock.now_ms())
    desk.fills_since_ms = max((f.time_ms for f in fills), default=desk.fills_since_ms)
    desk.funding_since_ms = max((p.time_ms for p in funding), default=desk.funding_since_ms)

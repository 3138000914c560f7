"""Resting orders that no position of ours explains: one that we left over is taken back, a stranger's is told of once.

One that makes a position smaller is welcome, whoever placed it: after a book was lost, or on a second machine, it may
be the only stop there is. A stranger's order is never touched (only a flatten cancels everything), but its market is not entered while it rests.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.desk import Desk
from core.events import StrayOrder
from core.flows.live import reads_only
from core.flows.truth import Truth
from core.trading.orders import OpenOrder
from core.trading.positions import Position


async def look_at_stray_orders(desk: Desk, live: Sequence[Position], truth: Truth) -> None:
    """Cancel what is ours and belongs to nothing, tell of what is not ours. The caller holds ``desk.trading``."""
    known = {t.client_id for p in live for t in await desk.ledger.tickets(p.position_id)}
    strays = [o for o in truth.orders if o.client_id not in known and not guards(o, live, truth)]
    ours = [o for o in strays if o.is_ours]
    others = [o for o in strays if not o.is_ours]
    told = [stray(desk, o, ours=False) for o in others if (o.coin, o.venue_id) not in desk.strays]
    if ours and not await reads_only(desk):
        gone = await desk.venue.cancel([(o.coin, o.venue_id) for o in ours])
        told += [stray(desk, o, ours=True) for o, cancelled in zip(ours, gone, strict=True) if cancelled]
    if told:
        await desk.ledger.store(events=told, at_ms=desk.clock.now_ms())
    desk.strays = {(o.coin, o.venue_id) for o in others}


def guards(order: OpenOrder, live: Sequence[Position], truth: Truth) -> bool:
    """Whether an order only makes a position smaller, the book's or one that nobody has adopted yet: it is welcome."""
    sides = {(p.coin, p.side) for p in live} | {(p.coin, p.side) for p in truth.account.positions}
    return any(coin == order.coin and order.reduces(side) for coin, side in sides)


def stray(desk: Desk, order: OpenOrder, *, ours: bool) -> StrayOrder:
    """What is told of it; the market by our name where it has one."""
    symbol = next((m.symbol for m in desk.universe if m.coin == order.coin), order.coin)
    price = order.trigger if order.trigger is not None else order.limit
    return StrayOrder(symbol, order.is_buy, order.size, price, ours)

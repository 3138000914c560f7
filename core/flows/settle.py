"""The one door through which every closed position goes, whoever closed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.desk import Desk
from core.events import EdgeTurned, Event, TradeClosed
from core.flows.delistings import is_delisted
from core.flows.live import reads_only
from core.flows.shields import heard_of
from core.flows.truth import sync_money
from core.risk.kelly import risk_share, trade_stats
from core.trading.orders import Ticket
from core.trading.positions import ClosedTrade, CloseReason, Position, PositionState
from core.trading.settlement import closed_trade, foreign_passage, passage

FILL_SLACK_MS = 3_600_000
"""How far before the decision fills are read; ids, not times, decide which are the position's."""


async def settle(desk: Desk, position: Position, tickets: Sequence[Ticket]) -> Position | None:
    """Book a position that the venue no longer holds; ``None`` while its fills do not show a close.

    Trade, position and announcement are one transaction; orders of ours that still rest are cancelled first, so
    that nothing of a closed trade can act later.
    """
    await sync_money(desk)
    intents = {t.client_id: t.intent for t in tickets}
    fills = await desk.ledger.fills(position.decided_ms - FILL_SLACK_MS, position.coin)
    path = passage(fills, intents)
    if position.adopted or (not path.opened and position.opened_ms is not None):
        path = foreign_passage(fills, position)  # our own entry never arrived; what was held came from elsewhere
    if not path.flat:
        return None
    await cancel_leftovers(desk, position)
    funding = await desk.ledger.funding((path.opened or path.reduced)[0].time_ms, position.coin)
    trade = closed_trade(position, path, funding, intents)
    if trade.reason is CloseReason.FOREIGN and await is_delisted(desk, position.coin):
        trade = replace(trade, reason=CloseReason.DELISTED)
    closed = position.moved(PositionState.CLOSED, closed_ms=trade.closed_ms, reason=trade.reason)
    event = TradeClosed(trade, position.closed_by if trade.reason is position.reason else None)
    async with desk.deciding:
        verdict = await heard_of(desk, trade)
        await desk.ledger.store(
            positions=[closed],
            trade=trade,
            switches=verdict.switches,
            events=[event, *verdict.events, *await edge_turned(desk, trade)],
            at_ms=desk.clock.now_ms(),
        )
    desk.shields[trade.symbol] = verdict.shield
    return closed


async def edge_turned(desk: Desk, trade: ClosedTrade) -> list[Event]:
    """What a trade that is being booked changes about whether the track record shows an edge, said once (SPEC R1)."""
    rules = desk.settings.sizing
    before = [float(one.pnl) for one in await desk.ledger.trades(rules.kelly_trades)]
    stats = trade_stats([float(trade.pnl), *before], rules)
    share, probing = risk_share(stats, rules)
    _, probed = risk_share(trade_stats(before, rules), rules)
    return [] if probing is probed else [EdgeTurned(probing, stats.kelly, stats.trades, share)]


async def cancel_leftovers(desk: Desk, position: Position) -> None:
    """Cancel what still rests in the position's coin under our ids."""
    ours = {t.client_id for t in await desk.ledger.tickets(position.position_id)}
    left = [(o.coin, o.venue_id) for o in await desk.venue.open_orders() if o.client_id in ours]
    if left and not await reads_only(desk):
        await desk.venue.cancel(left)

"""Forget what nobody asks for any more: old update ids, outcomes of old scans, messages that were sent long ago.

Positions, orders, fills, funding, trades and the audit trail are never forgotten. An event that was not
announced, a message still waiting and an open question stay however old they are.
"""

from __future__ import annotations

from sqlalchemy import Delete, delete, select

from core.settings import Chat
from storage.database import Database
from storage.messages import DeliveryState
from storage.tables import CONTEXTS, DECISIONS, EVENTS, LIQUIDATIONS, OUTBOX, SCANS, STANDINGS_BEFORE, UPDATES

OVER = (DeliveryState.SENT.value, DeliveryState.ABANDONED.value)


async def prune(database: Database, chat: Chat, *, now_ms: int, market_ms: int) -> int:
    """Delete what is older than the settings keep; how many rows went. ``now_ms`` is wall time.

    Scans and events bear market time, so those of a simulated market age by ``market_ms``. Each table is a
    transaction of its own, so that nobody waits for all of them.
    """
    rules, gone = database.rules, 0
    waiting = select(OUTBOX.c.event_id).where(OUTBOX.c.event_id.is_not(None))
    old: tuple[Delete, ...] = (
        delete(UPDATES).where(UPDATES.c.seen_ms < now_ms - chat.update_memory_ms),
        delete(OUTBOX).where(OUTBOX.c.state.in_(OVER), OUTBOX.c.created_ms < now_ms - rules.message_memory_ms),
        delete(DECISIONS).where(DECISIONS.c.expires_ms < now_ms - rules.decision_memory_ms),
        delete(SCANS).where(SCANS.c.at_ms < market_ms - rules.scan_memory_ms),
        delete(CONTEXTS).where(CONTEXTS.c.at_ms < market_ms - rules.context_memory_ms),
        delete(STANDINGS_BEFORE).where(STANDINGS_BEFORE.c.at_ms < market_ms - rules.standing_memory_ms),
        delete(LIQUIDATIONS).where(LIQUIDATIONS.c.time_ms < market_ms - rules.liquidation_memory_ms),
        delete(EVENTS).where(
            EVENTS.c.announced.is_(True),
            EVENTS.c.at_ms < market_ms - rules.message_memory_ms,
            EVENTS.c.id.not_in(waiting),
        ),
    )
    for statement in old:
        async with database.writing() as connection:
            gone += (await connection.execute(statement)).rowcount
    return gone

"""What is old and over is forgotten; money, open questions and everything not yet said stay."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Table, func, select

from core.settings import Chat, Storage
from storage.audit import AuditTrail
from storage.database import Database
from storage.decisions import SqlDecisionStore
from storage.events import Events
from storage.ledger import SqlLedger
from storage.messages import Message, MessageKind
from storage.outbox import Outbox
from storage.retention import prune
from storage.tables import AUDIT, CONTEXTS, DECISIONS, EVENTS, FILLS, OUTBOX, OUTCOMES, SCANS, TRADES
from storage.updates import Updates
from tests.storage import samples

CHAT, RULES = Chat(), Storage()
DAY = 86_400_000
NOW = 1_800_000_000_000


async def count(database: Database, table: Table) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def forget(database: Database) -> int:
    return await prune(database, CHAT, now_ms=NOW, market_ms=NOW)


async def test_update_ids_are_remembered_for_two_days(database: Database) -> None:
    updates = Updates(database)
    await updates.seen(1, NOW - CHAT.update_memory_ms - 1)
    await updates.seen(2, NOW - CHAT.update_memory_ms)
    assert CHAT.update_memory_ms >= 2 * DAY
    assert await forget(database) == 1
    assert await updates.seen(2, NOW)
    assert not await updates.seen(1, NOW)


async def test_an_old_scan_goes_with_its_outcomes(database: Database) -> None:
    ledger = SqlLedger(database, "sim")
    await ledger.store_scan(samples.report("old", NOW - RULES.scan_memory_ms - 1))
    await ledger.store_scan(samples.report("new", NOW - RULES.scan_memory_ms))
    await forget(database)
    assert (await count(database, SCANS), await count(database, OUTCOMES)) == (1, 3)
    assert await ledger.last_scan() == samples.report("new", NOW - RULES.scan_memory_ms)


async def test_old_contexts_go(database: Database) -> None:
    ledger = SqlLedger(database, "sim")
    for at_ms in (NOW - RULES.context_memory_ms - 1, NOW - RULES.context_memory_ms):
        await ledger.store(contexts=samples.contexts(at_ms), at_ms=at_ms)
    assert await forget(database) == 2
    assert await count(database, CONTEXTS) == 2


async def test_the_old_way_of_the_equity_goes_and_the_present_standing_stays(database: Database) -> None:
    ledger = SqlLedger(database, "sim")
    old = NOW - RULES.standing_memory_ms - 1
    await ledger.store(standing=replace(samples.standing(), at_ms=old), at_ms=old)
    assert await forget(database) == 1
    assert list(await ledger.standings(0)) == []
    assert await ledger.standing() == replace(samples.standing(), at_ms=old)


async def test_old_liquidations_go_and_what_they_came_to_stays(database: Database) -> None:
    ledger = SqlLedger(database, "sim")
    old = NOW - RULES.liquidation_memory_ms - 1
    await ledger.store(liquidations=samples.liquidations(old), exhaustions=[samples.exhaustion(old)], at_ms=old)
    assert await forget(database) == 2
    assert list(await ledger.exhaustions(5)) == [samples.exhaustion(old)]


async def test_old_messages_go_when_they_were_said_and_stay_while_they_wait(database: Database) -> None:
    outbox, old = Outbox(database), NOW - RULES.message_memory_ms - 1
    said, given_up, waits = await outbox.put([Message(n, MessageKind.TEXT, {}, old) for n in (1, 2, 3)])
    [fresh] = await outbox.put([Message(4, MessageKind.TEXT, {}, NOW)])
    for number in (said, fresh):
        await outbox.sent(number, 1)
    await outbox.abandon(given_up, "stale")
    assert await forget(database) == 2
    assert await count(database, OUTBOX) == 2
    assert [out.id for out in await outbox.pending(NOW)] == [waits]


async def test_old_events_go_when_they_were_told_and_stay_while_a_message_speaks_of_them(database: Database) -> None:
    ledger, events, outbox = SqlLedger(database, "sim"), Events(database, "sim"), Outbox(database)
    old = NOW - RULES.message_memory_ms - 1
    await ledger.store(events=[samples.opened(1), samples.opened(2), samples.opened(3)], at_ms=old)
    told, speaking, _ = [stored.event_id for stored in await events.unannounced(9)]
    await outbox.put([], event_id=told)
    await outbox.put([Message(1, MessageKind.TEXT, {}, NOW)], event_id=speaking)
    assert await forget(database) == 1
    assert [stored.event for stored in await events.unannounced(9)] == [samples.opened(3)]
    assert await count(database, EVENTS) == 2


async def test_the_number_of_a_forgotten_event_is_never_given_again(database: Database) -> None:
    ledger, events, outbox = SqlLedger(database, "sim"), Events(database, "sim"), Outbox(database)
    await ledger.store(events=[samples.opened()], at_ms=1)
    [first] = await events.unannounced(9)
    await outbox.put([], event_id=first.event_id)
    await forget(database)
    await ledger.store(events=[samples.closed()], at_ms=NOW)
    [second] = await events.unannounced(9)
    assert second.event_id > first.event_id


async def test_questions_go_long_after_they_expired(database: Database) -> None:
    store, expired = SqlDecisionStore(database), NOW - RULES.decision_memory_ms - 1
    await store.offer(samples.decision("a" * 22, expires_ms=expired))
    await store.offer(samples.decision("b" * 22, expires_ms=expired + 1))
    await forget(database)
    assert await count(database, DECISIONS) == 1


async def test_money_and_the_audit_trail_are_never_forgotten(database: Database) -> None:
    ledger = SqlLedger(database, "sim")
    await ledger.store(fills=[samples.fill(time_ms=1)], trade=replace(samples.trade(), closed_ms=1), at_ms=1)
    await AuditTrail(database).append(7, "/close", "BTC", "accepted", 1)
    assert await forget(database) == 0
    assert [await count(database, table) for table in (FILLS, TRADES, AUDIT)] == [1, 1, 1]

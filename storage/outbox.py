"""What is still to be said, in order per chat, until it was said or given up.

A message is marked before the call that sends it and after its answer. One found marked at the start may or may not
have arrived: it is said once more, bearing its alert id, and never a third time (SPEC §9). Where that one's outcome is
not known either, a message of its own says so and what it was: nothing is lost in silence. Sending itself, its limits and
its pauses are the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from locales.texts import Texts, supported
from storage.database import Database, nobody
from storage.messages import DeliveryState, Message, Outgoing, owned_up
from storage.outbox_rows import outgoing, row_of_message
from storage.tables import EVENTS
from storage.tables import OUTBOX as BOX

PENDING, SENDING = DeliveryState.PENDING.value, DeliveryState.SENDING.value
SENT, ABANDONED = DeliveryState.SENT.value, DeliveryState.ABANDONED.value
OVERTAKEN = "overtaken by a newer one"
UNKNOWN_TWICE = "outcome unknown twice"


class Outbox:
    """Messages of all chats. ``rung`` is called after messages were committed."""

    def __init__(self, database: Database, rung: Callable[[], None] = nobody) -> None:
        self._database = database
        self._rung = rung

    async def put(self, messages: Sequence[Message], event_id: int | None = None) -> Sequence[int]:
        """Store messages and mark their event announced, in one transaction; the numbers of what was stored.

        A chat that already has messages of this event gets none again. A waiting message of the same chat and
        coalesce key gives way, and its successor takes its place in the order.
        """
        async with self._database.writing() as connection:
            told = set() if event_id is None else await _announce(connection, event_id)
            new = [message for message in messages if message.chat_id not in told]
            numbers = [await _put(connection, message, event_id) for message in new]
        if numbers:
            self._rung()
        return numbers

    async def pending(self, now_ms: int) -> Sequence[Outgoing]:
        """The next message of every chat that has one due, alerts first.

        A message being retried holds up what comes after it in its chat; one in flight holds up its chat; one that
        was deferred from the start holds up nothing.
        """
        return await self._heads(now_ms, None)

    async def next_for(self, chat_id: int, now_ms: int) -> Outgoing | None:
        """The next message of one chat, if one is due."""
        return next(iter(await self._heads(now_ms, chat_id)), None)

    async def _heads(self, now_ms: int, chat_id: int | None) -> Sequence[Outgoing]:
        in_flight = select(BOX.c.chat_id).where(BOX.c.state == SENDING)
        waiting = (BOX.c.state == PENDING) & or_(BOX.c.attempts > 0, BOX.c.not_before_ms <= now_ms)
        waiting &= BOX.c.chat_id.not_in(in_flight)
        if chat_id is not None:
            waiting &= BOX.c.chat_id == chat_id
        place = func.row_number().over(partition_by=BOX.c.chat_id, order_by=(BOX.c.rank, BOX.c.id)).label("place")
        heads = select(BOX.c.id, place).where(waiting).subquery()
        query = select(BOX).join(heads, heads.c.id == BOX.c.id).where(heads.c.place == 1, BOX.c.not_before_ms <= now_ms)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query.order_by(BOX.c.rank, BOX.c.id))).mappings().all()
        return [outgoing(row) for row in rows]

    async def next_due_ms(self) -> int | None:
        """When the earliest waiting message may go; ``None`` when none waits."""
        async with self._database.reading() as connection:
            query = select(func.min(BOX.c.not_before_ms)).where(BOX.c.state == PENDING)
            due: int | None = (await connection.execute(query)).scalar_one()
        return due

    async def waiting(self) -> int:
        """How many messages have not been sent or given up."""
        async with self._database.reading() as connection:
            query = select(func.count()).select_from(BOX).where(BOX.c.state.in_((PENDING, SENDING)))
            return int((await connection.execute(query)).scalar_one())

    async def sending(self, number: int) -> bool:
        """Mark that the call begins now; whether the message was waiting (if not, it must not be sent)."""
        values = {"state": SENDING, "attempts": BOX.c.attempts + 1}
        async with self._database.writing() as connection:
            result = await connection.execute(
                update(BOX).where(BOX.c.id == number, BOX.c.state == PENDING).values(values)
            )
        return result.rowcount == 1

    async def sent(self, number: int, message_id: int | None) -> None:
        """It arrived, as this message of its chat. The picture is forgotten."""
        await self._end(number, state=SENT, message_id=message_id, photo=None)

    async def abandon(self, number: int, why: str) -> None:
        """Give it up."""
        await self._end(number, state=ABANDONED, why=why, photo=None)

    async def abandon_chat(self, chat_id: int, why: str) -> int:
        """Give up everything waiting for a chat that does not take messages any more; how many."""
        there = update(BOX).where(BOX.c.chat_id == chat_id, BOX.c.state.in_((PENDING, SENDING)))
        async with self._database.writing() as connection:
            result = await connection.execute(there.values(state=ABANDONED, why=why, photo=None))
        return int(result.rowcount)

    async def _end(self, number: int, **values: object) -> None:
        async with self._database.writing() as connection:
            await connection.execute(update(BOX).where(BOX.c.id == number).values(**values))

    async def retry(self, number: int, not_before_ms: int) -> None:
        """It surely did not arrive: again, not before that time. It keeps its place in its chat."""
        async with self._database.writing() as connection:
            await _again(connection, await _message(connection, number), not_before_ms, counted=False)

    async def unsure(self, number: int, not_before_ms: int) -> bool:
        """No answer came: say it once more; whether that is still allowed. Edits may always be repeated."""
        async with self._database.writing() as connection:
            return await _again(connection, await _message(connection, number), not_before_ms, counted=True)

    async def ambiguous(self) -> Sequence[Outgoing]:
        """Call once at start: messages whose call was begun and never answered, put back to be said once more.

        One that had been repeated before is given up instead.
        """
        async with self._database.writing() as connection:
            query = select(BOX).where(BOX.c.state == SENDING).order_by(BOX.c.id)
            begun = [outgoing(row) for row in (await connection.execute(query)).mappings().all()]
            again = [out.id for out in begun if await _again(connection, out, 0, counted=True)]
            return [await _message(connection, number) for number in again]


async def _announce(connection: AsyncConnection, event_id: int) -> set[int]:
    """Mark the event; the chats that have messages of it. The mark makes a second caller wait for the first."""
    await connection.execute(update(EVENTS).where(EVENTS.c.id == event_id).values(announced=True))
    told = await connection.execute(select(BOX.c.chat_id).where(BOX.c.event_id == event_id))
    return set(told.scalars())


async def _put(connection: AsyncConnection, message: Message, event_id: int | None) -> int:
    row = row_of_message(message, event_id)
    if message.coalesce_key is not None:
        same = (
            (BOX.c.chat_id == message.chat_id) & (BOX.c.coalesce_key == message.coalesce_key) & (BOX.c.state == PENDING)
        )
        kept = {name: row[name] for name in row if name not in ("state", "attempts", "repeats", "not_before_ms")}
        kept["not_before_ms"] = case((BOX.c.attempts > 0, BOX.c.not_before_ms), else_=message.not_before_ms)
        number = (await connection.execute(update(BOX).where(same).values(kept).returning(BOX.c.id))).scalar()
        if number is not None:
            return int(number)
    return int((await connection.execute(insert(BOX).values(row).returning(BOX.c.id))).scalar_one())


async def _message(connection: AsyncConnection, number: int) -> Outgoing:
    return outgoing((await connection.execute(select(BOX).where(BOX.c.id == number))).mappings().one())


async def _again(connection: AsyncConnection, out: Outgoing, not_before_ms: int, *, counted: bool) -> bool:
    """Put a message back in line, unless a newer one overtook it or it was repeated already."""
    counts = counted and not out.message.kind.is_repeatable
    why = ""
    if await _is_overtaken(connection, out):
        why = OVERTAKEN
    elif counts and out.repeats:
        why = UNKNOWN_TWICE
    values = {"state": PENDING, "not_before_ms": not_before_ms, "repeats": out.repeats + counts}
    ended = {"state": ABANDONED, "why": why, "photo": None}
    await connection.execute(update(BOX).where(BOX.c.id == out.id).values(ended if why else values))
    if why == UNKNOWN_TWICE:
        await _own_up(connection, out)
    return not why


async def _own_up(connection: AsyncConnection, out: Outgoing) -> None:
    """Line up the message that says what may not have arrived."""
    texts = Texts(supported(out.message.payload.get("locale")))
    first = out.message.payload.get("unsure") or {"id": out.alert_id}
    await _put(connection, owned_up(out, texts("alert-unsure", id=first["id"])), None)


async def _is_overtaken(connection: AsyncConnection, out: Outgoing) -> bool:
    if out.message.coalesce_key is None:
        return False
    same = (BOX.c.chat_id == out.message.chat_id) & (BOX.c.coalesce_key == out.message.coalesce_key)
    newer = select(BOX.c.id).where(same, BOX.c.state == PENDING, BOX.c.id > out.id).limit(1)
    return (await connection.execute(newer)).first() is not None

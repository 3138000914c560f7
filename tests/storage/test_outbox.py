"""Nothing said is lost, nothing is said more than twice, and each chat hears it in order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from storage.database import Database
from storage.events import Events
from storage.ledger import SqlLedger
from storage.messages import DeliveryState, Message, MessageKind, Outgoing, Priority, alert_id
from storage.outbox import Outbox
from tests.storage.samples import closed, opened

ANN, BOB, NOW = 101, 102, 1_000_000


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database)


def text(words: str, chat_id: int = ANN, **changes: Any) -> Message:
    return Message(chat_id, changes.pop("kind", MessageKind.TEXT), {"text": words}, NOW, **changes)


def edit(words: str, key: str = "status", **changes: Any) -> Message:
    return text(words, kind=MessageKind.EDIT, priority=Priority.EDIT, coalesce_key=key, **changes)


def words(found: list[Outgoing] | tuple[Outgoing, ...] | Any) -> list[str]:
    return [out.message.payload["text"] for out in found]


async def spoken(outbox: Outbox, now_ms: int = NOW) -> list[str]:
    """Send everything that is due, one message of each chat at a time."""
    said = []
    while heads := await outbox.pending(now_ms):
        for out in heads:
            assert await outbox.sending(out.id)
            await outbox.sent(out.id, 1)
            said += words([out])
    return said


async def test_a_message_comes_out_as_it_went_in(outbox: Outbox) -> None:
    payload = {"text": "µ €", "entities": [{"offset": 0}], "price": Decimal("1.10")}
    whole = Message(ANN, MessageKind.PHOTO, payload, NOW, Priority.REPORT, b"\x89PNG\x00", "key", True, NOW - 1)
    [number] = await outbox.put([whole])
    [out] = await outbox.pending(NOW)
    assert out.id == number
    assert out.message.payload == payload | {"price": "1.10"}
    assert (out.message.photo, out.message.silent, out.message.coalesce_key) == (b"\x89PNG\x00", True, "key")
    assert (out.state, out.attempts, out.repeats) == (DeliveryState.PENDING, 0, 0)


async def test_each_chat_gets_its_messages_in_order_one_at_a_time(outbox: Outbox) -> None:
    await outbox.put([text("a1"), text("b1", BOB), text("a2"), text("b2", BOB)])
    assert words(await outbox.pending(NOW)) == ["a1", "b1"]
    assert await spoken(outbox) == ["a1", "b1", "a2", "b2"]


async def test_alerts_go_before_replies_before_edits_before_reports(outbox: Outbox) -> None:
    for priority in reversed(Priority):
        await outbox.put([text(priority.value, priority=priority)])
    assert await spoken(outbox) == ["alert", "reply", "edit", "report"]


async def test_a_message_in_flight_holds_up_its_chat_and_no_other(outbox: Outbox) -> None:
    await outbox.put([text("a1"), text("a2"), text("b1", BOB)])
    [first, _] = await outbox.pending(NOW)
    await outbox.sending(first.id)
    assert words(await outbox.pending(NOW)) == ["b1"]
    assert await outbox.next_for(ANN, NOW) is None
    await outbox.sent(first.id, 7)
    assert words([await outbox.next_for(ANN, NOW)]) == ["a2"]


async def test_a_message_is_begun_once(outbox: Outbox) -> None:
    [number] = await outbox.put([text("a1")])
    assert await outbox.sending(number)
    assert not await outbox.sending(number)


async def test_a_retried_message_keeps_its_place(outbox: Outbox) -> None:
    await outbox.put([text("a1"), text("a2")])
    [first] = await outbox.pending(NOW)
    await outbox.sending(first.id)
    await outbox.retry(first.id, NOW + 500)
    assert list(await outbox.pending(NOW + 499)) == []
    assert await spoken(outbox, NOW + 500) == ["a1", "a2"]


async def test_an_alert_overtakes_a_retried_edit(outbox: Outbox) -> None:
    [number] = await outbox.put([edit("e1")])
    await outbox.sending(number)
    await outbox.retry(number, NOW + 500)
    await outbox.put([text("alert")])
    assert words(await outbox.pending(NOW)) == ["alert"]


async def test_a_deferred_message_holds_up_nothing(outbox: Outbox) -> None:
    await outbox.put([text("morning digest", not_before_ms=NOW + 9), text("now")])
    assert await spoken(outbox) == ["now"]
    assert await outbox.next_due_ms() == NOW + 9
    assert await spoken(outbox, NOW + 9) == ["morning digest"]
    assert await outbox.next_due_ms() is None


async def test_of_edits_with_one_key_only_the_latest_is_made(outbox: Outbox) -> None:
    await outbox.put([edit("e1"), edit("other", "menu"), edit("b", chat_id=BOB)])
    await outbox.put([edit("e2")])
    await outbox.put([edit("e3")])
    assert await outbox.waiting() == 3
    assert await spoken(outbox) == ["e3", "b", "other"]


async def test_an_edit_in_flight_is_followed_by_the_newer_one(outbox: Outbox) -> None:
    [first] = await outbox.put([edit("e1")])
    await outbox.sending(first)
    [second] = await outbox.put([edit("e2")])
    assert second != first
    await outbox.sent(first, 5)
    assert await spoken(outbox) == ["e2"]


async def test_a_failed_edit_gives_way_to_the_newer_one(outbox: Outbox) -> None:
    [first] = await outbox.put([edit("e1")])
    await outbox.sending(first)
    await outbox.put([edit("e2")])
    await outbox.retry(first, NOW)
    assert await spoken(outbox) == ["e2"]


async def test_a_newer_edit_waits_as_long_as_the_chat_was_told_to(outbox: Outbox) -> None:
    [first] = await outbox.put([edit("e1")])
    await outbox.sending(first)
    await outbox.retry(first, NOW + 500)
    await outbox.put([edit("e2")])
    assert list(await outbox.pending(NOW)) == []
    assert await spoken(outbox, NOW + 500) == ["e2"]


async def test_what_was_in_flight_at_a_crash_is_said_once_more_and_never_a_third_time(outbox: Outbox) -> None:
    [number] = await outbox.put([text("a1")])
    await outbox.sending(number)
    [again] = await outbox.ambiguous()
    assert (again.id, again.repeats, again.alert_id) == (number, 1, str(number))
    await outbox.sending(number)
    assert list(await outbox.ambiguous()) == []
    assert await spoken(outbox) == [f"⚠️ Alert {alert_id(number)} may not have reached you. It said:\na1"]


async def test_a_repeated_message_goes_out_before_what_came_after_it(outbox: Outbox) -> None:
    await outbox.put([text("a1"), text("a2")])
    [first] = await outbox.pending(NOW)
    await outbox.sending(first.id)
    await outbox.ambiguous()
    assert await spoken(outbox) == ["a1", "a2"]


async def test_an_unanswered_call_may_be_repeated_once(outbox: Outbox) -> None:
    [number] = await outbox.put([text("a1")])
    await outbox.sending(number)
    assert await outbox.unsure(number, NOW + 1)
    await outbox.sending(number)
    assert not await outbox.unsure(number, NOW + 2)
    [instead] = await outbox.pending(NOW + 2)
    assert instead.message.payload["text"] == f"⚠️ Alert {alert_id(number)} may not have reached you. It said:\na1"
    for _ in range(2):
        await outbox.sending(instead.id)
        await outbox.unsure(instead.id, NOW + 2)
    [again] = await outbox.pending(NOW + 2)
    assert again.id != instead.id
    assert again.message.payload["text"] == instead.message.payload["text"], (
        "what it was is said, not what was said of it"
    )


async def test_an_edit_may_be_repeated_as_often_as_needed(outbox: Outbox) -> None:
    [number] = await outbox.put([edit("e1")])
    for _ in range(4):
        await outbox.sending(number)
        assert await outbox.unsure(number, NOW)
    [out] = await outbox.pending(NOW)
    assert (out.repeats, out.attempts) == (0, 4)


async def test_what_was_given_up_is_not_sent(outbox: Outbox) -> None:
    [first, _] = await outbox.put([text("a1"), text("a2")])
    await outbox.abandon(first, "stale")
    assert await spoken(outbox) == ["a2"]


async def test_a_chat_that_blocked_us_is_given_up_as_a_whole(outbox: Outbox) -> None:
    await outbox.put([text("a1"), text("a2"), text("b1", BOB)])
    assert await outbox.abandon_chat(ANN, "bot was blocked by the user") == 2
    assert await spoken(outbox) == ["b1"]


async def test_alert_ids_are_short_and_differ(outbox: Outbox) -> None:
    await outbox.put([text(str(n), chat_id=n) for n in range(1, 101)])
    names = {out.alert_id for out in await outbox.pending(NOW)}
    assert len(names) == 100
    assert max(map(len, names)) <= 2


async def test_the_sender_is_woken_after_messages_were_stored(database: Database) -> None:
    rung: list[bool] = []
    outbox = Outbox(database, lambda: rung.append(True))
    await outbox.put([])
    assert rung == []
    await outbox.put([text("a1")])
    assert rung == [True]


async def announced(database: Database) -> tuple[Events, list[int]]:
    await SqlLedger(database, "sim").store(events=[opened(), closed()], at_ms=NOW)
    events = Events(database, "sim")
    return events, [stored.event_id for stored in await events.unannounced(10)]


async def test_storing_the_messages_of_an_event_marks_it_announced(outbox: Outbox, database: Database) -> None:
    events, [first, second] = await announced(database)
    await outbox.put([text("opened"), text("opened", BOB)], event_id=first)
    assert [stored.event_id for stored in await events.unannounced(10)] == [second]
    await outbox.put([], event_id=second)
    assert list(await events.unannounced(10)) == []


async def test_an_event_is_told_to_a_chat_once(outbox: Outbox, database: Database) -> None:
    _, [first, _] = await announced(database)
    assert len(await outbox.put([text("opened"), text("and its picture")], event_id=first)) == 2
    assert len(await outbox.put([text("opened"), text("opened", BOB)], event_id=first)) == 1
    assert await spoken(outbox) == ["opened", "opened", "and its picture"]

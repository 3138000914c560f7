"""What waits to be said is said: once, in order, through every trouble that the local Telegram can make."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram.types import MessageEntity

from bot.delivery import fitted, units
from storage.database import Database
from storage.messages import Message, MessageKind, Priority
from tests.handlers.fixtures import make_blank, open_blank, open_office
from tests.handlers.office import Office, shown

ANN = 1001

__all__ = ["make_blank", "open_blank", "open_office"]


def text(words: str, chat_id: int = ANN, **more: Any) -> Message:
    return Message(chat_id, MessageKind.TEXT, {"text": words, "entities": [], "locale": "en"}, 0, **more)


def said(office: Office, part: str, chat: int | str = "private") -> list[str]:
    """What the bot said in a chat that contains ``part``, oldest first."""
    return [shown(m) for m in office.chat.messages(chat) if part in shown(m)]


async def test_messages_of_a_chat_keep_their_order(office: Office) -> None:
    await office.outbox.put([text(f"line {number}") for number in range(6)])
    await office.chat.wait_text("line 5")
    assert said(office, "line ") == [f"line {number}" for number in range(6)]


async def test_a_429_holds_its_chat_and_nothing_is_lost_or_doubled(office: Office) -> None:
    await office.chat.fault("too_many_requests", method="sendMessage", seconds=1)
    await office.outbox.put([text("first"), text("second")])
    await office.chat.wait_text("second")
    assert said(office, "first") == ["first"]
    assert said(office, "second") == ["second"]
    order = [m["message_id"] for m in office.chat.messages() if shown(m) in ("first", "second")]
    assert order == sorted(order)


async def test_server_errors_are_waited_out(office: Office) -> None:
    await office.chat.fault("server_error", method="sendMessage", times=4, code=502)
    await office.outbox.put([text("after the storm")])
    await office.chat.wait_text("after the storm")
    assert said(office, "after the storm") == ["after the storm"]


async def test_an_unknown_outcome_is_said_once_more_with_its_alert_id(office: Office) -> None:
    await office.chat.fault("drop", method="sendMessage", when="after")
    (number,) = await office.outbox.put([text("did it arrive")])
    await office.chat.wait_text("said again, alert")
    told = said(office, "did it arrive")
    assert told[0] == "did it arrive"
    assert len(told) == 2
    assert number


async def test_a_message_whose_outcome_is_unknown_twice_is_never_said_a_third_time(office: Office) -> None:
    await office.chat.fault("drop", method="sendMessage", when="after", times=2)
    await office.outbox.put([text("twice"), text("and on")])
    await office.chat.wait_text("and on")
    assert len(said(office, "twice")) == 2


async def test_a_person_who_blocks_the_bot_is_left_alone_and_told_again_when_back(office: Office) -> None:
    await office.chat.fault("blocked", chat=ANN)
    await office.outbox.put([text("nobody listens")])
    await office.side.courier.flush()
    assert await office.outbox.waiting() == 0
    await office.chat.fault("unblocked", chat=ANN)
    assert await office.ask("/start", "You own this desk")
    await office.outbox.put([text("welcome back")])
    assert await office.chat.wait_text("welcome back")
    assert said(office, "nobody listens") == []


async def test_a_group_that_moved_is_told_under_its_new_number(office: Office) -> None:
    group = office.chat.chat_id("group")
    await office.chat.fault("migrated", chat=group)
    await office.outbox.put([text("for followers", group)])
    await office.chat.wait_text("for followers", chat="group")
    assert office.chat.chat_id("group") != group


async def test_what_telegram_will_never_take_does_not_hold_up_the_rest(office: Office) -> None:
    bad = Message(ANN, MessageKind.EDIT, {"text": "edit", "entities": [], "message_id": 987654}, 0)
    await office.outbox.put([bad, text("goes on")])
    assert await office.chat.wait_text("goes on")
    await office.side.courier.flush()
    assert await office.outbox.waiting() == 0


async def test_a_picture_that_is_not_taken_does_not_cost_its_words(office: Office) -> None:
    payload = {"text": "words of the picture", "entities": [], "locale": "en"}
    await office.outbox.put([Message(ANN, MessageKind.PHOTO, payload, 0, photo=b"this is no picture")])
    arrived = await office.chat.wait_text("words of the picture")
    assert "photo" not in arrived


async def test_an_alert_overtakes_a_report(office: Office) -> None:
    await office.shut()
    await office.outbox.put([text("report", priority=Priority.REPORT), text("alert", priority=Priority.ALERT)])
    await office.open()
    await office.chat.wait_text("report")
    assert [shown(m) for m in office.chat.messages() if shown(m) in ("report", "alert")] == ["alert", "report"]


async def test_what_a_crash_cut_off_is_said_once_more_after_the_restart(office: Office) -> None:
    await office.shut()
    (number,) = await office.outbox.put([text("cut off")])
    await office.outbox.sending(number)
    await office.open()
    repeated = await office.chat.wait_text("cut off")
    assert "said again, alert" in shown(repeated)
    assert said(office, "cut off") == [shown(repeated)]


async def test_stopping_says_what_waits(office: Office) -> None:
    await office.outbox.put([text(f"last words {number}") for number in range(3)])
    await office.shut()
    assert await office.outbox.waiting() == 0
    assert len(await office.chat.log("sendMessage")) >= 3


async def test_a_long_text_is_cut_at_a_line_and_keeps_its_entities(office: Office) -> None:
    lines = "\n".join(f"🟢 line {number:04d}" for number in range(600))
    payload = {"text": lines, "entities": [{"type": "bold", "offset": 0, "length": units(lines)}], "locale": "en"}
    await office.outbox.put([Message(ANN, MessageKind.TEXT, payload, 0)])
    arrived = await office.chat.wait_text("line 0000")
    assert units(shown(arrived)) <= 4096
    assert shown(arrived).endswith("\n…")
    assert arrived["entities"][0]["length"] <= 4096


@pytest.mark.parametrize("most", range(100, 112))
def test_cutting_never_splits_a_character(most: int) -> None:
    cut, entities = fitted("🟢" * 200, [MessageEntity(type="bold", offset=90, length=50)], most)
    assert units(cut) <= most
    assert set(cut) <= set("🟢\n…")
    assert all(entity.offset + entity.length <= units(cut) for entity in entities)


async def test_a_restart_repeats_nothing_that_was_said(office: Office, database: Database) -> None:
    await office.outbox.put([text("once only")])
    await office.chat.wait_text("once only")
    await office.shut()
    await office.open()
    await office.told("SIM")
    assert said(office, "once only") == ["once only"]

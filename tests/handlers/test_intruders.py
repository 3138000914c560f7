"""What strangers, followers and forgers achieve: nothing; and it is written down."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from aiogram.types import Update

from core.settings import Chat
from storage.database import Database
from tests.handlers.office import Office, captions, shown


async def open_question(office: Office) -> dict[str, Any]:
    """Ann is asked whether to close BTC."""
    await office.stage.open("BTC")
    return await office.ask("/close BTC", "Close BTC long?")


async def test_a_stranger_is_ignored_and_counted(office: Office) -> None:
    await office.stage.open("BTC")
    for text in ("/start", "/status", "/flatten", "hello"):
        await office.chat.say("Sam", text)
    await office.told("SIM")
    assert [shown(m) for m in office.chat.messages("private", "Sam")] == ["/start", "/status", "/flatten", "hello"]
    assert await office.audit.strangers() == 4
    assert {line.what for line in await office.attempts("stranger")} >= {"/start", "/flatten"}
    assert await office.live() == ["BTC"]


async def test_a_follower_in_the_group_reads_without_amounts_and_cannot_act(office: Office) -> None:
    await office.stage.open("BTC")
    answer = await office.ask("/positions", "1 open", who="Fay", chat="group")
    assert "10,000" not in shown(answer)
    assert "Size" not in shown(answer)
    assert "reply_markup" not in answer
    await office.chat.say("Fay", "/flatten", "group")
    await office.chat.say("Fay", "/close BTC", "group")
    await office.told("SIM")
    assert [line.what for line in await office.attempts("follower")] == ["/close", "/flatten"]
    assert not any("Close" in shown(m) for m in office.chat.messages("group"))
    assert await office.live() == ["BTC"]


async def test_the_owner_cannot_act_in_the_group_either(office: Office) -> None:
    await office.chat.say("Ann", "/pause", "group")
    await office.told("trading")
    assert (await office.ledger.switches()).paused is False
    assert [line.what for line in await office.attempts("follower")] == ["/pause"]


async def test_an_anonymous_group_admin_achieves_nothing(office: Office) -> None:
    await office.stage.open("BTC")
    await office.chat.say("anonymous", "/flatten", "group")
    await office.chat.say("anonymous", "/status", "group")
    await office.told("SIM")
    assert [line.what for line in await office.attempts("anonymous")] == ["/status", "/flatten"]
    assert [shown(m) for m in office.chat.messages("group") if shown(m)][-2:] == ["/flatten", "/status"]
    assert await office.live() == ["BTC"]


async def test_a_forwarded_command_is_not_carried_out(office: Office) -> None:
    await office.chat.say("Ann", "/pause", forward_from="Sam")
    answer = await office.chat.wait_text("Forwarded messages are not carried out")
    assert answer
    assert (await office.ledger.switches()).paused is False
    assert [line.what for line in await office.attempts("forwarded")] == ["/pause"]


async def test_an_old_command_is_refused_after_an_outage(office: Office) -> None:
    await office.chat.say("Ann", "/pause", ago=600)
    assert await office.chat.wait_text("more than two minutes old")
    assert (await office.ledger.switches()).paused is False
    assert [line.what for line in await office.attempts("stale")] == ["/pause"]


async def test_a_replayed_button_does_nothing_a_second_time(office: Office) -> None:
    asked = await open_question(office)
    data = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await office.chat.tap("Ann", asked, text="Close BTC long")
    await office.chat.wait_for(lambda m: "Closed · Ann" in str(captions(m)))
    await office.stage.pass_time(office.settings.limits.cooldown_ms)
    await office.stage.open("BTC")
    assert await office.live() == ["BTC"]
    query = await office.chat.forge("Ann", "private", asked["message_id"], data)
    answer = await office.chat.wait_answer("Ann", query)
    assert (answer["text"], answer["alert"]) == ("This was decided already.", True)
    assert await office.live() == ["BTC"]
    assert [line.outcome for line in await office.attempts("used")] == ["used"]


async def test_a_late_button_is_refused_and_its_keyboard_put_away(office: Office) -> None:
    asked = await open_question(office)
    data = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    office.wall.ahead_ms += office.settings.chat.decision_ms + 1
    query = await office.chat.forge("Ann", "private", asked["message_id"], data)
    answer = await office.chat.wait_answer("Ann", query)
    assert answer["alert"]
    assert "Too late" in answer["text"]
    await office.chat.wait_for(lambda m: m["message_id"] == asked["message_id"] and captions(m) == ["⌛ Expired"])
    assert await office.live() == ["BTC"]
    assert await office.attempts("expired")


async def test_a_question_that_nobody_answers_puts_its_buttons_away_by_itself(office: Office) -> None:
    asked = await open_question(office)
    office.wall.ahead_ms += office.settings.chat.decision_ms + 1
    await office.chat.wait_for(lambda m: m["message_id"] == asked["message_id"] and captions(m) == ["⌛ Expired"])
    assert await office.live() == ["BTC"]


async def test_of_a_double_tap_exactly_one_closes(office: Office) -> None:
    asked = await open_question(office)
    data = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    forge = office.chat.forge
    queries = await asyncio.gather(*(forge("Ann", "private", asked["message_id"], data) for _ in range(2)))
    answers = [(await office.chat.wait_answer("Ann", query))["text"] for query in queries]
    assert sorted(answers) == ["This was decided already.", "Working …"]
    await office.chat.wait_for(lambda m: "Closed · Ann" in str(captions(m)))
    assert len(await office.ledger.trades(10)) == 1
    assert len(await office.attempts("used")) == 1


async def test_a_forged_callback_finds_no_question(office: Office) -> None:
    asked = await open_question(office)
    query = await office.chat.forge("Ann", "private", asked["message_id"], "d:AAAAAAAAAAAAAAAA:1")
    answer = await office.chat.wait_answer("Ann", query)
    assert (answer["text"], answer["alert"]) == ("This button has expired.", True)
    assert await office.live() == ["BTC"]
    assert await office.attempts("unknown")


async def test_a_true_nonce_on_another_message_is_refused(office: Office) -> None:
    asked = await open_question(office)
    data = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    other = await office.ask("/balance", "USDC")
    query = await office.chat.forge("Ann", "private", other["message_id"], data)
    assert "does not belong" in (await office.chat.wait_answer("Ann", query))["text"]
    assert await office.live() == ["BTC"]


async def test_a_stranger_who_learned_the_nonce_achieves_nothing(office: Office) -> None:
    asked = await open_question(office)
    data = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    for place in ("private", "group"):
        before = await office.ask("/status", "SIM", who="Fay", chat="group") if place == "group" else asked
        query = await office.chat.forge("Sam" if place == "private" else "Fay", place, before["message_id"], data)
        answer = await office.chat.wait_answer("Sam" if place == "private" else "Fay", query)
        assert (answer["text"], answer["alert"]) == ("You may not do this here.", True)
    assert await office.live() == ["BTC"]


async def test_a_second_operator_cannot_answer_the_question_of_the_first(office: Office) -> None:
    asked = await open_question(office)
    data = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await office.side.stores.shelves.rooms.add_operator(1002, 1002, office.wall())  # type: ignore[attr-defined]
    await office.chat.say("Bob", "/status")
    seen = await office.chat.wait_text("SIM", who="Bob")
    query = await office.chat.forge("Bob", "private", seen["message_id"], data)
    assert "someone else" in (await office.chat.wait_answer("Bob", query))["text"]
    assert await office.live() == ["BTC"]


async def push(office: Office, kind: str, **changes: Any) -> None:
    """An update as Telegram would send it, worked on to its end."""
    message = {
        "message_id": 9000,
        "date": office.wall() // 1000,
        "chat": {"id": 1001, "type": "private"},
        "from": {"id": 1001, "is_bot": False, "first_name": "Ann"},
        "text": "/pause",
    }
    update = Update.model_validate({"update_id": 424242, kind: message | changes})
    await office.side.intake.take(update)
    await office.side.intake.idle()


@pytest.mark.parametrize(
    ("kind", "changes", "outcome"),
    [
        ("edited_message", {"edit_date": 1}, "edited"),
        ("channel_post", {"from": None, "chat": {"id": -1003000000001, "type": "channel"}}, "channel"),
        ("message", {"via_bot": {"id": 5, "is_bot": True, "first_name": "x"}}, "forwarded"),
        ("message", {"from": {"id": 1001, "is_bot": True, "first_name": "Ann"}}, "anonymous"),
        ("message", {"sender_chat": {"id": -1003000000001, "type": "channel"}}, "anonymous"),
    ],
)
async def test_words_that_are_not_plainly_the_persons_own_do_nothing(
    office: Office, kind: str, changes: dict[str, Any], outcome: str
) -> None:
    await push(office, kind, **changes)
    assert (await office.ledger.switches()).paused is False
    assert [line.outcome for line in await office.attempts(outcome)] == [outcome]


async def test_a_username_is_no_identity(office: Office) -> None:
    await push(
        office, "message", **{"from": {"id": 4711, "is_bot": False, "first_name": "Ann", "username": "ann_operator"}}
    )
    assert (await office.ledger.switches()).paused is False
    assert await office.audit.strangers() == 1


async def test_a_group_that_floods_us_does_not_hold_up_the_operator(database: Database) -> None:
    slow = Chat(burst=1, group_per_minute=1, poll_s=1, announce_ms=50)
    async with Office(database, chat=slow) as office:
        for _ in range(40):
            await office.chat.say("Fay", "/status", "group")
        assert await office.ask("/balance", "USDC", timeout=10)
        await office.side.intake.idle()
        answers = [m for m in office.chat.messages("group") if m["from"]["is_bot"]]
        assert len(answers) == 1


async def test_a_group_that_is_followed_no_more_hears_and_sees_nothing(database: Database) -> None:
    async with Office(database) as office:
        await office.shut()
        office.house = replace(office.house, followers_chat=None)
        await office.open()
        await office.chat.say("Fay", "/status", "group")
        await office.told("SIM")
        assert [room.chat_id for room in await office.side.stores.shelves.rooms.active()] == [1001]
        assert shown(office.chat.messages("group")[-1]) == "/status"

"""Ways round the rules of who may do what: floods, other people's buttons, old lists, errors that say too much."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, NoReturn

import pytest

from core.errors import BrokenInvariant
from core.settings import Chat
from storage.database import Database
from tests.handlers.office import CLAIM, QUICK, Office, captions, shown
from tests.handlers.test_intruders import open_question, push


class TalkativeVenue:
    """A venue whose failure names what followers must not see."""

    async def open_orders(self) -> NoReturn:
        raise BrokenInvariant("the account 0xabc holds 10,000.00 USDC, the book 9,990.00")


async def test_a_failure_shown_to_followers_names_no_amounts(office: Office) -> None:
    whole, office.desk.venue = office.desk.venue, TalkativeVenue()  # type: ignore[assignment]
    answer = await office.ask("/status", "Sorry", who="Fay", chat="group")
    assert "0xabc" not in shown(answer)
    assert "10,000" not in shown(answer)
    assert "0xabc" in shown(await office.ask("/status", "impossible"))
    office.desk.venue = whole


async def test_taps_of_readers_do_not_hold_up_the_operator(database: Database) -> None:
    async with Office(database, chat=replace(QUICK, in_flight=4)) as office:
        seen = await office.ask("/status", "SIM", who="Fay", chat="group")
        await office.chat.fault("slow", method="answerCallbackQuery", times=20, seconds=4)
        for _ in range(20):
            await office.chat.forge("Fay", "group", seen["message_id"], "v:balance")
        await office.ask("/pause", "Paused", timeout=6)
        await office.chat.fault("clear")
        assert (await office.ledger.switches()).paused is True


async def test_a_no_to_another_persons_question_changes_nothing(office: Office) -> None:
    asked = await open_question(office)
    data = asked["reply_markup"]["inline_keyboard"][1][0]["callback_data"]
    await office.side.stores.shelves.rooms.add_operator(1002, 1002, office.wall())  # type: ignore[attr-defined]
    seen = await office.ask("/status", "SIM", who="Bob")
    query = await office.chat.forge("Bob", "private", seen["message_id"], data)
    assert "someone else" in (await office.chat.wait_answer("Bob", query))["text"]
    office.wall.ahead_ms += office.settings.chat.decision_ms + 1
    await office.chat.wait_for(lambda m: m["message_id"] == asked["message_id"] and captions(m) == ["⌛ Expired"])


async def test_a_late_no_is_called_late_and_its_keyboard_put_away(database: Database) -> None:
    async with Office(database, chat=replace(QUICK, sweep_ms=60_000)) as office:
        asked = await open_question(office)
        office.wall.ahead_ms += office.settings.chat.decision_ms
        await office.chat.tap("Ann", asked, text="Keep it")
        assert "Too late" in (await office.chat.wait_answer("Ann"))["text"]
        await office.chat.wait_for(lambda m: m["message_id"] == asked["message_id"] and captions(m) == ["⌛ Expired"])
        assert [line.what for line in await office.attempts("expired")] == ["tap"]


async def test_an_old_list_blocks_and_unblocks_nothing(office: Office) -> None:
    await office.ask("/block BTC", "BTC blocked")
    listed = await office.ask("/unblock", "Which block")
    office.wall.ahead_ms += office.settings.chat.stale_ms + 2_000
    query = await office.chat.tap("Ann", listed, text="BTC")
    answer = await office.chat.wait_answer("Ann", query)
    assert (answer["text"], answer["alert"]) == ("This button has expired.", True)
    assert set((await office.ledger.switches()).blocks) == {"BTC"}
    query = await office.chat.forge("Ann", "private", 999_999, "p:unblock:BTC")
    assert (await office.chat.wait_answer("Ann", query))["alert"]
    assert set((await office.ledger.switches()).blocks) == {"BTC"}


async def test_what_a_list_did_is_kept_in_the_trail(office: Office) -> None:
    listed = await office.ask("/block", "Which market")
    await office.chat.tap("Ann", listed, text="ETH")
    await office.chat.wait_text("ETH blocked")
    assert ("tap", "p:block:ETH") in [(line.what, line.argument) for line in await office.attempts("accepted")]


@pytest.mark.parametrize(
    "changes",
    [
        {"sender_business_bot": {"id": 5, "is_bot": True, "first_name": "x"}},
        {"business_connection_id": "b1"},
        {"guest_query_id": "g1"},
    ],
)
async def test_a_bot_that_speaks_for_the_owner_is_not_the_owner(office: Office, changes: dict[str, Any]) -> None:
    await push(office, "message", **changes)
    assert (await office.ledger.switches()).paused is False
    assert [line.what for line in await office.attempts("forwarded")] == ["/pause"]


async def test_a_bot_dragged_into_many_groups_does_not_bury_its_owner(office: Office) -> None:
    for number in range(30):
        await office.chat.fault("added", title=f"Club {number} http://evil.example")
    await office.ask("/balance", "USDC", timeout=5)
    await office.side.intake.idle()
    assert len(await office.attempts("left")) == 30
    told = [m for m in office.chat.messages() if "Club" in shown(m)]
    assert len(told) == 1
    assert [e["type"] for e in told[0].get("entities", [])] == ["code"]


async def test_a_claim_code_published_in_a_group_is_worth_nothing_any_more(database: Database) -> None:
    async with Office(database, owner_id=None, claim_code=CLAIM) as office:
        await office.ask(f"/start {CLAIM}", "", who="Ann", chat="group")
        await office.chat.say("Fay", f"/start {CLAIM}")
        await office.ask("/status", "SIM", who="Fay", chat="group")
        await office.side.intake.idle()
        assert await office.side.stores.shelves.rooms.owner() is None


async def test_wrong_codes_of_a_stranger_do_not_lock_the_owner_out(database: Database) -> None:
    async with Office(database, owner_id=None, claim_code=CLAIM, chat=Chat(per_chat_ms=50, burst=20)) as office:
        for _ in range(office.settings.chat.claim_tries):
            await office.ask("/start WRONG1", "wrong", who="Sam")
        await office.ask(f"/start {CLAIM}", "Too many", who="Sam")
        await office.ask(f"/start {CLAIM}", "You own this desk")


async def test_a_flood_of_refused_attempts_fills_no_disk(office: Office) -> None:
    most = office.database.rules.stranger_lines
    said = await office.chat.say("Sam", "/x")
    for number in range(most + 10):
        edit = {"as": "Sam", "chat": "private", "message_id": said["message_id"], "text": f"/{number}"}
        await office.chat.post("edit", edit)
        await office.chat.say("anonymous", f"/flatten {number}", "group")
        await office.chat.say("Fay", f"/close {number}", "group")
    await office.told("SIM")
    for outcome in ("edited", "anonymous", "follower"):
        assert len(await office.attempts(outcome)) == most


async def test_two_people_who_were_never_asked_hear_nothing_of_each_others_codes(office: Office) -> None:
    asked = await open_question(office)
    code = shown(asked).rpartition("/confirm ")[2]
    await office.side.stores.shelves.rooms.add_operator(1002, 1002, office.wall())  # type: ignore[attr-defined]
    await office.ask(f"/confirm {code}", "someone else", who="Bob")
    assert await office.live() == ["BTC"]


async def test_a_tap_and_a_typed_code_at_once_close_once(office: Office) -> None:
    asked = await open_question(office)
    code = shown(asked).rpartition("/confirm ")[2]
    await asyncio.gather(
        office.chat.tap("Ann", asked, text="Close BTC long"), office.chat.say("Ann", f"/confirm {code}")
    )
    await office.chat.wait_for(lambda m: "Closed · Ann" in str(captions(m)))
    await office.side.intake.idle()
    assert len(await office.ledger.trades(10)) == 1
    assert len(await office.attempts("used")) == 1
    assert len(await office.attempts("closed")) == 1


async def test_yes_and_no_at_once_are_one_answer(office: Office) -> None:
    asked = await open_question(office)
    (yes,), (no,) = asked["reply_markup"]["inline_keyboard"]
    forge = office.chat.forge
    place = ("Ann", "private", asked["message_id"])
    queries = await asyncio.gather(forge(*place, yes["callback_data"]), forge(*place, no["callback_data"]))
    answers = {(await office.chat.wait_answer("Ann", query))["text"] for query in queries}
    assert "This was decided already." in answers
    await office.side.intake.idle()
    closed = len(await office.ledger.trades(10))
    assert closed == (1 if "Working …" in answers else 0)

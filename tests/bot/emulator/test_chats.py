"""Chats, members, pins, menus, topics, keyboards: what the bot may ask and arrange."""

from __future__ import annotations

import pytest

from tests.bot.emulator.chat_client import ChatClient
from tests.bot.emulator.conftest import BotApiCaller, buttons

GROUP = -1002000000001


async def test_pins_are_newest_first_and_leave_a_line(api: BotApiCaller, chat: ChatClient) -> None:
    ids = [(await api.result("sendMessage", chat_id=1001, text=t))["message_id"] for t in ("one", "two")]
    for message_id in ids:
        await api.result("pinChatMessage", chat_id=1001, message_id=message_id, disable_notification=True)
    assert (await api.result("getChat", chat_id=1001))["pinned_message"]["text"] == "two"
    await chat.wait_for(lambda m: m.get("pinned_message", {}).get("text") == "two")
    assert chat.card()["pins"] == ids[::-1]
    await api.result("unpinChatMessage", chat_id=1001)
    assert (await api.result("getChat", chat_id=1001))["pinned_message"]["text"] == "one"
    await api.result("unpinAllChatMessages", chat_id=1001)
    assert "pinned_message" not in await api.result("getChat", chat_id=1001)
    assert (await api.refusal("unpinChatMessage", chat_id=1001)).endswith("message to unpin not found")
    assert (await api.refusal("pinChatMessage", chat_id=1001, message_id=99)).endswith("message to pin not found")


async def test_pinning_twice_changes_nothing(api: BotApiCaller, chat: ChatClient) -> None:
    sent = await api.result("sendMessage", chat_id=1001, text="one")
    for _ in range(2):
        assert await api.result("pinChatMessage", chat_id=1001, message_id=sent["message_id"])
    await api.result("sendMessage", chat_id=1001, text="end")
    await chat.wait_text("end")
    assert [m.get("text", "pin") for m in chat.messages()] == ["one", "pin", "end"]


async def test_a_deleted_message_is_no_longer_pinned(api: BotApiCaller) -> None:
    sent = await api.result("sendMessage", chat_id=1001, text="one")
    await api.result("pinChatMessage", chat_id=1001, message_id=sent["message_id"])
    await api.result("deleteMessage", chat_id=1001, message_id=sent["message_id"])
    assert "pinned_message" not in await api.result("getChat", chat_id=1001)


async def test_a_member_without_rights_cannot_pin(api: BotApiCaller, chat: ChatClient) -> None:
    sent = await api.result("sendMessage", chat_id=GROUP, text="one")
    await chat.fault("member", chat=GROUP)
    refusal = await api.refusal("pinChatMessage", chat_id=GROUP, message_id=sent["message_id"])
    assert "not enough rights" in refusal


async def test_members_and_administrators(api: BotApiCaller) -> None:
    async def status(user_id: int, chat_id: int = GROUP) -> str:
        return str((await api.result("getChatMember", chat_id=chat_id, user_id=user_id))["status"])

    assert [await status(u) for u in (1001, 1002, 1004, 1005, 7)] == [
        "creator", "member", "left", "administrator", "administrator",
    ]  # fmt: skip
    assert await status(1001, 1001) == "member"
    assert (await api.refusal("getChatMember", chat_id=GROUP, user_id=5)).endswith("user not found")
    assert {c["status"] for c in await api.result("getChatAdministrators", chat_id=GROUP)} == {
        "creator",
        "administrator",
    }
    assert "private" in await api.refusal("getChatAdministrators", chat_id=1001)
    assert await api.result("getChatMemberCount", chat_id=1001) == 2


async def test_a_left_chat_is_forbidden(api: BotApiCaller) -> None:
    assert await api.result("leaveChat", chat_id=GROUP) is True
    refusal = await api.refusal("sendMessage", chat_id=GROUP, text="x")
    assert refusal == "Forbidden: bot is not a member of the supergroup chat"
    assert "private" in await api.refusal("leaveChat", chat_id=1001)


async def test_the_narrowest_command_scope_is_what_a_person_sees(api: BotApiCaller, chat: ChatClient) -> None:
    async def put(name: str, **scope: object) -> None:
        extra = {"scope": scope} if scope else {}
        await api.result("setMyCommands", commands=[{"command": name, "description": name}], **extra)

    await put("help")
    await put("follow", type="all_group_chats")
    await put("close", type="chat", chat_id=1001)
    await put("secret", type="chat_member", chat_id=GROUP, user_id=1001)
    await chat.wait_event("commands", lambda e: any("secret" in str(c["commands"]) for c in e["cards"]))
    shown = {p: [c["command"] for c in m] for p, m in chat.card(GROUP)["commands"].items()}
    assert shown["1001"] == ["secret"]
    assert shown["1003"] == ["follow"]
    assert chat.card(1001)["commands"] == {"1001": [{"command": "close", "description": "close"}]}
    assert chat.card(1002)["commands"]["1002"][0]["command"] == "help"
    assert await api.result("getMyCommands") == [{"command": "help", "description": "help"}]
    await api.result("deleteMyCommands", scope={"type": "chat", "chat_id": 1001})
    assert await api.result("getMyCommands", scope={"type": "chat", "chat_id": 1001}) == []


@pytest.mark.parametrize("command", ["Close", "a" * 33, "", "a-b"])
async def test_command_names_are_checked(api: BotApiCaller, command: str) -> None:
    bad = [{"command": command, "description": "x"}]
    assert "BOT_COMMAND_INVALID" in await api.refusal("setMyCommands", commands=bad)


async def test_at_most_100_commands(api: BotApiCaller) -> None:
    many = [{"command": f"c{i}", "description": "x"} for i in range(101)]
    assert "TOO_MUCH" in await api.refusal("setMyCommands", commands=many)
    assert await api.result("setMyCommands", commands=many[:100])
    assert "description" in (await api.refusal("setMyCommands", commands=[{"command": "a"}])).lower()
    assert "unsupported type" in await api.refusal("setMyCommands", commands=[], scope={"type": "moon"})


async def test_the_bots_own_texts(api: BotApiCaller) -> None:
    me = await api.result("getMe")
    assert (me["id"], me["is_bot"], me["first_name"]) == (7, True, "Vektor")
    await api.result("setMyName", name="Desk")
    await api.result("setMyDescription", description="d")
    await api.result("setMyShortDescription", short_description="s")
    assert await api.result("getMyName") == {"name": "Desk"}
    assert await api.result("getMyDescription") == {"description": "d"}
    assert await api.result("getMyShortDescription") == {"short_description": "s"}
    assert "too long" in await api.refusal("setMyName", name="x" * 65)
    await api.result("setChatMenuButton", chat_id=1001, menu_button={"type": "commands"})
    assert await api.result("getChatMenuButton", chat_id=1001) == {"type": "commands"}
    assert "not supported" in await api.refusal("setChatMenuButton", menu_button={"type": "web_app"})


async def test_topics_exist_only_in_forums(api: BotApiCaller, chat: ChatClient) -> None:
    assert "not a forum" in await api.refusal("createForumTopic", chat_id=GROUP, name="Risk")
    await chat.fault("forum", chat=GROUP)
    topic = await api.result("createForumTopic", chat_id=GROUP, name="Risk")
    sent = await api.result("sendMessage", chat_id=GROUP, text="x", message_thread_id=topic["message_thread_id"])
    assert sent["is_topic_message"] is True
    assert "topic name" in await api.refusal("createForumTopic", chat_id=GROUP, name="")


async def test_a_reply_keyboard_belongs_to_the_chat_until_it_is_removed(api: BotApiCaller, chat: ChatClient) -> None:
    markup = {"keyboard": [["Status", {"text": "Pause", "style": "danger"}]], "is_persistent": True}
    sent = await api.result("sendMessage", chat_id=1001, text="x", reply_markup=markup)
    assert "reply_markup" not in sent
    await chat.wait_event("chat")
    keyboard = chat.card()["keyboard"]["markup"]["keyboard"]
    assert keyboard == [[{"text": "Status"}, {"text": "Pause", "style": "danger"}]]
    await api.result("sendMessage", chat_id=1001, text="y", reply_markup=buttons("a"))
    await api.result("sendMessage", chat_id=1001, text="z", reply_markup={"remove_keyboard": True})
    await chat.wait_event("chat", lambda e: e["card"]["keyboard"] is None)

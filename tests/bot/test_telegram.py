"""The chat side from start to stop: outages, duplicates, a second reader, webhooks, and an orderly end."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any

import aiohttp
import pytest

from bot.polling import HEADER, Webhook
from bot.redaction import TokenRedaction
from core.errors import StartRefused
from storage.database import Database
from tests.handlers.fixtures import make_blank, open_blank, open_office
from tests.handlers.office import Office, captions, shown

__all__ = ["make_blank", "open_blank", "open_office"]

SECRET = "a-secret_of-the-tests"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def webhook() -> Webhook:
    port = free_port()
    return Webhook(url=f"http://127.0.0.1:{port}/telegram", secret=SECRET, port=port)


async def test_the_bot_waits_for_a_server_that_is_down_at_the_start(database: Database) -> None:
    async with Office(database) as office:
        await office.shut()
        port = int(office.telegram.base_url.rpartition(":")[2])
        await office.chat.__aexit__(None, None, None)
        await office.telegram.stop()
        side = office.new_side(api_base=f"http://127.0.0.1:{port}")
        running = asyncio.create_task(side.run())
        assert not side.ready.is_set()
        office.telegram = type(office.telegram)(
            token="7:demo-test", page_key="a-key-of-the-tests-only", clock=office.wall, port=port
        )
        await office.telegram.start()
        office.chat = await type(office.chat)(office.telegram.page_url).__aenter__()
        async with asyncio.timeout(20):
            await side.ready.wait()
        office.side, office.running = side, running
        assert await office.ask("/start", "You own this desk")


async def test_a_refused_token_ends_the_run_with_a_clear_word(office: Office) -> None:
    await office.shut()
    from pydantic import SecretStr

    side = office.new_side(token=SecretStr("8:demo-other"))
    with pytest.raises(StartRefused, match="TELEGRAM_TOKEN"):
        await side.run()


async def test_what_was_begun_finishes_before_the_bot_stops(office: Office) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    venue = office.desk.venue

    class SlowVenue:
        """Holds the first read until the test lets it go."""

        def __getattr__(self, name: str) -> Any:
            return getattr(venue, name)

        async def open_orders(self) -> Any:
            begun.set()
            await go_on.wait()
            return await venue.open_orders()

    office.desk.venue = SlowVenue()  # type: ignore[assignment]
    await office.chat.say("Ann", "/balance")
    await begun.wait()
    stopping = asyncio.create_task(office.side.stop())
    done, _ = await asyncio.wait([stopping], timeout=1)
    assert not done
    go_on.set()
    await stopping
    await office.running
    assert any("USDC" in shown(m) for m in office.chat.messages())


async def test_a_second_reader_of_the_token_is_noticed_and_told_once(office: Office) -> None:
    async with aiohttp.ClientSession() as other:
        url = f"{office.telegram.base_url}/bot7:demo-test/getUpdates"
        for _ in range(2):
            async with other.post(url, json={"timeout": 1, "offset": -1}) as answer:
                await answer.read()
    assert await office.chat.wait_text("Another program is reading")
    assert office.side.conflicts >= 1
    assert sum("Another program is reading" in shown(m) for m in office.chat.messages()) == 1


async def test_an_unknown_group_is_left_and_the_owner_is_told(office: Office) -> None:
    await office.chat.fault("added", title="Pump & Dump <Club>", **{"as": "stranger"})
    assert await office.chat.wait_text("I was added to “Pump & Dump <Club>” by 1004 and left")
    assert len(await office.chat.log("leaveChat")) == 1


async def test_by_webhook_the_same_conversation_works(office: Office) -> None:
    await office.shut()
    hook = webhook()
    await office.open(mode="webhook", webhook=hook)
    await office.stage.open("BTC")
    asked = await office.ask("/close BTC", "Close BTC long?")
    await office.chat.tap("Ann", asked, text="Close BTC long")
    await office.chat.wait_for(lambda m: "Closed · Ann" in str(captions(m)))
    assert await office.live() == []
    calls = await office.chat.log()
    registered = max(i for i, call in enumerate(calls) if call["method"] == "setWebhook")
    assert calls[registered]["params"]["secret_token"] == SECRET
    assert "getUpdates" not in {call["method"] for call in calls[registered:]}


@pytest.mark.parametrize("secret", ["", "wrong", "gehëim", SECRET + "x"])
async def test_a_push_without_the_secret_is_refused(office: Office, secret: str) -> None:
    await office.shut()
    hook = webhook()
    await office.open(mode="webhook", webhook=hook)
    await office.chat.wait_event("webhook", lambda e: hook.url in str(e))
    update = {
        "update_id": 1,
        "message": {
            "message_id": 1,
            "date": office.wall() // 1000,
            "chat": {"id": 1001, "type": "private"},
            "from": {"id": 1001, "is_bot": False, "first_name": "Ann"},
            "text": "/pause",
        },
    }
    async with (
        aiohttp.ClientSession() as attacker,
        attacker.post(hook.url, json=update, headers={HEADER: secret}) as answer,
    ):
        assert answer.status == 401
    assert (await office.ledger.switches()).paused is False


async def test_an_update_that_comes_twice_is_carried_out_once(office: Office) -> None:
    await office.shut()
    hook = webhook()
    await office.open(mode="webhook", webhook=hook)
    await office.chat.wait_event("webhook", lambda e: hook.url in str(e))
    update = {
        "update_id": 77,
        "message": {
            "message_id": 5000,
            "date": office.wall() // 1000,
            "chat": {"id": 1001, "type": "private"},
            "from": {"id": 1001, "is_bot": False, "first_name": "Ann"},
            "text": "/pause",
        },
    }
    async with aiohttp.ClientSession() as telegram:
        for _ in range(3):
            async with telegram.post(hook.url, json=update, headers={HEADER: SECRET}) as answer:
                assert answer.status == 200
    await office.chat.wait_text("Paused.")
    await office.told("paused")
    assert sum("Paused." in shown(m) for m in office.chat.messages()) == 1


async def test_a_webhook_without_a_secret_does_not_start(office: Office) -> None:
    await office.shut()
    side = office.new_side(mode="webhook", webhook=Webhook("http://127.0.0.1:1/x", "", 1))
    with pytest.raises(StartRefused, match="TELEGRAM_WEBHOOK_SECRET"):
        await side.run()


async def test_a_taken_webhook_port_is_named(office: Office) -> None:
    await office.shut()
    port = int(office.telegram.base_url.rpartition(":")[2])
    side = office.new_side(mode="webhook", webhook=Webhook("http://127.0.0.1/x", SECRET, port))
    with pytest.raises(StartRefused, match=f"port {port} cannot be used"):
        await side.run()


def test_no_token_reaches_a_log() -> None:
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "GET %s", ("http://h/bot123:AAsecret-x_y/getMe",), None)
    assert TokenRedaction().filter(record)
    assert record.getMessage() == "GET http://h/bot<token>/getMe"


def test_no_token_reaches_a_log_by_a_traceback() -> None:
    try:
        raise OSError("cannot connect to http://h/bot123:AAsecret/getMe")
    except OSError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", (), info)
    assert TokenRedaction().filter(record)
    assert "AAsecret" not in logging.Formatter().format(record)

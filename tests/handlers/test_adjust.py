"""/stop, /target and /close SYMBOL PERCENT in chat: the figures that hang on it, one deed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from core.flows.watch import watch
from core.replay.run import ACCOUNT
from storage.database import Database
from tests.handlers.office import Office, captions, shown
from tests.handlers.test_conversation import too_wide


@pytest.fixture(name="office")
async def open_office(database: Database) -> AsyncIterator[Office]:
    async with Office(database) as opened:
        await opened.stage.open("BTC")
        await watch(opened.desk)
        yield opened


def triggers(office: Office, *, stop: bool) -> list[Decimal]:
    orders = office.stage.running.exchange.open_orders(ACCOUNT)
    return [o.trigger.price for o in orders if o.trigger and o.trigger.is_stop is stop]


async def test_a_stop_is_asked_about_with_what_it_comes_to_and_moved_by_one_tap(office: Office) -> None:
    (position,) = await office.ledger.live_positions()
    question = await office.ask("/stop btc 59,800", "Move the stop of BTC long?")
    loss = (Decimal(59800) - position.entry) * position.size
    assert f"−{abs(loss):,.2f}" in shown(question)
    assert captions(question)[0] == "BTC stop to 59,800"
    assert triggers(office, stop=True) == [position.stop], "nothing happens before the answer"
    await office.chat.tap("Ann", question, text="BTC stop to")
    done = await office.chat.wait_for(lambda m: m["message_id"] == question["message_id"] and "→ 59,800" in shown(m))
    assert "✅ Moved · Ann" in captions(done)[0]
    assert triggers(office, stop=True) == [Decimal(59800)]
    assert await office.chat.wait_text("🔒 BTC stop")


async def test_a_target_is_moved_by_code(office: Office) -> None:
    question = await office.ask("/target BTC 63000", "Move the target of BTC long?")
    code = shown(question).split("/confirm ")[1].split()[0]
    await office.ask(f"/confirm {code}", "→ 63,000")
    assert triggers(office, stop=False) == [Decimal(63000)]


async def test_a_part_is_closed_by_one_tap(office: Office) -> None:
    (before,) = await office.ledger.live_positions()
    question = await office.ask("/close BTC 50%", "Close a part of BTC long?")
    assert captions(question)[0].startswith("Close 50% of BTC (")
    await office.chat.tap("Ann", question, text="Close 50%")
    await office.chat.wait_for(lambda m: m["message_id"] == question["message_id"] and "✂️ BTC long" in shown(m))
    await office.stage.look()
    (after,) = await office.ledger.live_positions()
    assert after.size == before.size - (before.size / 2).quantize(Decimal("0.00001"), "ROUND_DOWN")


async def test_bare_close_still_closes_it_all(office: Office) -> None:
    assert await office.ask("/close BTC", "Close BTC long?")


async def test_followers_change_nothing(office: Office) -> None:
    for command in ("/stop BTC 59800", "/target BTC 63000", "/close BTC 50"):
        await office.chat.say("Fay", command, "group")
    await office.told("trading")
    assert len(await office.attempts("follower")) >= 3
    assert triggers(office, stop=True) != [Decimal(59800)]


@pytest.mark.parametrize("locale", ["en", "de"])
async def test_it_fits_the_phone_in_every_language(database: Database, locale: str) -> None:
    async with Office(database, locale=locale) as office:
        await office.stage.open("BTC")
        await watch(office.desk)
        for said in ("/stop BTC 59800", "/target BTC 63000", "/close BTC 50"):
            await office.ask(said, "/confirm")
        assert too_wide(office, "private", 28) == []

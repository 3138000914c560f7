"""/universe in chat: the list, and a change with its way back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.handlers.office import Office, captions, shown


@pytest.fixture(name="office")
async def open_office(database: Database) -> AsyncIterator[Office]:
    async with Office(database) as opened:
        yield opened


async def test_the_list_is_by_class(office: Office) -> None:
    text = shown(await office.ask("/universe", "markets are read"))
    assert text.startswith("🌐 3 markets are read")
    assert "Crypto 2 · Equities 1" in text
    assert "Crypto: BTC, ETH" in text


async def test_a_market_is_left_out_and_one_tap_takes_it_back(office: Office) -> None:
    said = await office.ask("/universe remove eth", "ETH is read no more")
    assert [m.symbol for m in office.desk.entered] == ["BTC", "TSLA"]
    text = shown(await office.ask("/universe", "2 markets are read"))
    assert "Left out: ETH" in text
    (undo,) = captions(said)
    await office.chat.tap("Ann", said, text=undo)
    await office.chat.wait_text("ETH is read and may be entered")
    assert [m.symbol for m in office.desk.entered] == ["BTC", "ETH", "TSLA"]
    assert (await office.ledger.switches()).watching["ETH"].watched


async def test_an_added_market_can_be_taken_out_again_by_the_same_button(office: Office) -> None:
    await office.ask("/universe remove TSLA", "TSLA is read no more")
    said = await office.ask("/universe add TSLA", "TSLA is read and may be entered")
    await office.chat.tap("Ann", said, text=captions(said)[0])
    await office.chat.wait_for(lambda m: m["message_id"] == said["message_id"] and "read no more" in shown(m))
    assert [m.symbol for m in office.desk.entered] == ["BTC", "ETH"]


async def test_a_follower_changes_nothing(office: Office) -> None:
    await office.chat.say("Fay", "/universe remove BTC", "group")
    await office.told("trading")
    assert len(office.desk.entered) == 3
    assert len(await office.attempts("follower")) >= 1

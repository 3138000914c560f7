"""Closing from the chat: asked, confirmed in place, and what hangs on it is said."""

from __future__ import annotations

from tests.handlers.office import Office, captions, shown


async def test_close_asks_then_does_it_and_the_question_becomes_the_record(office: Office) -> None:
    await office.stage.open("BTC")
    asked = await office.ask("/close BTC", "Close BTC long?", timeout=6)
    assert "Expires in 60 s" in shown(asked)
    assert "/confirm " in shown(asked)
    await office.chat.tap("Ann", asked, text="Close BTC long")
    assert (await office.chat.wait_answer("Ann"))["text"] == "Working …"
    record = await office.chat.wait_for(
        lambda m: m["message_id"] == asked["message_id"] and "Closed · Ann" in str(captions(m))
    )
    assert "BTC long closed" in shown(record)
    assert await office.live() == []

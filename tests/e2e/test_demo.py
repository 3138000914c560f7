"""The demonstration from the first line to a clean end, over the chat: one process, and its second start."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.e2e.demonstration import ANSWER_S, TRADE_S, Demonstration, Json, buttons, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = r"^http://127\.0\.0\.1:\d+/\?key=[\w-]{16,}&start=\w{8,}$"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demonstration]:
    """The running demonstration, owned by Ann."""
    async with Demonstration(tmp_path_factory.mktemp("demo")) as demo:
        await demo.ask("/start", "has no owner yet", who="Sam")
        await demo.ask(f"/start {demo.code}", "You own this desk")
        yield demo


async def opened(demo: Demonstration) -> Json:
    """The first position that is told of."""
    return await demo.chat.wait_for(lambda m: "opened" in words(m) and "photo" in m, timeout=TRADE_S)


async def test_the_first_line_is_the_address_of_the_page_with_the_code_of_the_owner(demo: Demonstration) -> None:
    assert re.match(PAGE, demo.process.lines[0])


async def test_after_the_owner_nobody_else_becomes_owner_with_the_same_code(demo: Demonstration) -> None:
    bot_said = len([m for m in demo.chat.messages(who="Sam") if m["from"]["is_bot"]])
    said = await demo.chat.say("Sam", f"/start {demo.code}")
    await demo.chat.wait_event("confirmed")
    await demo.ask("/health", "Up for")
    answers = [m for m in demo.chat.messages(who="Sam") if m["from"]["is_bot"]]
    assert len(answers) == bot_said, f"Sam was answered after {said}: {words(answers[-1])}"


async def test_a_position_is_told_with_its_chart_and_levels(demo: Demonstration) -> None:
    told = await opened(demo)
    assert all(label in words(told) for label in ("Entry", "Stop", "Target", "Size", "SIM"))
    assert max(size["width"] for size in told["photo"]) >= 800


async def test_positions_show_that_stop_and_target_rest_on_the_venue(demo: Demonstration) -> None:
    await opened(demo)
    shown = words(await demo.ask("/positions", "Liquidation"))
    lines = shown.splitlines()
    for label in ("Stop", "Target"):
        levels = [line for line in lines if line.startswith(f"{label} ")]
        assert levels and all(line.endswith("✓") for line in levels), shown


async def test_a_scan_names_how_many_markets_were_read_and_where_they_ended(demo: Demonstration) -> None:
    begun = await demo.ask("/scan", "92 markets")
    report = words(await demo.edited(begun, "opened of 92"))
    assert "took" in report


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("/status", "Free"),
        ("/balance", "Equity"),
        ("/why BTC", "Updated"),
        ("/health", "Markets"),
        ("/help", "/flatten"),
        ("/chart BTC", "BTC"),
        ("/clsoe", "/close"),
        ("📊 Status", "Free"),
    ],
)
async def test_commands_answer(demo: Demonstration, command: str, part: str) -> None:
    assert part in words(await demo.ask(command, part))


async def test_a_position_is_closed_after_asking_and_the_question_becomes_the_record(demo: Demonstration) -> None:
    await opened(demo)
    shown = await demo.ask("/positions", "Liquidation")
    symbol = buttons(shown)[0]["callback_data"].rpartition("close:")[2]
    asked = await demo.ask(f"/close {symbol}", f"Close {symbol}")
    assert {key["text"].split()[0] for key in buttons(asked)} == {"Close", "Keep"}
    query = await demo.chat.tap("Ann", asked, text=f"Close {symbol}")
    assert (await demo.chat.wait_answer("Ann", query))["text"] == "Working …"
    record = await demo.edited(asked, "closed")
    assert "Result" in words(record) and "Ann" in words(record)

    def stamped(message: Json) -> bool:
        return message["message_id"] == asked["message_id"] and "✅ Closed · Ann" in buttons(message)[0]["text"]

    stamp = buttons(await demo.chat.wait_for(stamped, timeout=ANSWER_S))
    assert len(stamp) == 1 and "disabled" in stamp[0] and "callback_data" not in stamp[0]


async def test_the_live_status_is_pinned(demo: Demonstration) -> None:
    event = await demo.chat.wait_event("chat", lambda e: bool(e["card"]["pins"]), timeout=ANSWER_S)
    pinned = event["card"]["pins"][-1]
    message = await demo.chat.wait_for(lambda m: m["message_id"] == pinned)
    assert "Equity" in words(message)


async def test_a_second_start_keeps_owner_positions_and_conversation_and_ends_with_equal_books(
    demo: Demonstration,
) -> None:
    await opened(demo)
    before = [words(m) for m in demo.chat.messages() if m["message_id"] <= 3]
    last = demo.chat.messages()[-1]["message_id"]
    ended = "\n".join(await demo.end())
    assert ": equal" in ended
    open_then = int(ended.rpartition(" positions open")[0].rpartition(" ")[2])
    async with Demonstration(demo.folder) as again:
        up = await again.chat.wait_for(lambda m: m["message_id"] > last and words(m).startswith("🚀"), timeout=ANSWER_S)
        assert (f"{open_then} open position" if open_then else "No open positions") in words(up)
        assert [words(m) for m in again.chat.messages() if m["message_id"] <= 3] == before
        assert "Free" in words(await again.ask("/status", "Free"))
        lines = await asyncio.wait_for(again.end(), ANSWER_S)
        assert ": equal" in lines[-1] and not [line for line in lines if "Traceback" in line]

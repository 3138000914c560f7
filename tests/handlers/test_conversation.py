"""Commands and their answers, through the local Telegram, by the real flows."""

from __future__ import annotations

import json

import pytest

from core.settings import Settings
from handlers.commands import COMMANDS
from storage.database import Database
from tests.handlers.office import CLAIM, Office, captions, shown


async def test_start_greets_the_owner_with_the_keys_under_the_field(office: Office) -> None:
    answer = await office.ask("/start", "at your service")
    assert "You own this desk. It watches 3 markets" in shown(answer)
    sent = json.loads((await office.chat.log("sendMessage"))[-1]["params"]["reply_markup"])
    assert [key["text"] for row in sent["keyboard"] for key in row][:2] == ["📊 Status", "📂 Positions"]
    assert sent["is_persistent"] is True


async def test_a_key_under_the_field_means_its_command(office: Office) -> None:
    await office.stage.open("BTC")
    assert "BTC      L" in shown(await office.ask("📊 Status", "1 open"))


async def test_status_shows_money_and_positions_to_the_owner(office: Office) -> None:
    await office.stage.open("BTC")
    text = shown(await office.ask("/status", "1 open"))
    assert text.startswith("🧪 SIM · trading · 1 open · ")
    assert "Equity              9,99" in text
    assert "Updated" in text
    assert "UTC" in text


async def test_positions_show_that_stop_and_target_rest(office: Office) -> None:
    await office.stage.open("BTC")
    answer = await office.ask("/positions", "1 open")
    lines = shown(answer).splitlines()
    assert any(line.startswith("Stop") and line.endswith("✓") for line in lines)
    assert any(line.startswith("Target") and line.endswith("✓") for line in lines)
    assert captions(answer)[0].startswith("Close BTC long · ")


async def test_refresh_draws_the_screen_again_in_place(office: Office) -> None:
    answer = await office.ask("/status", "flat")
    await office.stage.open("BTC")
    await office.chat.tap("Ann", answer, text="Refresh")
    await office.chat.wait_for(lambda m: m["message_id"] == answer["message_id"] and "1 open" in shown(m))


async def test_bare_close_offers_the_positions_with_their_profit(office: Office) -> None:
    await office.stage.open("BTC")
    await office.stage.open("ETH")
    picked = await office.ask("/close", "Which position?")
    assert [caption.partition(" · ")[0] for caption in captions(picked)] == ["Close BTC long", "Close ETH long"]
    await office.chat.tap("Ann", picked, text="Close ETH")
    assert await office.chat.wait_text("Close ETH long?")
    assert sorted(await office.live()) == ["BTC", "ETH"]


async def test_a_position_is_kept_when_the_answer_is_no(office: Office) -> None:
    await office.stage.open("BTC")
    asked = await office.ask("/close BTC", "Close BTC long?")
    await office.chat.tap("Ann", asked, text="Keep it")
    await office.chat.wait_for(lambda m: "✖ Nothing done · Ann" in str(captions(m)))
    assert await office.live() == ["BTC"]


async def test_confirm_completes_from_anywhere_and_the_question_becomes_the_record(office: Office) -> None:
    await office.stage.open("BTC")
    asked = await office.ask("/close BTC", "Close BTC long?")
    code = shown(asked).rpartition("/confirm ")[2]
    answer = await office.ask(f"/confirm {code}", "BTC long closed")
    assert answer["message_id"] != asked["message_id"]
    await office.chat.wait_for(lambda m: m["message_id"] == asked["message_id"] and "Closed · Ann" in str(captions(m)))
    assert await office.live() == []
    assert await office.ask(f"/confirm {code}", "decided already")


async def test_flatten_closes_everything_halts_and_resume_is_asked_for(office: Office) -> None:
    await office.stage.open("BTC")
    await office.stage.open("ETH")
    asked = await office.ask("/flatten", "Close 2 positions and halt?")
    await office.chat.tap("Ann", asked, text="Close all 2 and halt")
    record = await office.chat.wait_for(lambda m: "Flattened · Ann" in str(captions(m)))
    assert "2 positions closed" in shown(record)
    assert await office.live() == []
    again = await office.ask("/resume", "Trade again?")
    await office.chat.tap("Ann", again, text="Resume trading")
    await office.chat.wait_for(lambda m: "Resumed · Ann" in str(captions(m)))
    assert (await office.ledger.switches()).halted is False


async def test_pause_works_at_once_and_can_be_undone(office: Office) -> None:
    done = await office.ask("/pause", "Paused.")
    assert (await office.ledger.switches()).paused is True
    await office.chat.tap("Ann", done, text="Undo (30 s)")
    await office.chat.wait_for(lambda m: "↩ Undone · Ann" in str(captions(m)))
    assert (await office.ledger.switches()).paused is False


async def test_block_and_unblock_work_at_once(office: Office) -> None:
    await office.ask("/block tsla", "TSLA blocked")
    assert set((await office.ledger.switches()).blocks) == {"TSLA"}
    assert await office.ask("/block TSLA", "That is so already")
    picked = await office.ask("/unblock", "Which block")
    await office.chat.tap("Ann", picked, text="TSLA")
    assert await office.chat.wait_text("TSLA unblocked")
    assert not (await office.ledger.switches()).blocks


async def test_chart_comes_with_its_verdict_and_other_timeframes(office: Office) -> None:
    await office.stage.open("BTC")
    answer = await office.ask("/chart BTC", "BTC · 1h · ")
    assert answer["photo"]
    assert "stop" in shown(answer)
    await office.chat.tap("Ann", answer, text="4h")
    await office.chat.wait_for(lambda m: m["message_id"] == answer["message_id"] and "BTC · 4h · " in shown(m))


async def test_scan_reports_where_every_market_ended(office: Office) -> None:
    answer = await office.ask("/scan", "opened of 3")
    assert "Regime" in shown(answer)
    why = await office.ask("/why TSLA", "TSLA")
    assert "Stage" in shown(why)


async def test_health_counts_ignored_strangers(office: Office) -> None:
    await office.chat.say("Sam", "/start")
    await office.told("flat")
    text = shown(await office.ask("/health", "all well"))
    assert text.splitlines()[-3].split()[-1] == "1" or "Strangers ignored          1" in text


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/close XYZZY", "There is no market “XYZZY”"),
        ("/chart ET", "Nearest: ETH"),
        ("/confirm", "/confirm needs something more, for example: /confirm K7Q2MX"),
        ("/chart " + "A" * 300, "300 characters long; 64 are the most"),
        ("x" * 3000, "3,000 characters long; 64 are the most"),
        ("/close BTC", "no open position in BTC"),
        ("/postions", "Did you mean /positions?"),
        ("/qqqqqq", "There is no command /qqqqqq"),
        ("hello", "I understand commands only"),
    ],
)
async def test_bad_input_gets_a_clear_answer(office: Office, said: str, answer: str) -> None:
    assert await office.ask(said, answer)


async def test_a_symbol_that_can_mean_several_markets_is_asked_back(office: Office) -> None:
    markets = list(office.desk.universe)
    office.desk.universe = [*markets, *(type(markets[0])(s, markets[0].asset_class, s, 10, 2) for s in ("SOL", "SOLV"))]
    assert await office.ask("/chart SO", "can mean several markets: SOL, SOLV")


async def test_a_command_for_another_bot_is_not_ours(office: Office) -> None:
    await office.chat.say("Ann", "/pause@some_other_bot")
    await office.told("trading")
    assert (await office.ledger.switches()).paused is False


async def test_the_menu_lists_every_command_for_the_owner(office: Office) -> None:
    calls = [call for call in await office.chat.log("setMyCommands") if '"chat_id": 1001' in str(call["params"])]
    assert all(f'"{command.name}"' in str(calls[-1]["params"]) for command in COMMANDS)


async def test_the_owner_is_claimed_once_by_the_code(database: Database) -> None:
    async with Office(database, owner_id=None, claim_code=CLAIM) as office:
        assert await office.ask("/start", "has no owner yet", who="Sam")
        assert await office.ask("/start WRONG", "That code is wrong", who="Sam")
        assert await office.ask(f"/start {CLAIM.lower()}", "You own this desk", who="Ann")
        await office.chat.say("Sam", f"/start {CLAIM}")
        await office.told("SIM")
        assert await office.side.stores.shelves.rooms.owner() == 1001
        assert shown(office.chat.messages("private", "Sam")[-1]) == f"/start {CLAIM}"
        assert [line.outcome for line in await office.attempts("claim wrong")] == ["claim wrong"]


async def test_claiming_locks_after_a_few_wrong_codes(database: Database) -> None:
    async with Office(database, owner_id=None, claim_code=CLAIM) as office:
        for _ in range(Settings().chat.claim_tries):
            await office.ask("/start WRONG", "wrong", who="Sam")
        assert await office.ask(f"/start {CLAIM}", "Too many wrong codes", who="Sam")
        assert await office.side.stores.shelves.rooms.owner() is None


async def test_german_is_spoken_where_it_is_wanted(database: Database) -> None:
    async with Office(database, locale="de", timezone="Europe/Berlin") as office:
        await office.stage.open("BTC")
        text = shown(await office.ask("/status", "Kapital"))
        assert "1 Position" in text
        assert "UTC)" in text
        assert await office.ask("📂 Positionen", "Einstieg")


async def test_a_bug_is_apologised_for_with_an_id(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    office.desk.venue = None  # type: ignore[assignment]
    answer = await office.ask("/status", "Sorry, that failed on my side")
    name = shown(answer).split("The log has it as ")[1].split(";")[0]
    assert f"error {name}" in caplog.text


@pytest.mark.parametrize("locale", ["en", "de"])
async def test_tables_fit_the_phone_in_every_language(database: Database, locale: str) -> None:
    async with Office(database, locale=locale) as office:
        await office.stage.open("BTC")
        await office.stage.open("TSLA")
        await office.chat.wait_for(lambda m: "photo" in m and "TSLA" in shown(m))
        await office.chat.wait_for(lambda m: "photo" in m and "TSLA" in shown(m), chat="group")
        for command in ("/status", "/positions", "/balance", "/health", "/scan", "/close BTC", "/flatten", "/why BTC"):
            await office.ask(command, "")
        for command in ("/status", "/positions"):
            await office.ask(command, "", who="Fay", chat="group")
        assert too_wide(office, "private", 28) == []
        assert too_wide(office, "group", 22) == []


def too_wide(office: Office, chat: str, most: int) -> list[str]:
    """Lines of monospace blocks in a chat that a phone would wrap."""
    found = []
    for message in office.chat.messages(chat):
        text = shown(message).encode("utf-16-le")
        for entity in [*message.get("entities", []), *message.get("caption_entities", [])]:
            if entity["type"] == "pre":
                block = text[entity["offset"] * 2 :][: entity["length"] * 2].decode("utf-16-le")
                found += [line for line in block.splitlines() if len(line) > most]
    return found

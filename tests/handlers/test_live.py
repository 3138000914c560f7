"""/live and /mode in chat: what is shown, what must be typed, who may, and what happens to nonsense."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from core.events import OperatorAway, StrangerHeld, WalletEnding
from core.market.symbols import Side
from core.risk.switches import Mode
from core.risk.vigil import Attendance, Vigil
from storage.database import Database
from storage.experience import SqlExperience
from storage.ledger import SqlLedger
from tests.handlers.office import BOOK, Office, captions, shown
from tests.storage import samples

PHRASE = "I accept that no edge is measured"
DAY_MS = 86_400_000


@pytest.fixture(name="office")
async def open_office(database: Database, tmp_path: Path) -> AsyncIterator[Office]:
    """An office on mainnet, allowed by the environment, with a replay of the operator's beside it."""
    async with Office(database) as opened:
        opened.desk.venue_name, opened.desk.live_allowed = "mainnet", True
        opened.desk.experience = SqlExperience(database, BOOK, tmp_path)
        yield opened


def replayed(folder: Path, rs: list[float]) -> None:
    rows = "".join(f"t{n},{n * DAY_MS},{r}\n" for n, r in enumerate(rs))
    (folder / "trades.csv").write_text(f"trade_id,closed_ms,r\n{rows}")


async def confirmed(office: Office) -> bool:
    return bool((await office.ledger.switches()).live_by)


async def test_without_an_edge_the_sentence_must_be_typed_and_then_confirmed(office: Office, tmp_path: Path) -> None:
    replayed(tmp_path, [0.5, -0.6] * 10)
    text = shown(await office.ask("/live", "reads only"))
    assert "replay: −0.05R" in text and "20 trades on 20 days" in text
    assert "holds zero" in text
    assert f"/live {PHRASE}" in text
    assert "“/live I accept" in shown(await office.ask("/live yes", "That cannot be done"))
    asked = await office.ask("/live  i ACCEPT that  no edge is measured", "Trade real money")
    assert captions(asked) == ["Trade real money", "Go on reading only"]
    assert not await confirmed(office)
    await office.chat.tap("Ann", asked, text="Trade real money")
    await office.chat.wait_for(lambda m: m["message_id"] == asked["message_id"] and "Live · Ann" in str(captions(m)))
    assert await confirmed(office)
    assert [line.argument for line in await office.attempts("live")] == ["live acknowledged"]
    await office.chat.wait_text("confirmed by Ann")


async def test_with_an_edge_the_question_comes_at_once(office: Office, tmp_path: Path) -> None:
    replayed(tmp_path, [0.5, 0.4] * 10)
    assert "is not needed" not in shown(await office.ask(f"/live {PHRASE}", "That cannot be done"))
    asked = await office.ask("/live", "Trade real money")
    assert "lies above zero" in shown(asked)
    await office.chat.tap("Ann", asked, text="Go on reading only")
    await office.chat.wait_for(lambda m: m["message_id"] == asked["message_id"] and "Nothing done" in str(captions(m)))
    assert not await confirmed(office)


@pytest.mark.parametrize(
    ("rs", "part"), [([], "no edge was measured"), ([0.5] * 3, "fewer than 5 days"), ([-0.5] * 9, "lies below zero")]
)
async def test_what_does_not_show_an_edge_is_named(office: Office, tmp_path: Path, rs: list[float], part: str) -> None:
    replayed(tmp_path, rs)
    assert part in shown(await office.ask("/live", "To trade real money all the same"))


async def test_a_replay_that_cannot_be_read_is_named(office: Office, tmp_path: Path) -> None:
    (tmp_path / "trades.csv").write_text("trade_id,closed_ms,r\na,1,much\n")
    assert "much" in shown(await office.ask("/live", "trades.csv, line 2"))
    (tmp_path / "trades.csv").unlink()
    assert "trades.csv" in shown(await office.ask("/live", "is wrong"))
    assert not await confirmed(office)


async def test_simulated_trades_are_shown_and_do_not_count(office: Office, database: Database, tmp_path: Path) -> None:
    replayed(tmp_path, [])
    simulated = SqlLedger(database, "sim:0xother")
    for day in range(9):
        await simulated.store(trade=samples.trade(day, closed_ms=day * DAY_MS), at_ms=1)
    text = shown(await office.ask("/live", "no edge was measured"))
    assert "sim: +0.91R" in text and "does not count" in text


async def test_the_report_of_slippage_comes_with_the_question_of_full_size(
    office: Office, database: Database, tmp_path: Path
) -> None:
    replayed(tmp_path, [])
    asked = await office.ask(f"/live {PHRASE}", "Trade real money")
    await office.chat.tap("Ann", asked, text="Trade real money")
    await office.chat.wait_text("real money trades")
    paper = SqlLedger(database, "paper:0xother")
    await paper.store(
        tickets=[samples.ticket("0xa", mark=Decimal("61258.8"))], fills=[samples.fill(1, client_id="0xa")], at_ms=1
    )
    assert "0 of 20" in shown(await office.ask("/live", "First live trades"))
    for number in range(20):
        await office.ledger.store(trade=samples.trade(number), at_ms=1)
    asked = await office.ask("/live", "Trade at full size")
    assert "PAPER entry     +10.0 bp (1)" in shown(asked)
    await office.chat.tap("Ann", asked, text="Confirm full size")
    await office.chat.wait_text("confirmed full size after 20")
    assert (await office.ledger.switches()).full_by == "Ann"
    assert "Full size, confirmed by Ann" in shown(await office.ask("/live", "Full size"))


async def test_off_mainnet_there_is_nothing_to_confirm(office: Office) -> None:
    office.desk.venue_name = "sim"
    assert "no real money moves" in shown(await office.ask("/live", "This is sim"))
    assert "no real money moves" in shown(await office.ask(f"/live {PHRASE}", "This is sim"))


@pytest.mark.parametrize("mode", list(Mode))
async def test_the_mode_is_shown_changed_and_taken_back(office: Office, mode: Mode) -> None:
    assert "mode semi" in shown(await office.ask("/mode", "mode semi"))
    if mode is Mode.SEMI:
        assert "so already" in shown(await office.ask("/mode SEMI", "so already"))
        return
    done = await office.ask(f"/mode {mode.upper()}", f"Mode {mode}")
    assert (await office.ledger.switches()).mode is mode
    assert ("nothing is entered at all" in shown(done)) is (mode is Mode.MANUAL)
    assert f"mode {mode}" in shown(await office.ask("/mode", f"mode {mode}"))
    await office.chat.tap("Ann", done, text="Undo")
    await office.chat.wait_text("Mode semi")
    assert (await office.ledger.switches()).mode is Mode.SEMI


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("/mode fast", "'fast' is no mode; auto, semi, manual, readonly are"),
        ("/mode auto now", "'auto now' is no mode"),
        ("/mode readonly", "so already"),
        ("/mode " + "x" * 70, "characters long"),
        ("/live " + "x" * 70, "characters long"),
        ("/live full", "'full' confirms nothing"),
        ("/live \u202e<b>&", "confirms nothing"),
    ],
)
async def test_nonsense_is_named_and_changes_nothing(office: Office, tmp_path: Path, text: str, part: str) -> None:
    replayed(tmp_path, [])
    before = await office.ledger.switches()
    assert part in shown(await office.ask(text, part))
    assert await office.ledger.switches() == before


async def test_readers_and_strangers_neither_confirm_nor_change_the_mode(office: Office, tmp_path: Path) -> None:
    replayed(tmp_path, [])
    before = await office.ledger.switches()
    asked = await office.ask(f"/live {PHRASE}", "Trade real money")
    for who, where in (("Fay", "group"), ("Ann", "group"), ("Sam", "private")):
        for text in ("/mode auto", f"/live {PHRASE}", "/mode readonly", "/live"):
            await office.chat.say(who, text, where)
    query = await office.chat.forge(
        "Sam", "private", asked["message_id"], asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    )
    assert (await office.chat.wait_answer("Sam", query))["alert"]
    await office.told("LIVE")
    assert await office.ledger.switches() == before
    assert len(await office.attempts("follower")) >= 4
    assert not any("edge" in shown(m) for m in office.chat.messages("group") if m["from"]["is_bot"])


async def test_only_what_an_operator_does_in_private_is_a_sign_of_life(office: Office) -> None:
    there = office.desk.attendance = Attendance(office.wall, office.wall() - 50_000_000)
    await office.ledger.store(vigil=Vigil(heard_ms=there.heard_ms, away=True), at_ms=1)
    await office.chat.say("Sam", "/status")
    await office.chat.say("Fay", "/status", "group")
    await office.chat.say("Ann", "/status", "group")
    await office.chat.say("Ann", "/pause", forward_from="Sam")
    await office.chat.wait_text("Forwarded messages are not carried out")
    await office.side.intake.idle()
    assert there.absent_ms >= 50_000_000
    await office.ask("/status", "reads only")
    await office.chat.wait_text("Ann is back")
    assert there.absent_ms < 20_000
    assert not (await office.ledger.vigil()).away


async def test_what_real_money_depends_on_is_told_loudly(office: Office) -> None:
    events = [
        StrangerHeld("xyz:TSLA", Side.SHORT, Decimal("1.5"), False),
        StrangerHeld("BTC", Side.LONG, Decimal("0.1"), True),
        OperatorAway(12.0),
        WalletEnding("0xab", 1_790_000_000_000, 7),
        WalletEnding("0xab", 1_790_000_000_000, 0),
    ]
    await office.ledger.store(events=events, at_ms=1)
    await office.chat.wait_text("API wallet has ended")
    said = [shown(m) for m in office.chat.messages()]
    for part in ("xyz:TSLA short 1.5", "NO STOP rests", "A stop rests", "for 12 hours", "within 7 days"):
        assert any(part in one for one in said), part
    assert not any("TSLA" in shown(m) for m in office.chat.messages("group"))


@pytest.mark.parametrize(
    ("until_ms", "part"), [(0, "does not say when"), (4_000_000_000_000, "good until"), (1_000, "API wallet ended")]
)
async def test_health_names_the_end_of_the_api_wallet(office: Office, until_ms: int, part: str) -> None:
    await office.ledger.store(vigil=Vigil(wallet="0xab", until_ms=until_ms), at_ms=1)
    assert part in shown(await office.ask("/health", part))
    assert "API wallet" not in shown(await office.ask("/status", "LIVE"))

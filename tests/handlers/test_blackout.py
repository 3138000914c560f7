"""/blackout in chat: the list with its buttons, events in the reader's zone, who may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from core.decision.record import Outcome, ScanReport, Verdict
from core.flows.blackouts import black_out, blackouts
from core.market.symbols import Side
from core.risk.blackouts import Blackout
from handlers.blackout_words import read_blackout, words_of
from storage.database import Database
from tests.core.flows.stage import START
from tests.handlers.office import Office, captions, shown
from tests.handlers.test_conversation import too_wide

HOUR, MINUTE = 3_600_000, 60_000
AT = START + 2 * HOUR + 30 * MINUTE
"""18:00 UTC on the stage's day, 19:00 in Berlin."""


@pytest.fixture(name="office")
async def open_office(database: Database, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Office]:
    async with Office(database, timezone="Europe/Berlin") as opened:
        yield opened
    assert [r.getMessage() for r in caplog.get_records("call") if r.name == "locales.texts"] == []


async def listed(office: Office) -> list[tuple[str, int, int, int, str]]:
    return [(one.name, one.at_ms, one.before_ms, one.after_ms, one.scope) for one in await blackouts(office.desk)]


async def test_an_event_is_listed_in_the_operators_zone_and_one_tap_takes_it_back(office: Office) -> None:
    said = await office.ask("/blackout FOMC 2026-01-06T19:00 1h crypto tsla", "FOMC is listed")
    assert "06 Jan 19:00 (18:00 UTC) −1h +1h · Crypto, TSLA" in shown(said)
    assert await listed(office) == [("FOMC", AT, HOUR, HOUR, "crypto TSLA")]
    await office.chat.wait_text("FOMC was listed by Ann")
    (undo,) = captions(said)
    await office.chat.tap("Ann", said, text=undo)
    await office.chat.wait_for(lambda m: m["message_id"] == said["message_id"] and "off the list" in shown(m))
    assert await listed(office) == []


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("CPI 2026-01-06T18:00Z", ("CPI", AT, 30 * MINUTE, 30 * MINUTE, "")),
        ("CPI 2026-01-06T13:00-05:00 15m 2h", ("CPI", AT, 15 * MINUTE, 2 * HOUR, "")),
        ("cpi 2026-01-06t19:00 15m/2h all", ("cpi", AT, 15 * MINUTE, 2 * HOUR, "")),
        ("TSLA 2026-01-06T19:00 1d TSLA xyz:TSLA", ("TSLA", AT, 24 * HOUR, 24 * HOUR, "TSLA")),
        ("X 2026-01-06T19:00:30 Equity INDEX btc", ("X", AT + 30_000, 30 * MINUTE, 30 * MINUTE, "equity index BTC")),
    ],
)
async def test_what_is_understood(office: Office, words: str, event: tuple[str, int, int, int, str]) -> None:
    await office.ask(f"/blackout {words}", "is listed")
    assert await listed(office) == [event]


async def test_the_list_shows_what_stands_now_and_has_a_button_for_each(office: Office) -> None:
    assert captions(await office.ask("/blackout", "No event is listed")) == []
    await office.ask("/blackout FOMC 2026-01-06T19:00", "is listed")
    await office.ask("/blackout CPI 2026-01-06T16:20 crypto", "is listed")
    shows = await office.ask("/blackout", "2 events are listed")
    assert "🌑 CPI · 06 Jan 16:20 (15:20 UTC) −30m +30m · Crypto" in shown(shows)
    assert "🌒 FOMC · 06 Jan 19:00 (18:00 UTC) −30m +30m · all markets" in shown(shows)
    assert captions(shows) == ["✖ CPI · 06 Jan 16:20 (15:20 UTC)", "✖ FOMC · 06 Jan 19:00 (18:00 UTC)"]


async def test_a_button_lifts_its_event_and_one_tap_puts_it_back(office: Office) -> None:
    await office.ask("/blackout CPI 2026-01-06T17:00 90s 20m equity BTC", "is listed")
    await office.ask("/blackout CPI 2026-01-07T17:00", "is listed")
    before = await listed(office)
    shows = await office.ask("/blackout", "2 events are listed")
    await office.chat.tap("Ann", shows, text="✖ CPI · 06 Jan 17:00 (16:00 UTC)")
    said = await office.chat.wait_text("CPI is off the list")
    assert await listed(office) == before[1:]
    await office.chat.tap("Ann", said, text=captions(said)[0])
    await office.chat.wait_for(lambda m: m["message_id"] == said["message_id"] and "CPI is listed" in shown(m))
    assert await listed(office) == before
    assert ("tap", "b:CPI:1767715200000") in [(line.what, line.argument) for line in await office.attempts("accepted")]


async def test_off_lifts_all_events_of_a_name_and_one_tap_puts_them_back(office: Office) -> None:
    for day in ("07", "08"):
        await office.ask(f"/blackout FOMC 2026-01-{day}T19:00", "is listed")
    before = await listed(office)
    said = await office.ask("/blackout off fomc", "FOMC is off the list")
    assert await listed(office) == []
    await office.chat.tap("Ann", said, text=captions(said)[0])
    await office.chat.wait_for(lambda m: m["message_id"] == said["message_id"] and "is listed" in shown(m))
    assert await listed(office) == before


async def test_a_blackout_survives_a_restart(office: Office) -> None:
    await office.ask("/blackout FOMC 2026-01-06T17:00 1h", "is listed")
    await office.shut()
    await office.open()
    assert "🌑 FOMC" in shown(await office.ask("/blackout", "1 event is listed"))
    assert (await office.stage.open("BTC", desk=office.desk)).rule == "blackout"


async def test_an_old_list_lifts_nothing(office: Office) -> None:
    await office.ask("/blackout FOMC 2026-01-07T19:00", "is listed")
    shows = await office.ask("/blackout", "1 event is listed")
    office.wall.ahead_ms += office.settings.chat.stale_ms + 2_000
    query = await office.chat.tap("Ann", shows, text=captions(shows)[0])
    answer = await office.chat.wait_answer("Ann", query)
    assert (answer["text"], answer["alert"]) == ("This button has expired.", True)
    assert len(await listed(office)) == 1


async def test_only_those_who_may_act_change_the_list(office: Office) -> None:
    await office.ask("/blackout FOMC 2026-01-07T19:00", "is listed")
    shows = await office.ask("/blackout", "1 event is listed")
    data = shows["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    seen = await office.ask("/status", "SIM", who="Fay", chat="group")
    query = await office.chat.forge("Fay", "group", seen["message_id"], data)
    assert (await office.chat.wait_answer("Fay", query))["text"] == "You may not do this here."
    await office.chat.say("Fay", "/blackout off FOMC", "group")
    await office.chat.say("Ann", "/blackout off FOMC", "group")
    await office.chat.say("Sam", "/blackout off FOMC")
    await office.told("SIM")
    assert len(await listed(office)) == 1
    assert [line.what for line in await office.attempts("stranger")] == ["/blackout"]
    assert {line.what for line in await office.attempts("follower")} == {"/blackout", "tap"}


async def test_a_long_list_is_cut_and_says_so(office: Office) -> None:
    one = Blackout("CPI", AT, HOUR, HOUR, "", "Ann", START)
    for day in range(14):
        await black_out(office.desk, replace(one, at_ms=AT + day * 24 * HOUR))
    shows = await office.ask("/blackout", "14 events are listed")
    assert "… and 2 more" in shown(shows)
    assert len(captions(shows)) == 12


async def test_the_words_of_an_event_read_back_as_the_same_event(office: Office) -> None:
    one = Blackout("C-P.I_1", AT + 1_000, 90_000, HOUR, "crypto TSLA", "Ann", START)
    for zone in ("UTC", "America/New_York"):
        assert read_blackout(words_of(one).split(), ZoneInfo(zone), "Ann", office.desk) == one


def refused(symbol: str, stage: str, rule: str, measured: float | None, limit: float | None, detail: str) -> Outcome:
    return Outcome(symbol, Side.LONG, Verdict.REFUSED, stage, rule, measured, limit, detail, 0.7, 0.65)


WHY = [
    (("execution", "moved", 0.8241, 0.5, "100 → 98"), "price has run away", "0.824 ATR", "0.5 ATR"),
    (("execution", "spread", 0.21, 0.15, ""), "spread too wide", "0.21 %", "0.15 %"),
    (("execution", "costs", 23.456, 15.0, "fees"), "costs too high", "23.5 % of 1R", "15 % of 1R"),
    (("execution", "no_spread", None, None, "no prices"), "spread unknown", "", ""),
    (("limits", "market_closed", None, None, "Asia/Tokyo"), "home market closed", "Asia/Tokyo", ""),
    (("limits", "blackout", 12.0, 60.0, "FOMC, by Ann"), "event blackout", "12 min", "60 min"),
]


@pytest.mark.parametrize(("figures", "words", "measured", "limit"), WHY, ids=[one[0][1] for one in WHY])
async def test_why_tells_the_rule_in_words_with_what_was_measured(
    office: Office, figures: tuple[str, str, float | None, float | None, str], words: str, measured: str, limit: str
) -> None:
    report = ScanReport("s", START, 5, "BULL", "", (refused("BTC", *figures),))
    await office.ledger.store_scan(report)
    said = await office.ask("/why BTC", f"⚪ BTC long · {words}")
    for text in (measured, limit, figures[-1]):
        assert text in shown(said)
    assert too_wide(office, "private", 28) == []

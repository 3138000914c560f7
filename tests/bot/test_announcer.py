"""Events become messages: full for operators, redacted for followers, each once, with the picture."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.errors import FeedUnavailable
from core.events import (
    BlackoutLifted,
    BlackoutSet,
    BookMismatch,
    CascadeExhausted,
    CrowdingExtreme,
    Degraded,
    Displaced,
    EdgeTurned,
    EntriesHalted,
    Flattened,
    FullSizeConfirmed,
    GovernorMoved,
    LiquidationNear,
    LiveConfirmed,
    LiveRevoked,
    MarginAdded,
    MarketAdded,
    MarketDelisted,
    MarketRemoved,
    ModeChanged,
    MoneyMoved,
    OperatorAway,
    OperatorBack,
    OrderFailed,
    PositionAdopted,
    PositionReduced,
    Recovered,
    RegimeChanged,
    Started,
    StopMoved,
    StrangerHeld,
    StrayOrder,
    SymbolBlocked,
    SymbolProtected,
    SymbolUnblocked,
    TargetMoved,
    TradeClosed,
    TradingPaused,
    TradingResumed,
    Unprotected,
    WalletEnding,
)
from core.flows.close import close_position
from core.market.symbols import Side
from core.risk.blackouts import Blackout
from core.risk.governor import PATH_MS, first_standing, govern
from core.settings import Governor
from core.trading.positions import CloseReason
from handlers.views.alert import DRAWN, alert_view
from handlers.views.reader import Reader
from locales.texts import Texts
from storage.database import Database
from tests.handlers.fixtures import make_blank, open_blank, open_office
from tests.handlers.office import CLAIM, Office, captions, shown

WHYS = ("losses", "rate", "probation", "second", "third")

__all__ = ["make_blank", "open_blank", "open_office"]


async def test_an_opened_trade_is_told_with_its_picture_levels_and_reasons(office: Office) -> None:
    await office.stage.open("BTC")
    told = await office.chat.wait_text("BTC long 4× opened")
    assert told["photo"]
    for word in ("Entry", "Stop", "Target", "Size", "Margin", "Confidence", "15m trend +1", "🧪 SIM"):
        assert word in shown(told)


async def test_alerts_about_a_market_come_with_its_chart_and_others_without(office: Office) -> None:
    await office.stage.open("BTC")
    (position,) = await office.ledger.live_positions()
    near = LiquidationNear(position, 2, position.entry, position.stop, 0.04, 0.15, Decimal("12.34"), True)
    drawn = {
        StopMoved(position, position.entry, "Ann"): "BTC stop",
        near: "from its liquidation",
        Displaced("SOL", Side.LONG, "BTC", Side.SHORT, 0.65, 0.84, -0.004, 3_600_000, "AB"): "makes room",
        SymbolProtected("BTC", 1_790_000_000_000, "losses", 1): "BTC is left alone",
    }
    plain = {Degraded("x", "y"): "Missing: x"}
    await office.ledger.store(events=[*drawn, *plain], at_ms=office.desk.clock.now_ms())
    assert ["photo" in await office.chat.wait_text(words) for words in drawn.values()] == [True] * len(drawn)
    assert ["photo" in await office.chat.wait_text(words) for words in plain.values()] == [False] * len(plain)


@pytest.mark.parametrize(("kind", "words"), [("day", "No more entries"), ("drawdown", "Entries are halted")])
async def test_a_halt_is_told_to_operators_with_the_way_of_the_equity(office: Office, kind: str, words: str) -> None:
    now = office.desk.clock.now_ms()
    standing = first_standing(10_000.0, now - 6 * PATH_MS)
    for quarter in range(7):
        standing = govern(standing, 10_000.0 - 350 * quarter, 0.0, now - (6 - quarter) * PATH_MS, Governor())
        await office.ledger.store(standing=standing, at_ms=now)
    await office.ledger.store(events=[EntriesHalted(kind, 0.21, 0.2)], at_ms=now)
    told = await office.chat.wait_text(words)
    assert told["photo"]
    assert [m for m in office.chat.messages("group") if "photo" in m] == [], "followers see no amounts"


async def test_a_halt_at_the_first_look_is_told_without_a_picture(office: Office) -> None:
    now = office.desk.clock.now_ms()
    await office.ledger.store(standing=first_standing(9_000.0, now), events=[EntriesHalted("day", 0.1, 0.1)], at_ms=now)
    assert "photo" not in await office.chat.wait_text("No more entries")


async def test_followers_hear_of_trades_without_amounts_or_buttons(office: Office) -> None:
    await office.stage.open("BTC")
    told = await office.chat.wait_text("BTC long 4× opened", chat="group")
    for word in ("Size", "Margin", "Value", "15m trend"):
        assert word not in shown(told)
    assert captions(told) == []
    await close_position(office.desk, "BTC", CloseReason.OPERATOR, "Ann")
    closed = await office.chat.wait_text("closed by hand", chat="group")
    assert "Ann" not in shown(closed)
    assert "Fees" not in shown(closed)


async def test_what_shows_money_cannot_be_forwarded(office: Office) -> None:
    await office.stage.open("BTC")
    await office.chat.wait_text("BTC long 4× opened")
    await office.chat.wait_text("BTC long 4× opened", chat="group")
    await office.ask("/balance", "USDC")
    photos = {c["params"]["chat_id"]: c["params"]["protect_content"] for c in await office.chat.log("sendPhoto")}
    assert photos == {"1001": "true", str(office.chat.chat_id("group")): "false"}
    assert (await office.chat.log("sendMessage"))[-1]["params"]["protect_content"] == "true"


async def test_followers_hear_nothing_of_the_workings(office: Office) -> None:
    await office.ledger.store(events=[Degraded("binance", "down")], at_ms=office.desk.clock.now_ms())
    await office.chat.wait_text("Missing: binance")
    assert not any("binance" in shown(m) for m in office.chat.messages("group"))


async def test_a_stop_is_loud_and_an_opening_is_silent(office: Office) -> None:
    await office.stage.open("BTC")
    await office.chat.wait_text("opened")
    await office.stage.move("BTC", "59000")
    await office.stage.look()
    await office.chat.wait_text("stop hit")
    calls = await office.chat.log("sendPhoto")
    sound = {json.dumps(c["params"].get("caption", ""))[:40]: c["params"]["disable_notification"] for c in calls}
    assert [silent for caption, silent in sound.items() if "opened" in caption] == ["true"] * 1
    assert "false" in sound.values()


async def test_words_of_the_venue_cannot_break_a_message(office: Office) -> None:
    words = "<b>*_`[x](y) & <script> 🟢 " * 3
    await office.ledger.store(events=[OrderFailed("BTC", "entry", words)], at_ms=office.desk.clock.now_ms())
    assert words.strip() in shown(await office.chat.wait_text("was not carried out"))


async def test_a_picture_that_cannot_be_drawn_costs_only_itself(office: Office) -> None:
    class NoFeed:
        async def closed(self, *_: Any) -> Any:
            raise FeedUnavailable("no candles today")

    office.desk.candles = NoFeed()
    await office.stage.open("BTC")
    told = await office.chat.wait_text("BTC long 4× opened")
    assert "photo" not in told


async def test_an_event_that_cannot_be_shown_is_told_as_such_and_keeps_none_back(office: Office) -> None:
    never = Blackout("the end of time", 10**18, 0, 0, "", "Ann", 0)
    await office.ledger.store(events=[BlackoutSet(never), TradingPaused("Ann")], at_ms=office.desk.clock.now_ms())
    assert "BlackoutSet" in shown(await office.chat.wait_text("cannot be shown"))
    assert "Ann" in shown(await office.chat.wait_text("paused"))


async def test_events_of_the_time_before_the_owner_are_told_once_there_is_one(database: Database) -> None:
    async with Office(database, owner_id=None, claim_code=CLAIM) as office:
        await office.stage.open("BTC")
        await office.ask(f"/start {CLAIM}", "You own this desk")
        assert await office.chat.wait_text("BTC long 4× opened")


async def test_what_was_announced_is_not_announced_again_after_a_restart(office: Office) -> None:
    await office.stage.open("BTC")
    await office.chat.wait_text("opened")
    await office.shut()
    await office.open()
    await office.ledger.store(events=[Degraded("end", "")], at_ms=office.desk.clock.now_ms())
    await office.chat.wait_text("Missing: end")
    assert sum("BTC long 4× opened" in shown(m) for m in office.chat.messages()) == 1


async def test_two_events_of_one_moment_arrive_in_order(office: Office) -> None:
    position = None
    await office.stage.open("BTC")
    (position,) = await office.ledger.live_positions()
    events = [Unprotected(position, "refused"), Started("sim", position.entry, 1, 0)]
    await office.ledger.store(events=events, at_ms=office.desk.clock.now_ms())
    last = await office.chat.wait_text("1 open position taken over")
    first = await office.chat.wait_text("no stop could be made to rest")
    assert first["message_id"] < last["message_id"]


async def test_the_status_message_is_pinned_once_and_edited_only_when_it_changed(office: Office) -> None:
    pinned = await office.chat.wait_text("trading · flat")
    await office.side.live_status.refresh()
    assert await office.chat.log("editMessageText") == []
    await office.stage.open("BTC")
    await office.side.live_status.refresh()
    changed = await office.chat.wait_for(lambda m: m["message_id"] == pinned["message_id"] and "1 open" in shown(m))
    assert changed
    assert len(await office.chat.log("pinChatMessage")) == 1


async def test_a_status_message_that_was_deleted_is_posted_and_pinned_anew(office: Office) -> None:
    pinned = await office.chat.wait_text("trading · flat")
    await office.side.bot.delete_message(1001, pinned["message_id"])
    await office.stage.open("BTC")
    await office.side.live_status.refresh()
    again = await office.chat.wait_for(lambda m: "1 open" in shown(m))
    assert again["message_id"] != pinned["message_id"]
    assert len(await office.chat.log("pinChatMessage")) == 2


@pytest.mark.parametrize("locale", ["en", "de"])
async def test_every_event_can_be_told_in_every_language(database: Database, locale: str) -> None:
    async with Office(database, locale=locale) as office:
        await office.stage.open("BTC")
        stored = await office.side.announcer.events.unannounced(10)
        (position,) = await office.ledger.live_positions()
        trade = await close_position(office.desk, "BTC", CloseReason.OPERATOR, "Ann")
    reader = Reader(Texts(locale, strict=True), ZoneInfo("Europe/Berlin"))
    events: list[Any] = [
        *(one.event for one in stored),
        TradeClosed(trade, "Ann"),
        StopMoved(position, position.entry),
        StopMoved(position, position.entry, "Ann"),
        TargetMoved(position, position.entry, "Ann"),
        PositionReduced("BTC", Side.LONG, position.size, position.size, position.entry, "Ann"),
        PositionReduced("BTC", Side.LONG, position.size, position.size, None, "Ann"),
        PositionAdopted(position),
        Unprotected(position, "words"),
        *(StrayOrder("BTC", ours, position.size, position.entry, ours) for ours in (True, False)),
        OrderFailed("BTC", "entry", "words"),
        TradingPaused("Ann"),
        TradingResumed("Ann"),
        SymbolBlocked("BTC", "Ann"),
        SymbolUnblocked("BTC", "Ann"),
        BlackoutSet(Blackout("FOMC", 1_790_000_000_000, 0, 60_000, "crypto SOL", "Ann", 0)),
        BlackoutLifted(Blackout("FOMC", 1_790_000_000_000, 0, 60_000, "", "Ann", 0), "Bob"),
        MarketAdded("NEW", "Ann"),
        *(ModeChanged(mode, "Ann") for mode in ("auto", "semi", "manual")),
        LiveConfirmed("Ann", 0, None, None, None),
        LiveConfirmed("Ann", 9, 0.2, None, None),
        LiveConfirmed("Ann", 90, 0.2, -0.1, 0.5),
        LiveRevoked("Ann"),
        FullSizeConfirmed("Ann", 20),
        StrangerHeld("BTC", Side.LONG, position.size, False),
        StrangerHeld("BTC", Side.SHORT, position.size, True),
        OperatorAway(12.0),
        OperatorBack("Ann"),
        *(WalletEnding("0xab", 1_790_000_000_000, days) for days in (14, 1, 0)),
        MarketRemoved("BTC", "Ann"),
        MarketDelisted("BTC", True),
        MarketDelisted("ETH", False),
        MoneyMoved(Decimal(500), "deposit", Decimal(10_500)),
        MoneyMoved(Decimal(-500), "withdraw", Decimal(10_000)),
        EdgeTurned(True, -0.04, 30, 0.0025),
        EdgeTurned(False, 0.12, 30, 0.0075),
        GovernorMoved(0, 1, 0.061, 4, 0.5, 0.05),
        GovernorMoved(2, 0, 0.01, 8, 1.0, 0.0),
        Displaced("SOL", Side.LONG, "BTC", Side.SHORT, 0.65, 0.84, -0.004, 3_600_000, "AB"),
        *(
            LiquidationNear(position, level, position.entry, position.stop, 0.04, 0.15, Decimal("12.34"), isolated)
            for level, isolated in ((1, True), (2, False))
        ),
        MarginAdded("BTC", Decimal("12.34"), position.stop, 0.15, "Ann"),
        MarginAdded("BTC", Decimal("12.34"), None, None, "Ann"),
        EntriesHalted("day", 0.101, 0.10),
        EntriesHalted("drawdown", 0.21, 0.20),
        *(SymbolProtected("SOL", 1_790_000_000_000, why, 2) for why in WHYS),
        Flattened("Ann", ("BTC",), ("ETH",)),
        Degraded("x", "y"),
        Recovered("x"),
        RegimeChanged("BULL", "CHOPPY", 20, 27, 53, None),
        CrowdingExtreme("BTC", Side.LONG, 0.91, 0.73, 0.12),
        CascadeExhausted("*", 3, 6_200_000.0, 400_000.0, Side.LONG, 14, 23),
        BookMismatch(position.entry, "words"),
        Started("sim", position.entry, 2, 1),
    ]
    assert {type(event) for event in events} >= set(DRAWN) - {type(one.event) for one in stored}
    for event in events:
        view = alert_view(event, 0, reader, "sim")
        assert view is not None
        assert view.render()[0].strip()

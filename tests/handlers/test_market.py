"""The market's readings in chat: /regime, /funding, /top, /enrich, through the local Telegram, by the real flows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import fields, replace

import pytest

from core.flows.cascades import Hearing
from core.flows.scan import scan
from core.market.candles import CandleSeries, Timeframe
from core.market.liquidations import Certainty, Liquidation
from core.market.symbols import Market, Side
from core.signals.cascade import Exhaustion
from core.signals.enrichment.dimensions import Dimensions
from handlers.views.enrich import PASSES
from storage.database import Database
from tests.handlers.office import Office, captions, shown, walk
from tests.handlers.test_conversation import too_wide

LENGTHS = {Timeframe.M15: 1100, Timeframe.H1: 500, Timeframe.H4: 300}


class LongCandles:
    """A random walk per market, long enough to be read."""

    async def closed(self, markets: Sequence[Market], timeframe: Timeframe, now_ms: int) -> Mapping[str, CandleSeries]:
        return {market.symbol: walk(market.symbol, timeframe, now_ms, LENGTHS[timeframe]) for market in markets}


@pytest.fixture(name="office")
async def open_office(database: Database) -> AsyncIterator[Office]:
    async with Office(database) as opened:
        opened.desk.candles = LongCandles()
        yield opened


async def test_before_the_first_scan_there_is_no_regime(office: Office) -> None:
    assert await office.ask("/regime", "There has been no scan yet")


async def test_the_regime_shows_what_it_was_read_from_and_what_it_costs(office: Office) -> None:
    await scan(office.desk)
    text = shown(await office.ask("/regime", "correlation"))
    report = await office.ledger.last_scan()
    assert report is not None
    total = report.bullish + report.bearish + report.neutral
    assert total == 3
    assert f"{report.neutral / total * 100:.0f}% neutral" in text
    assert "Size" in text
    assert "Confidence short" in text


async def test_a_change_of_regime_is_told_to_all_and_the_first_one_is_none(office: Office) -> None:
    await scan(office.desk)
    report = await office.ledger.last_scan()
    assert report is not None
    assert report.regime_before == ""
    other = "BULL" if report.regime != "BULL" else "CHOPPY"
    await office.ledger.store_scan(replace(report, regime=other))
    await scan(office.desk)
    told = await office.chat.wait_text("🧭 Regime: ")
    assert shown(told).startswith(f"🧭 Regime: {other.lower()} → ")
    assert await office.chat.wait_for(lambda m: "🧭 Regime: " in shown(m), chat="group")
    again = await office.ledger.last_scan()
    assert again is not None
    assert (again.regime, again.regime_before) == (report.regime, other)


async def test_the_crowds_are_a_table_with_the_most_crowded_first(office: Office) -> None:
    text = shown(await office.ask("/funding", "Funding"))
    assert "nobody is extremely crowded" in text
    assert [line.split()[0] for line in text.splitlines()[2:5]] == ["BTC", "ETH", "TSLA"]
    assert "+11%" in text


async def test_the_strongest_readings_come_with_their_reasons_and_their_end(office: Office) -> None:
    await scan(office.desk)
    text = shown(await office.ask("/top", "Strongest"))
    rows = [line for line in text.splitlines() if any(arrow in line for arrow in "▲▼")]
    scores = [float(line.split()[-1].replace("−", "-")) for line in rows if ":" not in line]
    assert scores
    assert scores == sorted(scores, reverse=True)
    assert " → " in text


async def test_all_35_readings_fit_one_message_pass_by_pass(office: Office) -> None:
    assert [name for names in PASSES.values() for name in names] == [one.name for one in fields(Dimensions)]
    text = shown(await office.ask("/enrich BTC", "🔬 BTC"))
    assert len(text.encode("utf-16-le")) // 2 < 4096
    for number in "①②③④⑤⑥⑦⑧":
        assert number in text
    assert "StochRSI" in text
    assert "② Pre-market ·" in text, "a pass with nothing to say is one line"


async def test_enrich_offers_markets_and_names_mistakes(office: Office) -> None:
    picked = await office.ask("/enrich", "Which market?")
    assert captions(picked) == ["BTC", "ETH", "TSLA"]
    await office.chat.tap("Ann", picked, text="ETH")
    assert await office.chat.wait_text("🔬 ETH")
    assert await office.ask("/enrich BTCC", "Nearest: BTC")


async def test_followers_read_the_regime_and_nothing_else_of_this(office: Office) -> None:
    assert await office.ask("/regime", "no scan yet", who="Fay", chat="group")
    for command in ("/funding", "/top", "/enrich BTC"):
        await office.chat.say("Fay", command, "group")
    await office.told("trading")
    assert len(await office.attempts("follower")) >= 3


@pytest.mark.parametrize("locale", ["en", "de"])
async def test_the_tables_fit_the_phone_in_every_language(database: Database, locale: str) -> None:
    async with Office(database, locale=locale) as office:
        office.desk.candles = LongCandles()
        await scan(office.desk)
        for command in ("/regime", "/funding", "/top", "/enrich BTC", "/enrich TSLA"):
            await office.ask(command, "")
        await office.ask("/regime", "", who="Fay", chat="group")
        assert too_wide(office, "private", 28) == []
        assert too_wide(office, "group", 22) == []


async def test_without_a_feed_liquidations_say_so(office: Office) -> None:
    assert await office.ask("/liq", "no market data")


@pytest.mark.parametrize("locale", ["en", "de"])
async def test_liquidations_show_windows_feeds_and_what_followed(database: Database, locale: str) -> None:
    async with Office(database, locale=locale) as office:
        desk, now = office.desk, office.stage.clock.now_ms()
        desk.feeds = {"binance": Certainty.SAMPLED, "okx": Certainty.SAMPLED}
        hearing = Hearing(desk)
        hearing.stands("binance", now - 600_000, up=True)
        hearing.stands("okx", now, up=False)
        for number, (symbol, side, size) in enumerate([("BTC", Side.LONG, 30.0), ("ETH", Side.SHORT, 1.0)]):
            hearing.heard(
                [Liquidation(symbol, side, size, 60_000.0, now, "binance", "binance", Certainty.SAMPLED, number)]
            )
        past = Exhaustion("BTC", now - 7_200_000, 2, 9e5, 1e4, Side.LONG, 60_000.0, 0.004, -0.002)
        await office.ledger.store(exhaustions=[past], at_ms=now)
        text = shown(await office.ask("/liq", "💥"))
        rows = [line.split() for line in text.splitlines()[2:5]]
        assert [row[1:3] for row in rows] == [["1.8M", "60k"], ["1.8M", "0"], ["0", "60k"]]
        assert "🟢 binance" in text
        assert "🔴 okx" in text
        assert "100% (1/1)" in text
        assert "0% (0/1)" in text
        assert too_wide(office, "private", 28) == []

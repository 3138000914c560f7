"""/risk, /size SYMBOL, /blocks and timed blocks in chat, by the real flows on the real exchange."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from core.flows.reconcile import reconcile
from core.flows.risk import Prospect, prospect
from core.flows.truth import read_truth
from core.market.candles import CandleSeries, Timeframe
from core.market.symbols import Market
from core.replay.run import ACCOUNT
from core.risk.sizing import Plan
from handlers.views.figures import DAY_MS
from storage.database import Database
from tests.core.flows.stage import FIRST, MARKETS
from tests.handlers.office import Office, captions, shown, walk
from tests.handlers.test_conversation import too_wide
from tests.handlers.test_market import LENGTHS


class Climbing:
    """Every market's walk tilted upwards, ending at its mark: sided views that the venue's prices agree with."""

    async def closed(self, markets: Sequence[Market], timeframe: Timeframe, now_ms: int) -> Mapping[str, CandleSeries]:
        return {market.symbol: climb(market, timeframe, now_ms) for market in markets}


def climb(market: Market, timeframe: Timeframe, now_ms: int) -> CandleSeries:
    bars = LENGTHS[timeframe]
    one = walk(market.symbol, timeframe, now_ms, bars, float(FIRST[market.coin]))
    tilt = [0.003 * (n - bars + 1) * timeframe.ms / Timeframe.H4.ms for n in range(bars)]
    factor = [2.718281828**step for step in tilt]
    return replace(
        one,
        open=one.open * factor,
        high=one.high * factor,
        low=one.low * factor,
        close=one.close * factor,
    )


@pytest.fixture(name="office")
async def open_office(database: Database) -> AsyncIterator[Office]:
    async with Office(database) as opened:
        opened.desk.candles = Climbing()
        yield opened


def row(text: str, name: str) -> list[str]:
    """The figures of one line of a table."""
    line = next(line for line in text.splitlines() if line.strip().startswith(name))
    return line.strip().removeprefix(name).split()


async def test_risk_shows_every_limit_beside_what_is_used_of_it(office: Office) -> None:
    await office.stage.open("BTC")
    (position,) = await office.ledger.live_positions()
    text = shown(await office.ask("/risk", "Drawdown"))
    equity = (await read_truth(office.desk)).account.equity
    share = abs(position.entry - position.stop) * position.size / equity
    assert text.startswith("🛡 Free")
    assert row(text, "Open risk") == [f"{share * 100:.1f}%", "8.0%"]
    assert row(text, "Gross") == [f"{position.size * FIRST['BTC'] / equity:.2f}×", "5×"]
    assert row(text, "Positions") == ["1", "8"]
    assert row(text, "of them long") == ["1", "5"]
    assert row(text, "of them short") == ["0", "5"]
    assert "Only 0 trades: 50% won and payoff 1.50 are assumed; 1.00% of equity" in text


async def lose(office: Office, amount: str) -> None:
    office.stage.running.exchange.deposit(ACCOUNT, -Decimal(amount), "")
    await office.stage.pass_time(60_000)
    await reconcile(office.desk)


async def test_risk_names_the_tier_and_what_it_takes_away(office: Office) -> None:
    await reconcile(office.desk)
    await lose(office, "600")
    text = shown(await office.ask("/risk", "Drawdown"))
    assert text.startswith("🛡 Careful")
    assert row(text, "Drawdown") == ["6.0%", "20.0%"]
    assert row(text, "Lost today") == ["6.0%", "10.0%"]
    assert row(text, "Positions") == ["0", "4"]
    assert row(text, "Risk") == ["×0.5", "×1"]
    assert row(text, "Thresholds") == ["+5pp", "–"]


@pytest.mark.parametrize(
    ("lost", "headline"), [("1100", "🛑 No more entries today"), ("2100", "🛑 Halted by the drawdown; /resume asks")]
)
async def test_risk_begins_with_a_halt_that_lasts(office: Office, lost: str, headline: str) -> None:
    await reconcile(office.desk)
    await lose(office, lost)
    assert shown(await office.ask("/risk", "Drawdown")).startswith(headline)


async def test_size_is_what_a_scan_would_enter_step_by_step(office: Office) -> None:
    found = await prospect(office.desk, MARKETS[0])
    assert isinstance(found, Prospect)
    assert isinstance(found.plan, Plan)
    text = shown(await office.ask("/size BTC", "📐 BTC"))
    assert ("would be entered" in text) == (found.judged.refusal is None)
    assert row(text, "Margin") == [f"{found.plan.margin:,.2f}"]
    assert row(text, "Risk") == [f"{found.plan.risk_share * 100:.2f}%"]
    for step in found.plan.steps:
        assert str(step) in text
    assert await office.live() == [], "it only asks"


async def test_size_of_a_held_market_says_why_not(office: Office) -> None:
    await office.stage.open("BTC")
    assert await office.ask("/size BTC", "📐 BTC long would not be entered: ")


async def test_size_without_a_view_says_what_stands_in_the_way(office: Office) -> None:
    class WithoutBitcoin(Climbing):
        async def closed(
            self, markets: Sequence[Market], timeframe: Timeframe, now_ms: int
        ) -> Mapping[str, CandleSeries]:
            return {s: c for s, c in (await super().closed(markets, timeframe, now_ms)).items() if s != "BTC"}

    office.desk.candles = WithoutBitcoin()
    assert await office.ask("/size BTC", "📐 BTC: nothing to enter (")


async def test_size_offers_markets_and_names_mistakes(office: Office) -> None:
    picked = await office.ask("/size", "Which market?")
    assert captions(picked) == ["BTC", "ETH", "TSLA"]
    await office.chat.tap("Ann", picked, text="ETH")
    assert await office.chat.wait_text("📐 ETH")
    assert await office.ask("/size BTCC", "Nearest: BTC")


async def test_leverage_is_shown_factor_by_factor(office: Office) -> None:
    found = await prospect(office.desk, MARKETS[0])
    assert isinstance(found, Prospect)
    assert isinstance(found.plan, Plan)
    assert found.levered is not None
    text = shown(await office.ask("/leverage BTC", "⚖️ BTC long would be levered"))
    assert row(text, "Market's most") == ["40×"]
    assert row(text, "Given") == [f"{found.plan.leverage}×"]
    assert row(text, "for win rate") == ["×0.75"]
    assert row(text, "Liquidation") == ["≤", f"{found.levered.liquidation_cap:.1f}×"]
    picked = await office.ask("/leverage", "Which market?")
    await office.chat.tap("Ann", picked, text="TSLA")
    assert await office.chat.wait_text("⚖️ TSLA")
    await office.stage.open("BTC")
    held = shown(await office.ask("/leverage BTC", "⚖️ BTC long would be levered"))
    assert row(held, "Given") == [f"{found.plan.leverage}×"], "also where no place is free"


async def test_an_audit_agrees_to_the_cent_or_says_what_differs(office: Office) -> None:
    await office.stage.open("BTC")
    text = shown(await office.ask("/audit", "Book and exchange agree"))
    assert row(text, "Our cash") == row(text, "Theirs")
    assert row(text, "Difference") == ["0.00"]
    office.stage.running.exchange.deposit(ACCOUNT, Decimal("-12.34"), "")
    apart = shown(await office.ask("/audit", "Book and exchange differ"))
    assert row(apart, "Difference") == ["+12.34"]


async def test_a_block_of_days_ends_by_itself_and_is_listed(office: Office) -> None:
    assert await office.ask("/blocks", "Nothing is blocked.")
    before = office.desk.clock.now_ms()
    await office.ask("/block btc 3d", "BTC")
    await office.ask("/block ETH", "ETH")
    blocks = (await office.ledger.switches()).blocks
    assert blocks["BTC"].until_ms == before + 3 * DAY_MS
    assert blocks["ETH"].until_ms is None
    lines = shown(await office.ask("/blocks", "2 markets are blocked")).splitlines()
    assert [line.split(" · ")[0] for line in lines if line.startswith(("⛔ BTC", "⛔ ETH"))] == [
        "⛔ BTC",
        "⛔ ETH",
    ], "what ends first comes first"
    assert "by Ann" in lines[1]
    await office.stage.pass_time(3 * DAY_MS)
    assert "BTC" not in shown(await office.ask("/blocks", "1 market is blocked"))


async def test_followers_learn_nothing_of_the_sizes(office: Office) -> None:
    for command in ("/risk", "/size BTC", "/blocks"):
        await office.chat.say("Fay", command, "group")
    await office.told("trading")
    assert len(await office.attempts("follower")) >= 3


@pytest.mark.parametrize("locale", ["en", "de"])
async def test_the_tables_fit_the_phone_in_every_language(database: Database, locale: str) -> None:
    async with Office(database, locale=locale) as office:
        office.desk.candles = Climbing()
        await office.stage.open("BTC")
        await office.ask("/block ETH 30d", "ETH")
        for command in ("/risk", "/size BTC", "/size TSLA", "/leverage TSLA", "/leverage BTC", "/audit", "/blocks"):
            await office.ask(command, "")
        assert too_wide(office, "private", 28) == []

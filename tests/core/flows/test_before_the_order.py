"""Entries that the market itself forbids: prices read when the order is made, shut markets, events (SPEC G3, T1)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.decision.record import Outcome, Verdict
from core.errors import AlreadyDone, UserMistake
from core.events import BlackoutLifted, BlackoutSet
from core.flows.blackouts import black_out, blackouts, lift_blackout
from core.flows.quotes import Quotes
from core.flows.scan import enter_all, stand_back
from core.market.symbols import AssetClass, Side
from core.replay.quoting import half_spread, quoted
from core.replay.run import ACCOUNT
from core.risk.blackouts import Blackout
from core.settings import Settings
from core.trading.exchange.ports import Price
from tests.core.flows.ports import Intercepted
from tests.core.flows.stage import CALM, START, Stage, judged

HOUR, MINUTE = 3_600_000, 60_000
UNTIL_CLOSE = 5 * HOUR + 30 * MINUTE
"""From the stage's start to New York's closing bell."""


@pytest.fixture
async def stage() -> Stage:
    one = Stage()
    await one.begin()
    return one


def event(name: str = "FOMC", at_ms: int = START + HOUR, scope: str = "", **changes: int) -> Blackout:
    usual = Blackout(name, at_ms, 30 * MINUTE, 30 * MINUTE, scope, "Ann", START)
    return replace(usual, **changes)  # type: ignore[arg-type]


def figures(outcome: Outcome) -> tuple[Verdict, str, str, float | None, float | None]:
    return (outcome.verdict, outcome.stage, outcome.rule, outcome.measured, outcome.limit)


def fills(stage: Stage) -> int:
    return len(stage.running.exchange.fills(ACCOUNT))


@pytest.mark.parametrize(("mark", "rule"), [("60150", "filled"), ("60151", "moved"), ("59850", "filled"), ("59849", "moved")])  # fmt: skip
async def test_a_mark_that_ran_away_since_the_decision_bar_is_not_followed(stage: Stage, mark: str, rule: str) -> None:
    await stage.move("BTC", mark)
    outcome = await stage.open("BTC")
    assert outcome.rule == rule
    assert fills(stage) == (rule == "filled")


async def test_what_was_measured_of_a_move_is_on_record(stage: Stage) -> None:
    await stage.move("BTC", "60300")
    outcome = await stage.open("BTC")
    assert figures(outcome) == (Verdict.REFUSED, "execution", "moved", 1.0, 0.5)
    assert outcome.confidence == 0.7


async def test_the_mark_is_the_present_one_for_each_candidate_of_a_scan() -> None:
    """ETH runs away while BTC is being entered: the prices that were read first are too old by then."""
    one = Stage()
    venue = Intercepted(one.venue)
    desk = one.desk = one.new_desk(venue=venue)
    await one.begin()

    async def later() -> None:
        venue.before.clear()
        await one.move("ETH", "3100", desk.settings.entry.quotes_ms + 1)

    venue.before["set_leverage"] = later
    outcomes, _ = await enter_all(desk, [judged("BTC"), judged("ETH")], CALM)
    assert [(o.symbol, o.rule) for o in outcomes] == [("BTC", "filled"), ("ETH", "moved")]


@pytest.mark.parametrize(("waited", "asked"), [(0, 1), (2_000, 1), (2_001, 2)])
async def test_prices_are_asked_for_anew_only_once_they_are_old(stage: Stage, waited: int, asked: int) -> None:
    venue = Intercepted(stage.venue)
    desk = stage.new_desk(venue=venue)
    asking: list[int] = []

    async def count() -> None:
        asking.append(1)

    venue.before["quotes"] = count
    quotes = Quotes()
    assert await quotes.of("BTC", desk) is not None
    await stage.pass_time(waited)
    assert await quotes.of("ETH", desk) is not None
    assert await quotes.of("NONE", desk) is None
    assert len(asking) == asked


async def test_prices_may_be_waited_for_before_the_lock_of_trading_but_not_under_it(stage: Stage) -> None:
    """A close waits for that lock."""
    venue = Intercepted(stage.venue)
    desk = stage.new_desk(venue=venue)
    asked: list[tuple[bool, bool]] = []

    async def note(*, hurried: bool = False) -> Any:
        asked.append((hurried, desk.trading.locked()))
        found = await stage.venue.quotes(hurried=hurried)
        if not hurried:
            await stage.pass_time(desk.settings.entry.quotes_ms + 1)
        return found

    venue.instead["quotes"] = note
    outcomes, _ = await enter_all(desk, [judged("BTC")], CALM)
    assert asked == [(False, False), (True, True)]
    assert outcomes[0].rule == "filled"


class WideMarket:
    """The stage's market with another spread, or no price at all to show for one coin."""

    def __init__(self, stage: Stage, half: Decimal) -> None:
        self.market, self.half = stage.market, half

    def price(self, coin: str) -> Price | None:
        mark = self.market.marks[coin]
        return Price(mark=mark, oracle=mark, bid=mark - self.half, ask=mark + self.half)


@pytest.mark.parametrize(("half", "rule"), [("45", "costs"), ("8", "filled"), ("10", "costs"), ("46", "spread")])
async def test_a_wide_spread_is_not_crossed(stage: Stage, half: str, rule: str) -> None:
    """BTC at 60,000: half of 0.15 % is 45; fees, funding and spread are over 15 % of a stop of 1 % beyond 9."""
    wide = WideMarket(stage, Decimal(half))
    stage.running.exchange.look = wide.price
    quote = (await stage.venue.quotes())["BTC"]
    assert (quote.bid, quote.ask) == (60_000 - Decimal(half), 60_000 + Decimal(half))
    assert (await stage.open("BTC")).rule == rule


async def test_a_book_that_shows_no_prices_is_not_entered() -> None:
    """Twenty levels of the street that hold less than the impact notional."""
    thin = Stage(Settings.overridden({"exchange": {"level_usd": 100.0, "level_growth": 0.0}}))
    await thin.begin()
    quote = (await thin.venue.quotes())["BTC"]
    assert (quote.bid, quote.ask) == (None, None)
    assert figures(await thin.open("BTC")) == (Verdict.REFUSED, "execution", "no_spread", None, None)
    assert fills(thin) == 0


async def test_costs_beyond_what_the_stop_is_worth_are_refused_with_their_parts(stage: Stage) -> None:
    outcome = await stage.open("TSLA", atr=1.5)
    assert (outcome.verdict, outcome.stage, outcome.rule, outcome.limit) == (
        Verdict.REFUSED,
        "execution",
        "costs",
        15.0,
    )
    assert outcome.detail == "fees 0.180%, funding 0.030%, spread 0.007%; 1 R is 1.000%"
    short = await stage.open("TSLA", Side.SHORT, atr=1.5)
    assert "funding 0.000%" in short.detail
    assert (await stage.open("TSLA", atr=3.0)).verdict is Verdict.OPENED


async def test_a_victim_is_not_closed_for_a_candidate_whose_market_ran_away() -> None:
    from core.flows.displace import Room
    from core.flows.enter import enter

    full = Stage(Settings.overridden({"limits": {"positions": 1}}))
    await full.begin()
    await full.open("BTC", confidence=0.66)
    await full.pass_time(HOUR)
    await full.move("ETH", "3100")
    outcome = await enter(full.desk, judged("ETH", confidence=0.95), CALM, Quotes(), room=Room())
    assert outcome.rule == "max_positions"
    assert [p.symbol for p in await full.ledger.live_positions()] == ["BTC"]
    await full.move("ETH", "3000")
    assert (
        await enter(full.desk, judged("ETH", confidence=0.95), CALM, Quotes(), room=Room())
    ).verdict is Verdict.OPENED


async def test_while_its_market_is_shut_a_share_is_no_candidate_and_not_entered(stage: Stage) -> None:
    views = [judged(symbol).view for symbol in ("BTC", "TSLA")]
    refusals, free = await stand_back(stage.desk, views)
    assert (refusals, [v.symbol for v in free]) == ([], ["BTC", "TSLA"])
    await stage.pass_time(UNTIL_CLOSE)
    refusals, free = await stand_back(stage.desk, views)
    assert [(r.symbol, r.stage, r.rule) for r in refusals] == [("TSLA", "limits", "market_closed")]
    assert [v.symbol for v in free] == ["BTC"]
    assert (await stage.open("TSLA")).rule == "market_closed"
    assert (await stage.open("BTC")).rule == "filled"


async def test_a_market_that_shuts_between_the_scan_and_the_order_is_not_entered(stage: Stage) -> None:
    await stage.pass_time(UNTIL_CLOSE - 1)
    assert await stand_back(stage.desk, [judged("TSLA").view]) == ([], [judged("TSLA").view])
    await stage.pass_time(1)
    assert (await stage.open("TSLA")).rule == "market_closed"


async def test_inside_a_blackout_nothing_new_is_entered_and_what_is_held_stays(stage: Stage) -> None:
    await stage.open("ETH")
    await black_out(stage.desk, event())
    assert (await stage.open("BTC")).rule == "filled"
    await stage.pass_time(30 * MINUTE)
    outcome = await stage.open("TSLA")
    assert figures(outcome) == (Verdict.REFUSED, "limits", "blackout", 0.0, 60.0)
    assert outcome.detail == "FOMC, by Ann"
    refusals, free = await stand_back(stage.desk, [judged("TSLA").view])
    assert ([r.rule for r in refusals], free) == (["blackout"], [])
    await stage.look()
    assert sorted(p.symbol for p in await stage.ledger.live_positions()) == ["BTC", "ETH"]
    assert len(stage.stops("ETH")) == len(stage.stops("BTC")) == 1
    await stage.pass_time(60 * MINUTE)
    assert (await stage.open("TSLA")).rule == "filled"


async def test_a_blackout_listed_while_a_scan_runs_stops_its_entries(stage: Stage) -> None:
    venue = Intercepted(stage.venue)
    desk = stage.new_desk(venue=venue)

    async def list_once() -> None:
        venue.before.clear()
        await black_out(desk, event(at_ms=START, scope="crypto"))

    venue.before["quotes"] = list_once
    outcomes, _ = await enter_all(desk, [judged("BTC"), judged("TSLA")], CALM)
    assert [(o.symbol, o.rule) for o in outcomes] == [("BTC", "blackout"), ("TSLA", "filled")]


async def test_events_are_kept_in_their_order_told_and_lifted(stage: Stage) -> None:
    late, early, other = event(at_ms=START + 9 * HOUR), event(), event("CPI", START + 2 * HOUR)
    for one in (late, early, other):
        await black_out(stage.desk, one)
    assert await blackouts(stage.desk) == [early, other, late]
    with pytest.raises(AlreadyDone):
        await black_out(stage.desk, event("fomc"))
    assert await lift_blackout(stage.desk, "cpi", "Bob") == [other]
    assert await lift_blackout(stage.desk, "FOMC", "Bob", late.at_ms) == [late]
    assert (await stage.ledger.switches()).blackouts == (early,)
    with pytest.raises(UserMistake, match="'CPI' is no event of the list; it holds FOMC"):
        await lift_blackout(stage.desk, "CPI", "Bob")
    told = [one for _, one in stage.ledger.events if isinstance(one, BlackoutSet | BlackoutLifted)]
    assert told == [
        *(BlackoutSet(one) for one in (late, early, other)),
        BlackoutLifted(other, "Bob"),
        BlackoutLifted(late, "Bob"),
    ]


async def test_all_events_of_a_name_can_be_lifted_at_once(stage: Stage) -> None:
    for hours in (1, 2, 3):
        await black_out(stage.desk, event(at_ms=START + hours * HOUR))
    assert len(await lift_blackout(stage.desk, "FOMC", "Ann")) == 3
    assert await blackouts(stage.desk) == []
    with pytest.raises(UserMistake, match="it holds no event"):
        await lift_blackout(stage.desk, "FOMC", "Ann")


async def test_an_event_that_is_over_is_neither_taken_nor_kept(stage: Stage) -> None:
    await black_out(stage.desk, event())
    with pytest.raises(UserMistake, match="NFP is over"):
        await black_out(stage.desk, event("NFP", START - 30 * MINUTE))
    await black_out(stage.desk, event("NFP", START - 30 * MINUTE + 1))
    await stage.pass_time(90 * MINUTE)
    assert await blackouts(stage.desk) == []
    await black_out(stage.desk, event("CPI", START + 5 * HOUR))
    assert [one.name for one in (await stage.ledger.switches()).blackouts] == ["CPI"]


async def test_a_blackout_leaves_the_other_decisions_as_they_are(stage: Stage) -> None:
    from core.flows.control import block, pause

    await pause(stage.desk, "Ann")
    await block(stage.desk, "ETH", "Ann")
    await black_out(stage.desk, event())
    await block(stage.desk, "BTC", "Ann")
    switches = await stage.ledger.switches()
    assert (switches.paused, set(switches.blocks), len(switches.blackouts)) == (True, {"ETH", "BTC"}, 1)


@pytest.mark.parametrize("asset_class", list(AssetClass))
@pytest.mark.parametrize("mark", [0.012346, 1.2346, 98.7, 61234.0])
def test_simulated_markets_of_every_class_are_narrow_enough_to_be_entered(asset_class: AssetClass, mark: float) -> None:
    rules = Settings()
    price = quoted(mark, 6, half_spread(asset_class, rules.quotes), gapped=False)
    assert 0 < (price.ask - price.bid) / price.mark < Decimal(str(rules.entry.spread_most)) / 2

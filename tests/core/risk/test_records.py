"""What risk puts on record, whole: every refusal with its figures, every step of a plan, every price on its side of the
grid. Written against the mutants of ``core/risk`` that the other tests let live."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from core.market.symbols import AssetClass, Market, Side
from core.risk.governor import DAY_MS, Standing, first_standing, govern, refuse_by_halt
from core.risk.kelly import TradeStats, risk_share, trade_stats
from core.risk.leverage import LeverageReading, choose_leverage, liquidation_cap, tier_leverage
from core.risk.limits import Exposure, refuse_by_cooldown, refuse_by_correlation, refuse_by_count
from core.risk.liquidation import Held, Levels, Nearness, nearness
from core.risk.protection import Shield, after_trade, block_length, shield_of
from core.risk.sizing import Plan, Request, plan_trade
from core.risk.stops import initial_stop, initial_target, moved_stop
from core.settings import Governor, Leverage, Limits, Protection, Settings, Sizing, Stops
from core.sifting import Refusal

D = Decimal
BTC = Market("BTC", AssetClass.CRYPTO, "BTC", max_leverage=40, size_decimals=5)
NOVICE = TradeStats(0, 0.5, 1.5)
HOPELESS = TradeStats(30, 0.2, 1.0)
NOON = 20_000 * DAY_MS + DAY_MS // 2
HOUR = 3_600_000


def request(**changes: object) -> Request:
    usual: dict[str, object] = {
        "market": BTC, "side": Side.LONG, "mark": D(60000), "atr": 300.0, "range_24h": 0.03, "confidence": 0.70,
    }  # fmt: skip
    return Request(**{**usual, **changes})  # type: ignore[arg-type]


def exposure(**changes: float) -> Exposure:
    usual = {"equity": 10_000.0, "free": 10_000.0, "open_risk": 0.0, "gross": 0.0, "day_loss": 0.0}
    return Exposure(**{**usual, **changes})


def refusal(asked: Request, held: Exposure | None = None, stats: TradeStats = NOVICE) -> Refusal:
    found = plan_trade(asked, held or exposure(), stats, Settings())
    assert isinstance(found, Refusal), found
    return found


def column(asked: Request, held: Exposure | None = None, stats: TradeStats = NOVICE) -> list[str]:
    found = plan_trade(asked, held or exposure(), stats, Settings())
    assert isinstance(found, Plan), found
    return [str(step) for step in found.steps]


# --- plans ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("side", "limit", "stop", "target"),
    [(Side.LONG, "60180", "59400", "60900"), (Side.SHORT, "59820", "60600", "59100")],
)
def test_a_plan_is_on_record_whole(side: Side, limit: str, stop: str, target: str) -> None:
    asked = request(side=side)
    found = plan_trade(asked, exposure(), NOVICE, Settings())
    assert isinstance(found, Plan)
    assert (found.market, found.side, found.mark, found.leverage) == (BTC, side, D(60000), 4)
    assert (found.size, found.notional, found.margin) == (D("0.12820"), 7692.0, 1923.0)
    assert (found.limit, found.stop, found.target) == (D(limit), D(stop), D(target))
    assert found.risk == pytest.approx(7692 * 0.013)
    assert found.risk_share == pytest.approx(7692 * 0.013 / 10_000)
    assert [str(step) for step in found.steps] == [
        "kelly: 0.0416667 → 0.01 of equity",
        "leverage MODERATE: 6.5 → 4 ×",
        "risk: 100 USD",
        "notional: 7692.31 USD",
        "lot: 7692.31 → 7692 USD",
    ]


def test_every_factor_and_every_clamp_is_a_step_of_the_column() -> None:
    factors = (("regime", 0.5), ("crowding", 1.0), ("governor", 0.25))
    assert column(request(factors=factors), exposure(open_risk=795.0)) == [
        "kelly: 0.0416667 → 0.01 of equity",
        "leverage MODERATE: 6.5 → 4 ×",
        "risk: 100 USD",
        "regime: 100 → 50 USD risk",
        "governor: 50 → 12.5 USD risk",
        "notional: 961.538 USD",
        "open risk: 961.538 → 384.615 USD",
        "lot: 384.615 → 384.6 USD",
    ]


def test_a_probe_says_so() -> None:
    assert column(request(), stats=HOPELESS)[0] == "probe: -0.15 → 0.0025 of equity"


def test_todays_loss_and_the_open_risk_share_one_allowance() -> None:
    assert "daily loss: 7692.31 → 3846.15 USD" in column(request(), exposure(day_loss=650.0, open_risk=300.0))


@pytest.mark.parametrize(
    ("side", "limit", "stop", "target"),
    [(Side.LONG, "100.33", "98.035", "103.03"), (Side.SHORT, "99.733", "102.03", "97.036")],
)
def test_every_price_is_rounded_toward_less_risk(side: Side, limit: str, stop: str, target: str) -> None:
    market = replace(BTC, size_decimals=3)
    found = plan_trade(request(market=market, mark=D("100.033"), atr=0.9992, side=side), exposure(), NOVICE, Settings())
    assert isinstance(found, Plan)
    assert (found.limit, found.stop, found.target) == (D(limit), D(stop), D(target))


# --- plans that are none ----------------------------------------------------------------------------------------------


def test_without_volatility_there_is_no_plan() -> None:
    assert refusal(request(atr=0.0)) == Refusal("BTC", "sizing", "no_volatility", 0.0, 0.0, "ATR")
    assert refusal(request(atr=-2.0)) == Refusal("BTC", "sizing", "no_volatility", -2.0, 0.0, "ATR")


def test_a_stop_under_a_dollar_away_is_a_stop() -> None:
    assert isinstance(plan_trade(request(mark=D(60), atr=0.3), exposure(), NOVICE, Settings()), Plan)


def test_a_stop_behind_the_liquidation_is_refused_with_its_distance() -> None:
    assert refusal(request(atr=24_000.0)) == Refusal("BTC", "sizing", "liquidation_before_stop", 0.8)


SMALL = request(market=replace(BTC, size_decimals=3), mark=D(100), atr=0.1)


def test_ten_dollars_are_enough_and_less_names_the_clamp_that_binds() -> None:
    found = plan_trade(SMALL, exposure(gross=49_990.0), NOVICE, Settings())
    assert isinstance(found, Plan)
    assert found.notional == 10.0
    expected = Refusal("BTC", "sizing", "under_minimum", 8.0, 10.0, "gross notional")
    assert refusal(SMALL, exposure(gross=49_992.0)) == expected


def test_where_nothing_binds_it_is_the_lot() -> None:
    small = replace(SMALL, confidence=0.5, atr=0.35)
    poor = exposure(equity=32.0, free=1_000.0)
    assert refusal(small, poor, HOPELESS) == Refusal("BTC", "sizing", "under_minimum", 8.0, 10.0, "lot")


def test_a_limit_that_is_overrun_leaves_nothing() -> None:
    assert refusal(SMALL, exposure(gross=60_000.0)).measured == 0.0
    assert refusal(SMALL, exposure(open_risk=900.0)).measured == 0.0


# --- leverage ---------------------------------------------------------------------------------------------------------


def test_a_reading_of_leverage_is_on_record_whole() -> None:
    found = choose_leverage(
        confidence=0.70, market_max=40, range_24h=0.07, win_rate=0.5, stop_share=0.01, rules=Leverage()
    )
    assert found == LeverageReading(
        3, "MODERATE", pytest.approx(6.5), 0.65, 0.75, liquidation_cap(0.01, 40, Leverage())
    )


@pytest.mark.parametrize(
    ("stop", "market_max", "cap"),
    [
        (0.01, 40, 1 / (0.015 * 1.0125 + 0.0125)),
        (0.02, 5, 1 / (0.03 * 1.1 + 0.1)),
        (0.5, 40, 1 / (0.75 * 1.0125 + 0.0125)),
    ],
)
def test_the_liquidation_cap_is_the_formula(stop: float, market_max: int, cap: float) -> None:
    assert liquidation_cap(stop, market_max, Leverage()) == pytest.approx(cap)


@pytest.mark.parametrize(
    ("stop", "market_max", "leverage"),
    [(0.5, 40, 1), (0.5 / 2.25, 1, 1), (0.5 / 2.25 + 1e-9, 1, None), (0.7, 40, None)],
)
def test_one_is_the_least_leverage_and_under_that_there_is_none(
    stop: float, market_max: int, leverage: int | None
) -> None:
    found = choose_leverage(
        confidence=0.99, market_max=market_max, range_24h=0.01, win_rate=0.9, stop_share=stop, rules=Leverage()
    )
    assert (found.leverage if found is not None else None) == leverage


def test_a_market_that_lends_nothing_is_traded_at_one() -> None:
    assert [tier_leverage(c, 1, Leverage())[1] for c in (0.3, 0.5, 0.6, 0.7, 0.8, 0.95)] == [1.0] * 6


# --- Kelly ------------------------------------------------------------------------------------------------------------


def test_a_trade_that_came_to_nothing_is_neither_gain_nor_loss() -> None:
    assert trade_stats([2.0] * 10 + [0.0] * 5 + [-1.0] * 10, Sizing()) == TradeStats(25, 0.4, 2.0)
    assert trade_stats([0.5] * 10 + [-0.25] * 10, Sizing()) == TradeStats(20, 0.5, 2.0)


def test_a_kelly_of_nothing_is_a_probe() -> None:
    assert risk_share(TradeStats(30, 0.5, 1.0), Sizing()) == (0.0025, True)


# --- limits -----------------------------------------------------------------------------------------------------------


def test_refusals_of_the_portfolio_are_on_record_whole() -> None:
    assert refuse_by_count("SOL", Side.LONG, [Side.SHORT] * 8, 8, Limits()) == Refusal(
        "SOL", "limits", "max_positions", 8, 8
    )
    assert refuse_by_count("SOL", Side.SHORT, [Side.SHORT] * 6, 8, Limits()) == Refusal(
        "SOL", "limits", "max_same_direction", 6, 5, "short"
    )
    assert refuse_by_correlation("ETH", {"BTC": 0.9, "SOL": 0.3}, Limits()) == Refusal(
        "ETH", "limits", "correlated", 0.9, 0.85, "BTC"
    )
    assert refuse_by_cooldown("ETH", {"ETH": 10 * HOUR}, 10 * HOUR + 45 * 60_000, Limits()) == Refusal(
        "ETH", "limits", "cooldown", 45.0, 60.0
    )


# --- stops ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("side", "stop", "target"), [(Side.LONG, "96.667", "105"), (Side.SHORT, "103.33", "95.001")])
def test_a_stop_is_rounded_toward_the_price_and_a_target_toward_the_entry(side: Side, stop: str, target: str) -> None:
    assert initial_stop(D(100), side, 1.6667, 3, Stops()) == D(stop)
    assert initial_target(D("100.001"), side, 1.6667, 3, Stops()) == D(target)


@pytest.mark.parametrize(
    ("side", "best", "expected"),
    [
        (Side.SHORT, "96.01", None),
        (Side.SHORT, "96", "100"),
        (Side.SHORT, "95.9999", "99.999"),
        (Side.SHORT, "90", "94"),
        (Side.LONG, "104.00011", "100.01"),
        (Side.LONG, "110", "106"),
    ],
)
def test_a_moved_stop_of_either_side(side: Side, best: str, expected: str | None) -> None:
    initial = D(100) - side.sign * 4
    got = moved_stop(
        entry=D(100), side=side, initial=initial, stop=initial, best=D(best), atr=2.0, price_decimals=3, rules=Stops()
    )  # fmt: skip
    assert got == (None if expected is None else D(expected))


@pytest.mark.parametrize(("stop", "moves"), [("105.8", False), ("105.9", False), ("105.79", True)])
def test_a_stop_moves_only_by_more_than_a_tenth_of_an_atr(stop: str, *, moves: bool) -> None:
    got = moved_stop(
        entry=D(100), side=Side.LONG, initial=D(96), stop=D(stop), best=D(110), atr=2.0, price_decimals=2, rules=Stops()
    )  # fmt: skip
    assert (got is not None) is moves


# --- governor ---------------------------------------------------------------------------------------------------------


def test_a_book_begins_at_its_peak() -> None:
    assert first_standing(123.0, NOON) == Standing(NOON, 123.0, 123.0, 123.0)


def test_a_reading_is_kept_with_its_time() -> None:
    later = govern(first_standing(100.0, NOON), 99.0, 0.0, NOON + 5, Governor())
    assert (later.at_ms, later.equity, later.peak, later.day_equity) == (NOON + 5, 99.0, 100.0, 100.0)


def test_the_day_of_an_account_that_was_filled_anew_begins_there_and_that_of_a_tiny_one_goes_on() -> None:
    assert govern(first_standing(9_000.0, NOON), 5_000.0, 5_000.0, NOON + 1, Governor()).day_equity == 5_000.0
    assert govern(first_standing(1.0, NOON), 0.75, 0.0, NOON + 1, Governor()).day_equity == 1.0


def test_refusals_of_the_governor_are_on_record_whole() -> None:
    lost = Standing(NOON, 7_500.0, 10_000.0, 10_000.0, drawdown_halt=True, day_halt=True)
    assert refuse_by_halt("BTC", lost, Governor()) == Refusal("BTC", "governor", "drawdown_halt", 0.25, 0.20)
    day = replace(lost, drawdown_halt=False)
    assert refuse_by_halt("BTC", day, Governor()) == Refusal("BTC", "governor", "day_halt", 0.25, 0.10)


# --- liquidation ------------------------------------------------------------------------------------------------------


def test_a_stop_exactly_at_the_level_spares_no_warning() -> None:
    held = Held(Side.LONG, D(1), D("99.9"), D(96), D(10))
    limits = Levels(warn=0.04, critical=0.02, goal=0.08, tight=True)
    assert nearness(held, D(100), limits) is Nearness.WARNING
    assert nearness(held, D("100.01"), limits) is Nearness.FAR


# --- protection -------------------------------------------------------------------------------------------------------


def test_no_block_has_no_reason() -> None:
    rules = Protection()
    assert block_length(Shield(losses=2), 0, True, rules) == (0, "")
    assert block_length(Shield(losses=3), 0, False, rules) == (0, "")


def test_the_longest_block_counts_with_its_reason() -> None:
    rules = Protection()
    week, month = 7 * DAY_MS, 30 * DAY_MS
    once = Shield(losses=3, blocks=((NOON, 3 * DAY_MS),))
    assert block_length(once, NOON + DAY_MS, True, rules) == (week, "second")
    twice = Shield(losses=3, blocks=((NOON, 3 * DAY_MS), (NOON, 3 * DAY_MS)))
    assert block_length(twice, NOON + DAY_MS, True, rules) == (month, "third")
    careful = Shield(blocks=((NOON, week),), probation=True)
    assert block_length(careful, NOON + DAY_MS, True, rules) == (month, "probation")


def test_of_two_equal_blocks_the_first_reason_counts() -> None:
    seldom = Shield(results=(True, True, *[False] * 8), blocks=((NOON, 3 * DAY_MS),))
    assert block_length(seldom, NOON + DAY_MS, True, Protection()) == (7 * DAY_MS, "rate")


def test_the_reason_is_kept_with_the_block() -> None:
    first = shield_of([(NOON, -1.0)] * 3, Protection())
    free = after_trade(after_trade(first, NOON + 1, 1.0, Protection()), NOON + 2, 1.0, Protection())
    again = free
    for n in range(3):
        again = after_trade(again, NOON + 10 + n, -1.0, Protection())
    assert (first.why, again.why) == ("losses", "second")

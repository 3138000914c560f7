"""Every portfolio bound of SPEC R1, R3 and R5 just inside, where it changes nothing, and just outside, where it binds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.market.symbols import AssetClass, Market, Side
from core.risk.kelly import TradeStats, trade_stats
from core.risk.leverage import choose_leverage, tier_leverage
from core.risk.limits import Exposure, refuse_by_count
from core.risk.sizing import Plan, Request, plan_trade
from core.settings import Leverage, Limits, Settings, Sizing

BTC = Market("BTC", AssetClass.CRYPTO, "BTC", max_leverage=40, size_decimals=5)
NOVICE = TradeStats(0, 0.5, 1.5)
RISK, LOSS_SHARE, LEVERAGE = 100.0, 0.013, 4
NOTIONAL = RISK / LOSS_SHARE
"""Of the trade below while nothing binds: 1 % of 10,000 USD at a stop of 1 % and 0.3 % of slippage."""

BOUNDS = [
    ("free collateral", {"free": NOTIONAL / LEVERAGE / 0.95 + 0.01}, False),
    ("free collateral", {"free": NOTIONAL / LEVERAGE / 0.95 - 0.01}, True),
    ("open risk", {"open_risk": 800 - RISK - 0.01}, False),
    ("open risk", {"open_risk": 800 - RISK + 0.01}, True),
    ("gross notional", {"gross": 50_000 - NOTIONAL - 0.01}, False),
    ("gross notional", {"gross": 50_000 - NOTIONAL + 0.01}, True),
    ("daily loss", {"day_loss": 1_000 - RISK - 0.01}, False),
    ("daily loss", {"day_loss": 1_000 - RISK + 0.01}, True),
    ("daily loss", {"day_loss": 600.0, "open_risk": 400 - RISK - 0.01}, False),
    ("daily loss", {"day_loss": 600.0, "open_risk": 400 - RISK + 0.01}, True),
]


@pytest.mark.parametrize(("rule", "held", "binds"), BOUNDS)
def test_a_bound_binds_just_outside_and_not_just_inside(rule: str, held: dict[str, float], binds: bool) -> None:
    usual = {"equity": 10_000.0, "free": 10_000.0, "open_risk": 0.0, "gross": 0.0, "day_loss": 0.0}
    asked = Request(BTC, Side.LONG, Decimal(60_000), 300.0, 0.03, 0.70)
    plan = plan_trade(asked, Exposure(**{**usual, **held}), NOVICE, Settings())
    assert isinstance(plan, Plan)
    assert plan.leverage == LEVERAGE
    assert [step.rule for step in plan.steps if step.rule in {row[0] for row in BOUNDS}] == [rule] * binds


@pytest.mark.parametrize(("atr", "binds"), [(1_109.9, True), (1_110.1, False)])
def test_a_quarter_of_the_equity_is_the_most_margin(atr: float, binds: bool) -> None:
    """At 1× the margin is the notional, and 100 / ((2·atr + 180) / 60,000) passes 2,500 at an ATR of 1,110."""
    asked = Request(BTC, Side.SHORT, Decimal(60_000), atr, 0.03, 0.50)
    plan = plan_trade(asked, Exposure(10_000.0, 10_000.0, 0.0, 0.0, 0.0), NOVICE, Settings())
    assert isinstance(plan, Plan)
    assert plan.leverage == 1
    assert any(step.rule == "margin per trade" for step in plan.steps) is binds


@pytest.mark.parametrize(
    ("trades", "stats"),
    [
        (19, TradeStats(19, 0.5, 1.5)),
        (20, TradeStats(20, 1.0, 3.0)),
    ],
)
def test_a_record_counts_from_twenty_trades(trades: int, stats: TradeStats) -> None:
    assert trade_stats([1.0] * trades, Sizing()) == stats


@pytest.mark.parametrize(("older", "rate"), [(49, 0.98), (50, 1.0)])
def test_the_fiftieth_newest_trade_counts_and_the_one_before_it_does_not(older: int, rate: float) -> None:
    assert trade_stats([1.0] * older + [-1.0], Sizing()).win_rate == pytest.approx(rate)


@pytest.mark.parametrize(
    ("confidence", "market_max", "tier"),
    [
        (0.6499, 200, "CONSERVATIVE"),
        (0.65, 200, "MODERATE"),
        (0.7499, 200, "MODERATE"),
        (0.75, 200, "AGGRESSIVE"),
        (0.8999, 200, "AGGRESSIVE"),
        (0.90, 200, "MAXIMUM"),
        (0.90, 50, "MAXIMUM"),
        (0.90, 49, "AGGRESSIVE"),
    ],
)
def test_tiers_begin_where_the_specification_says(confidence: float, market_max: int, tier: str) -> None:
    assert tier_leverage(confidence, market_max, Leverage())[0] == tier


@pytest.mark.parametrize(
    ("confidence", "market_max", "span", "win_rate", "leverage"),
    [
        (0.575, 40, 0.0, 0.65, 2),
        (0.574999, 40, 0.0, 0.65, 1),
        (0.825, 40, 0.0, 0.65, 20),
        (0.824999, 40, 0.0, 0.65, 19),
        (0.95, 200, 0.0, 0.65, 75),
        (0.949999, 200, 0.0, 0.65, 74),
        (0.825, 40, 0.05, 0.65, 13),
        (0.825, 40, 0.1001, 0.65, 10),
        (0.825, 40, 0.0, 0.64, 15),
        (0.824999, 40, 0.0, 0.64, 14),
    ],
)
def test_leverage_is_floored_and_a_whole_one_is_reached(
    confidence: float, market_max: int, span: float, win_rate: float, leverage: int
) -> None:
    found = choose_leverage(
        confidence=confidence,
        market_max=market_max,
        range_24h=span,
        win_rate=win_rate,
        stop_share=0.0001,
        rules=Leverage(),
    )
    assert found is not None
    assert found.leverage == leverage


@pytest.mark.parametrize(("market_max", "most"), [(40, 30), (133, 99), (134, 100), (200, 100)])
def test_three_quarters_of_the_market_and_a_hundred_are_the_most(market_max: int, most: int) -> None:
    found = choose_leverage(
        confidence=1.0, market_max=market_max, range_24h=0.0, win_rate=0.65, stop_share=0.0001, rules=Leverage()
    )
    assert found is not None
    assert found.leverage == most


@pytest.mark.parametrize(("room", "sent"), [(10.0, True), (9.99, False)])
def test_ten_dollars_are_the_least_that_is_sent(room: float, sent: bool) -> None:
    market = Market("X", AssetClass.CRYPTO, "X", max_leverage=40, size_decimals=4)
    asked = Request(market, Side.LONG, Decimal(100), 0.1, 0.03, 0.70)
    found = plan_trade(asked, Exposure(10_000.0, 10_000.0, 0.0, 50_000 - room, 0.0), NOVICE, Settings())
    assert isinstance(found, Plan) is sent


@pytest.mark.parametrize(("longs", "refused"), [(4, False), (5, True)])
def test_a_fifth_of_one_side_is_the_last(longs: int, refused: bool) -> None:
    assert (refuse_by_count("BTC", Side.LONG, [Side.LONG] * longs, 8, Limits()) is not None) is refused

"""Size, leverage and stops against the numbers of the specification (R1–R3, R5)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market.symbols import AssetClass, Market, Side
from core.market.ticks import is_legal, round_price
from core.risk.kelly import TradeStats, risk_share, trade_stats
from core.risk.leverage import choose_leverage, tier_leverage, volatility_factor
from core.risk.limits import Exposure, refuse_by_cooldown, refuse_by_correlation, refuse_by_count
from core.risk.sizing import Plan, Request, Step, plan_trade
from core.risk.stops import initial_stop, initial_target, moved_stop
from core.settings import Leverage, Limits, Settings, Sizing, Stops
from core.sifting import Refusal

BTC = Market("BTC", AssetClass.CRYPTO, "BTC", max_leverage=40, size_decimals=5)
NOVICE = TradeStats(0, 0.5, 1.5)


def request(**changes: object) -> Request:
    usual: dict[str, object] = {
        "market": BTC, "side": Side.LONG, "mark": Decimal(60000), "atr": 300.0, "range_24h": 0.03,
        "confidence": 0.70,
    }  # fmt: skip
    return Request(**{**usual, **changes})  # type: ignore[arg-type]


def exposure(**changes: float) -> Exposure:
    return Exposure(
        **{"equity": 10_000.0, "free": 10_000.0, "open_risk": 0.0, "gross": 0.0, "day_loss": 0.0, **changes}
    )


def planned(asked: Request, held: Exposure | None = None, stats: TradeStats = NOVICE) -> Plan:
    plan = plan_trade(asked, held or exposure(), stats, Settings())
    assert isinstance(plan, Plan), plan
    return plan


class TestKelly:
    def test_under_twenty_trades_the_prior_stands(self) -> None:
        assert trade_stats([-1.0] * 19, Sizing()) == TradeStats(19, 0.5, 1.5)

    def test_from_twenty_trades_the_record_counts(self) -> None:
        assert trade_stats([2.0] * 12 + [-1.0] * 8, Sizing()) == TradeStats(20, 0.6, 2.0)

    def test_only_the_newest_fifty_count(self) -> None:
        assert trade_stats([1.0] * 25 + [-1.0] * 25 + [-1.0] * 500, Sizing()).win_rate == 0.5

    @pytest.mark.parametrize(
        ("pnls", "payoff"),
        [
            ([1.0] * 20, 3.0),
            ([9.0] * 10 + [-1.0] * 10, 3.0),
            ([2.99] * 10 + [-1.0] * 10, 2.99),
            ([3.01] * 10 + [-1.0] * 10, 3.0),
            ([0.51] * 10 + [-1.0] * 10, 0.51),
            ([0.49] * 10 + [-1.0] * 10, 0.5),
            ([1.0] * 10 + [-9.0] * 10, 0.5),
            ([-1.0] * 20, 0.5),
        ],
    )
    def test_payoff_is_clipped_to_half_and_three(self, pnls: list[float], payoff: float) -> None:
        assert trade_stats(pnls, Sizing()).payoff == pytest.approx(payoff)

    @pytest.mark.parametrize(
        ("stats", "share", "probe"),
        [
            (NOVICE, 0.01, False),
            (TradeStats(50, 0.425, 1.5), 0.01, False),
            (TradeStats(50, 0.423, 1.5), 0.25 * (0.423 - 0.577 / 1.5), False),
            (TradeStats(30, 0.42, 1.5), 0.25 * (0.42 - 0.58 / 1.5), False),
            (TradeStats(50, 0.407, 1.5), 0.25 * (0.407 - 0.593 / 1.5), False),
            (TradeStats(50, 0.405, 1.5), 0.0025, False),
            (TradeStats(30, 0.401, 1.5), 0.0025, False),
            (TradeStats(30, 0.399, 1.5), 0.0025, True),
            (TradeStats(30, 0.2, 1.0), 0.0025, True),
        ],
    )
    def test_quarter_kelly_between_a_quarter_and_one_percent(
        self, stats: TradeStats, share: float, probe: bool
    ) -> None:
        got, is_probe = risk_share(stats, Sizing())
        assert got == pytest.approx(share)
        assert is_probe is probe


class TestLeverage:
    @pytest.mark.parametrize(
        ("confidence", "market_max", "tier", "raw"),
        [
            (0.49, 40, "CONSERVATIVE", 1.0),
            (0.50, 40, "CONSERVATIVE", 1.0),
            (0.575, 40, "CONSERVATIVE", 2.0),
            (0.65, 40, "MODERATE", 3.0),
            (0.70, 40, "MODERATE", 6.5),
            (0.75, 40, "AGGRESSIVE", 10.0),
            (0.825, 40, "AGGRESSIVE", 20.0),
            (0.90, 40, "AGGRESSIVE", 30.0),
            (1.00, 40, "AGGRESSIVE", 30.0),
            (0.90, 50, "MAXIMUM", 37.5),
            (0.95, 50, "MAXIMUM", 37.5),
            (0.90, 200, "MAXIMUM", 50.0),
            (0.95, 200, "MAXIMUM", 75.0),
            (1.00, 200, "MAXIMUM", 100.0),
            (0.70, 5, "MODERATE", 3.375),
            (0.80, 3, "AGGRESSIVE", 2.25),
        ],
    )
    def test_tiers(self, confidence: float, market_max: int, tier: str, raw: float) -> None:
        got_tier, got = tier_leverage(confidence, market_max, Leverage())
        assert (got_tier, got) == (tier, pytest.approx(raw))

    @pytest.mark.parametrize(("span", "factor"), [(0.0499, 1.0), (0.05, 0.65), (0.10, 0.65), (0.1001, 0.5)])
    def test_volatility(self, span: float, factor: float) -> None:
        assert volatility_factor(span, Leverage()) == factor

    def test_a_win_rate_under_65_percent_costs_a_quarter(self) -> None:
        usual = {"confidence": 0.75, "market_max": 40, "range_24h": 0.01, "stop_share": 0.01, "rules": Leverage()}
        below, at = choose_leverage(win_rate=0.6499, **usual), choose_leverage(win_rate=0.65, **usual)  # type: ignore[arg-type]
        assert below is not None and at is not None
        assert (below.leverage, at.leverage) == (7, 10)

    @given(
        confidence=st.floats(0, 1), market_max=st.integers(1, 200), span=st.floats(0, 1), win=st.floats(0, 1),
        stop=st.floats(0.0005, 0.3),
    )  # fmt: skip
    def test_never_over_the_market_nor_100_nor_liquidated_before_one_and_a_half_stops(
        self, confidence: float, market_max: int, span: float, win: float, stop: float
    ) -> None:
        got = choose_leverage(
            confidence=confidence,
            market_max=market_max,
            range_24h=span,
            win_rate=win,
            stop_share=stop,
            rules=Leverage(),
        )
        if got is None:
            return
        maintenance = 1 / (2 * market_max)
        distance = (1 / got.leverage - maintenance) / (1 + maintenance)
        assert 1 <= got.leverage <= min(market_max, 100)
        assert got.leverage <= max(1.0, 0.75 * market_max)
        assert distance >= 1.5 * stop - 1e-9

    @given(low=st.floats(0, 1), high=st.floats(0, 1), market_max=st.integers(1, 200))
    def test_less_confidence_never_gives_more_leverage(self, low: float, high: float, market_max: int) -> None:
        low, high = sorted((low, high))
        assert tier_leverage(low, market_max, Leverage())[1] <= tier_leverage(high, market_max, Leverage())[1] + 1e-9


class TestPlan:
    def test_one_percent_of_equity_is_what_the_stop_and_the_slippage_would_cost(self) -> None:
        plan = planned(request())
        loss_share = (600 + 0.003 * 60000) / 60000
        assert plan.notional == pytest.approx(100 / loss_share, rel=1e-4)
        assert plan.risk == pytest.approx(100, rel=1e-4)

    def test_multipliers_scale_the_risk(self) -> None:
        assert planned(request(factors=(("regime", 0.5),))).risk == pytest.approx(50, rel=1e-3)

    @pytest.mark.parametrize(
        ("held", "rule", "most"),
        [
            ({"free": 400.0}, "free collateral", 0.95 * 400 * 4),
            ({"gross": 48_000.0}, "gross notional", 2_000),
            ({"open_risk": 750.0}, "open risk", 50 / 0.013),
            ({"day_loss": 960.0}, "daily loss", 40 / 0.013),
        ],
    )
    def test_each_clamp_binds_and_is_on_record(self, held: dict[str, float], rule: str, most: float) -> None:
        plan = planned(request(), exposure(**held))
        assert plan.leverage == 4
        assert plan.notional == pytest.approx(most, rel=1e-3)
        assert any(s.rule == rule and s.given < s.asked for s in plan.steps)

    def test_margin_never_exceeds_a_quarter_of_equity(self) -> None:
        plan = planned(request(atr=15.0, confidence=0.5))
        assert plan.margin <= 2_500
        assert any(s.rule == "margin per trade" and s.given < s.asked for s in plan.steps)

    def test_under_ten_dollars_is_refused_with_the_figure(self) -> None:
        refusal = plan_trade(request(), exposure(equity=10.0, free=10.0), NOVICE, Settings())
        assert isinstance(refusal, Refusal)
        assert (refusal.rule, refusal.limit) == ("under_minimum", 10.0)

    def test_a_market_without_volatility_is_refused(self) -> None:
        refusal = plan_trade(request(atr=0.0), exposure(), NOVICE, Settings())
        assert isinstance(refusal, Refusal) and refusal.rule == "no_volatility"

    @given(
        equity=st.floats(50, 1e7), atr=st.floats(1, 6000), confidence=st.floats(0.02, 0.98), risk=st.floats(0, 1),
        gross=st.floats(0, 10), side=st.sampled_from(list(Side)),
    )  # fmt: skip
    def test_risk_never_exceeds_one_percent_and_every_price_is_legal(
        self, equity: float, atr: float, confidence: float, risk: float, gross: float, side: Side
    ) -> None:
        held = exposure(equity=equity, free=equity, open_risk=risk * 0.08 * equity, gross=gross * equity)
        plan = plan_trade(request(atr=atr, confidence=confidence, side=side), held, NOVICE, Settings())
        if isinstance(plan, Refusal):
            return
        assert plan.risk <= 0.01 * equity * (1 + 1e-9)
        assert plan.risk + held.open_risk <= 0.08 * equity * (1 + 1e-9)
        assert plan.margin <= 0.25 * equity * (1 + 1e-9)
        assert all(is_legal(p, BTC.price_decimals) for p in (plan.limit, plan.stop, plan.target))
        assert plan.size % BTC.lot == 0
        assert side.sign * (plan.mark - plan.stop) > 0
        assert side.sign * (plan.target - plan.mark) > 0


class TestStops:
    def test_stop_two_and_target_three_atr(self) -> None:
        assert initial_stop(Decimal(100), Side.LONG, 2.0, 2, Stops()) == 96
        assert initial_target(Decimal(100), Side.LONG, 2.0, 2, Stops()) == 106
        assert initial_stop(Decimal(100), Side.SHORT, 2.0, 2, Stops()) == 104
        assert initial_target(Decimal(100), Side.SHORT, 2.0, 2, Stops()) == 94

    @pytest.mark.parametrize(
        ("best", "expected"),
        [("103.99", None), ("104", Decimal(100)), ("104.1", Decimal("100.1")), ("110", Decimal(106))],
    )
    def test_break_even_at_one_r_then_trailed(self, best: str, expected: Decimal | None) -> None:
        got = moved_stop(
            entry=Decimal(100), side=Side.LONG, initial=Decimal(96), stop=Decimal(96), best=Decimal(best), atr=2.0,
            price_decimals=2, rules=Stops(),
        )  # fmt: skip
        assert got == expected

    @given(best=st.decimals(90, 120, places=2), stop=st.decimals(96, 104, places=2))
    def test_a_stop_never_moves_away(self, best: Decimal, stop: Decimal) -> None:
        got = moved_stop(
            entry=Decimal(100),
            side=Side.LONG,
            initial=Decimal(96),
            stop=stop,
            best=best,
            atr=2.0,
            price_decimals=2,
            rules=Stops(),
        )
        assert got is None or got > stop


class TestLimits:
    def test_eight_positions_are_the_most(self) -> None:
        sides = [Side.LONG, Side.SHORT] * 4
        assert refuse_by_count("BTC", Side.LONG, sides[:7], 8, Limits()) is None
        refusal = refuse_by_count("BTC", Side.LONG, sides, 8, Limits())
        assert refusal is not None and (refusal.rule, refusal.measured, refusal.limit) == ("max_positions", 8, 8)

    def test_five_of_one_side_are_the_most(self) -> None:
        refusal = refuse_by_count("BTC", Side.LONG, [Side.LONG] * 5, 8, Limits())
        assert refusal is not None and refusal.rule == "max_same_direction"
        assert refuse_by_count("BTC", Side.SHORT, [Side.LONG] * 5, 8, Limits()) is None

    @pytest.mark.parametrize(
        ("correlation", "refused"), [(0.85, False), (0.8500001, True), (-0.99, False), (None, False)]
    )
    def test_no_second_bet_on_the_same_move(self, correlation: float | None, refused: bool) -> None:
        refusal = refuse_by_correlation("ETH", {"SOL": 0.2, "BTC": correlation}, Limits())
        assert (refusal is not None) is refused
        if refusal is not None:
            assert (refusal.rule, refusal.detail, refusal.limit) == ("correlated", "BTC", 0.85)
        assert refuse_by_correlation("ETH", {}, Limits()) is None

    @pytest.mark.parametrize(("minutes", "refused"), [(59, True), (60, False)])
    def test_sixty_minutes_after_a_close(self, minutes: int, refused: bool) -> None:
        assert (refuse_by_cooldown("BTC", {"BTC": 0}, minutes * 60_000, Limits()) is not None) is refused


@given(price=st.decimals("0.0001", "999999", places=6), decimals=st.integers(0, 6), up=st.booleans())
def test_rounded_prices_are_legal_and_on_the_named_side(price: Decimal, decimals: int, up: bool) -> None:
    rounded = round_price(price, decimals, up=up)
    assert rounded >= price if up else rounded <= price
    assert rounded == 0 or is_legal(rounded, decimals)


COARSE = Market("COARSE", AssetClass.CRYPTO, "COARSE", max_leverage=40, size_decimals=0)


class TestFirstLiveTrades:
    """As small as the venue takes it, with a little to spare; never larger than it would have been."""

    @given(
        st.decimals("0.5", "200000", places=2),
        st.integers(0, 5),
        st.sampled_from([Side.LONG, Side.SHORT]),
    )
    def test_the_order_is_above_the_minimum_at_its_worst_price_and_by_less_than_a_lot(
        self, mark: Decimal, decimals: int, side: Side
    ) -> None:
        market = Market("X", AssetClass.CRYPTO, "X", max_leverage=40, size_decimals=decimals)
        asked = request(market=market, mark=mark, side=side, atr=float(mark) * 0.005)
        usual = plan_trade(asked, exposure(), NOVICE, Settings())
        small = plan_trade(replace(asked, smallest=True), exposure(), NOVICE, Settings())
        if isinstance(usual, Refusal):
            assert small == usual
            return
        assert isinstance(small, Plan)
        lot = Decimal(1).scaleb(-decimals)
        assert lot <= small.size <= usual.size
        if small.size < usual.size:
            worst = min(mark, small.limit)
            assert small.size * worst >= 10
            assert (small.size - lot) * worst < Decimal("10.5")
            assert small.steps[-1] == Step("first live trades", usual.notional, small.notional, "USD")
        else:
            assert small.steps == usual.steps, "nothing was made smaller"
        assert (small.stop, small.target, small.leverage) == (usual.stop, usual.target, usual.leverage)

    def test_what_is_too_small_anyway_is_not_made_larger(self) -> None:
        found = plan_trade(request(smallest=True), exposure(equity=10.0, free=10.0), NOVICE, Settings())
        assert isinstance(found, Refusal)
        assert found.rule == "under_minimum"

    def test_a_lot_dearer_than_the_usual_size_is_not_bought(self) -> None:
        asked = request(market=COARSE, mark=Decimal(60000), smallest=True)
        found = plan_trade(asked, exposure(), NOVICE, Settings())
        assert isinstance(found, Refusal)

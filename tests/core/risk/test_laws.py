"""Laws over whole plans: worse news never gives a larger trade, and no plan ever breaks a bound (SPEC R1–R5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.market.symbols import AssetClass, Market, Side
from core.risk.governor import allowance, first_standing, govern
from core.risk.kelly import TradeStats
from core.risk.leverage import choose_leverage
from core.risk.limits import Exposure
from core.risk.sizing import Plan, Request, plan_trade
from core.settings import Settings
from core.sifting import Refusal

SETTINGS = Settings()
NOON = 20_000 * 86_400_000


@dataclass(frozen=True)
class Case:
    """What a plan is made from."""

    asked: Request
    held: Exposure
    stats: TradeStats

    def plan(self) -> Plan | Refusal:
        """It."""
        return plan_trade(self.asked, self.held, self.stats, SETTINGS)

    def size(self) -> Decimal:
        """Its size; none where it is refused."""
        found = self.plan()
        return found.size if isinstance(found, Plan) else Decimal(0)

    def leverage(self) -> int:
        """Its leverage, whether or not it is large enough to be sent; none where liquidation comes too early."""
        asked = self.asked
        found = choose_leverage(
            confidence=asked.confidence,
            market_max=asked.market.max_leverage,
            range_24h=asked.range_24h,
            win_rate=self.stats.win_rate,
            stop_share=SETTINGS.stops.stop_atrs * asked.atr / float(asked.mark),
            rules=SETTINGS.leverage,
        )
        return found.leverage if found is not None else 0

    def but(self, **changes: object) -> Case:
        """The same, asked otherwise."""
        return replace(self, asked=replace(self.asked, **changes))  # type: ignore[arg-type]


MARKETS = st.builds(
    lambda most, digits: Market("BTC", AssetClass.CRYPTO, "BTC", max_leverage=most, size_decimals=digits),
    st.sampled_from([1, 3, 5, 10, 20, 40, 50, 100, 200]),
    st.integers(0, 5),
)
SHARES = st.floats(0, 1)
SPANS = st.sampled_from([0.0, 0.0499, 0.05, 0.08, 0.10, 0.1001, 0.3])
"""Ranges of a day on both sides of each number of SPEC R3."""
STATS = st.builds(
    TradeStats,
    st.integers(0, 60),
    st.floats(0, 1),
    st.floats(SETTINGS.sizing.payoff_least, SETTINGS.sizing.payoff_most),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any market, any account, any portfolio within or beyond its limits."""
    equity = draw(st.floats(50, 1e6))
    mark = Decimal(draw(st.integers(1, 99_999)))
    asked = Request(
        market=draw(MARKETS),
        side=draw(st.sampled_from(list(Side))),
        mark=mark,
        atr=float(mark) * draw(st.floats(0.0005, 0.2)),
        range_24h=draw(st.floats(0, 0.2)),
        confidence=draw(SHARES),
        factors=(("governor", draw(st.sampled_from([1.0, 0.5, 0.25]))),),
    )
    held = Exposure(
        equity=equity,
        free=equity * draw(SHARES),
        open_risk=equity * draw(st.floats(0, 0.09)),
        gross=equity * draw(st.floats(0, 5.5)),
        day_loss=equity * draw(st.floats(0, 0.11)),
    )
    return Case(asked, held, draw(STATS))


@given(cases(), SHARES)
def test_less_confidence_never_gives_more_size_nor_leverage(case: Case, other: float) -> None:
    low, high = sorted((case.asked.confidence, other))
    assert case.but(confidence=low).leverage() <= case.but(confidence=high).leverage()
    assert case.but(confidence=low).size() <= case.but(confidence=high).size()


@given(cases(), st.floats(1, 4), st.floats(1, 4))
def test_more_volatility_never_gives_more_size_nor_leverage(case: Case, atr: float, span: float) -> None:
    wilder = case.but(atr=case.asked.atr * atr, range_24h=case.asked.range_24h * span)
    assert wilder.leverage() <= case.leverage()
    assert wilder.size() <= case.size()


@given(SPANS, SPANS, st.floats(0.7, 1.0), st.sampled_from([20, 40, 50, 100, 200]), st.sampled_from([0.5, 0.8]))
def test_a_wider_day_never_gives_more_leverage(
    one: float, other: float, confidence: float, market_max: int, win_rate: float
) -> None:
    narrow, wide = (
        choose_leverage(
            confidence=confidence,
            market_max=market_max,
            range_24h=span,
            win_rate=win_rate,
            stop_share=0.002,
            rules=SETTINGS.leverage,
        )
        for span in sorted((one, other))
    )
    assert narrow is not None and wide is not None
    assert wide.leverage <= narrow.leverage


@given(cases(), st.floats(0, 0.3), st.floats(0, 0.3))
def test_a_deeper_drawdown_never_gives_more_size_nor_leverage(case: Case, one: float, other: float) -> None:
    def at(drawdown: float) -> Case:
        equity = 10_000 * (1 - drawdown)
        standing = govern(first_standing(10_000.0, NOON), equity, 0.0, NOON + 1, SETTINGS.governor)
        risk = allowance(standing.tier, SETTINGS.limits.positions, SETTINGS.governor).risk
        poorer = replace(case.held, equity=equity, free=equity, gross=0.0, open_risk=0.0, day_loss=10_000 - equity)
        return replace(case.but(factors=(("governor", risk),)), held=poorer)

    shallow, deep = at(min(one, other)), at(max(one, other))
    assert deep.leverage() <= shallow.leverage()
    assert deep.size() <= shallow.size()


@given(cases())
def test_no_plan_breaks_a_bound_after_rounding(case: Case) -> None:
    found, held, asked = case.plan(), case.held, case.asked
    if isinstance(found, Refusal):
        return
    rules, more = SETTINGS.sizing, 1 + 1e-9
    worst = float(abs(found.limit - found.stop) * found.size)
    assert worst <= found.risk * more, "what a fill at the limit and the rounded stop could cost"
    assert found.risk <= rules.risk_most * held.equity * more
    assert found.risk + held.open_risk <= rules.open_risk_most * held.equity * more
    assert found.risk + held.open_risk + held.day_loss <= rules.daily_loss_most * held.equity * more
    assert found.notional + held.gross <= rules.gross_most * held.equity * more
    assert found.margin <= rules.margin_most * held.equity * more
    assert found.margin <= rules.collateral_most * held.free * more
    assert found.notional >= SETTINGS.exchange.minimum_usd
    assert 1 <= found.leverage <= min(100, max(1.0, 0.75 * asked.market.max_leverage))
    maintenance = 1 / (2 * asked.market.max_leverage)
    liquidation = (1 / found.leverage - maintenance) / (1 + maintenance)
    assert liquidation >= 1.5 * SETTINGS.stops.stop_atrs * asked.atr / float(found.mark) - 1e-9

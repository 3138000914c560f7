"""From a decision to a plan: size, stop, target and leverage, with every clamp on record (SPEC R1).

Analytics are float64; what goes to the venue is exact and rounded toward less risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.market.symbols import Market, Side
from core.market.ticks import round_price, round_size
from core.risk.kelly import TradeStats, risk_share
from core.risk.leverage import LeverageReading, choose_leverage
from core.risk.limits import Exposure
from core.risk.stops import initial_stop, initial_target
from core.settings import Execution, Settings
from core.sifting import Refusal

STAGE = "sizing"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the column from Kelly to the final size: what was asked for, what was given, and why."""

    rule: str
    asked: float
    given: float
    unit: str

    def __str__(self) -> str:
        if self.asked == self.given:
            return f"{self.rule}: {self.given:.6g} {self.unit}"
        return f"{self.rule}: {self.asked:.6g} → {self.given:.6g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Plan:
    """An entry ready to be sent. ``limit`` is the worst entry price; ``risk`` what the stop would cost, slippage in."""

    market: Market
    side: Side
    size: Decimal
    mark: Decimal
    limit: Decimal
    stop: Decimal
    target: Decimal
    leverage: int
    notional: float
    margin: float
    risk: float
    risk_share: float
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What sizing is asked: a judged candidate and the market's present terms.

    ``factors`` are what multiplies the risk, by name, in order: regime, crowding, governor, probation. ``smallest``
    makes the entry as small as the venue takes it (SPEC V4: the first live trades).
    """

    market: Market
    side: Side
    mark: Decimal
    atr: float
    range_24h: float
    confidence: float
    factors: tuple[tuple[str, float], ...] = ()
    smallest: bool = False


def plan_trade(request: Request, exposure: Exposure, stats: TradeStats, settings: Settings) -> Plan | Refusal:
    """The plan of an entry, or why there is none."""
    share, probe = risk_share(stats, settings.sizing)
    steps = [Step("probe" if probe else "kelly", stats.kelly * settings.sizing.kelly_share, share, "of equity")]
    mark = float(request.mark)
    stop_distance = settings.stops.stop_atrs * request.atr
    if not stop_distance > 0:
        return Refusal(request.market.symbol, STAGE, "no_volatility", request.atr, 0.0, "ATR")
    leverage = choose_leverage(
        confidence=request.confidence,
        market_max=request.market.max_leverage,
        range_24h=request.range_24h,
        win_rate=stats.win_rate,
        stop_share=stop_distance / mark,
        rules=settings.leverage,
    )
    if leverage is None:
        return Refusal(request.market.symbol, STAGE, "liquidation_before_stop", stop_distance / mark)
    steps.append(Step(f"leverage {leverage.tier}", leverage.raw, float(leverage.leverage), "×"))
    risk = exposure.equity * share
    steps.append(Step("risk", risk, risk, "USD"))
    for name, factor in request.factors:
        if factor != 1.0:
            steps.append(Step(name, risk, risk * factor, "USD risk"))
        risk *= factor
    loss_share = (stop_distance + settings.execution.slippage * mark) / mark
    notional = clamp(risk / loss_share, loss_share, leverage.leverage, exposure, settings, steps)
    return _rounded(request, leverage, notional, loss_share, exposure.equity, settings, steps)


def clamp(
    notional: float, loss_share: float, leverage: int, exposure: Exposure, settings: Settings, steps: list[Step]
) -> float:
    """The notional after every portfolio limit, each on record; never more than was asked, never negative."""
    rules = settings.sizing
    room = {
        "margin per trade": rules.margin_most * exposure.equity * leverage,
        "free collateral": rules.collateral_most * exposure.free * leverage,
        "open risk": (rules.open_risk_most * exposure.equity - exposure.open_risk) / loss_share,
        "gross notional": rules.gross_most * exposure.equity - exposure.gross,
        "daily loss": (rules.daily_loss_most * exposure.equity - exposure.day_loss - exposure.open_risk) / loss_share,
    }
    steps.append(Step("notional", notional, notional, "USD"))
    for rule, most in room.items():
        given = max(0.0, min(notional, most))
        if given < notional:
            steps.append(Step(rule, notional, given, "USD"))
        notional = given
    return notional


def entry_limit(request: Request, rules: Execution) -> Decimal:
    """The worst price at which an entry is accepted, on the venue's grid."""
    worst = request.mark * (1 + request.side.sign * Decimal(str(rules.slippage)))
    return round_price(worst, request.market.price_decimals, up=request.side is Side.SHORT)


def smallest_size(request: Request, settings: Settings) -> Decimal:
    """The venue's minimum and a little more, at the worst entry price, rounded up to the lot."""
    worst = min(request.mark, entry_limit(request, settings.execution))
    wanted = Decimal(str(settings.exchange.minimum_usd * (1 + settings.live.size_above))) / worst
    return round_size(wanted, request.market.size_decimals, up=True)


def _rounded(
    request: Request,
    leverage: LeverageReading,
    notional: float,
    loss_share: float,
    equity: float,
    settings: Settings,
    steps: list[Step],
) -> Plan | Refusal:
    """The plan on the venue's grids, or the refusal of one too small to be sent."""
    market, side, mark = request.market, request.side, request.mark
    size = round_size(Decimal(str(notional)) / mark, market.size_decimals)
    value = float(size * mark)
    steps.append(Step("lot", notional, value, "USD"))
    least = smallest_size(request, settings)
    if request.smallest and least < size:
        size, asked, value = least, value, float(least * mark)
        steps.append(Step("first live trades", asked, value, "USD"))
    minimum = settings.exchange.minimum_usd
    if value < minimum:
        tightest = next((s.rule for s in reversed(steps) if s.given < s.asked), "lot")
        return Refusal(market.symbol, STAGE, "under_minimum", value, minimum, tightest)
    return Plan(
        market=market,
        side=side,
        size=size,
        mark=mark,
        limit=entry_limit(request, settings.execution),
        stop=initial_stop(mark, side, request.atr, market.price_decimals, settings.stops),
        target=initial_target(mark, side, request.atr, market.price_decimals, settings.stops),
        leverage=leverage.leverage,
        notional=value,
        margin=value / leverage.leverage,
        risk=value * loss_share,
        risk_share=value * loss_share / equity if equity > 0 else 0.0,
        steps=tuple(steps),
    )

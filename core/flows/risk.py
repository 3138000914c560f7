"""How much is dared now and how much of it is used, and what an entry in one market would be. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.decision.judge import Judged, judge
from core.desk import Desk
from core.errors import FeedUnavailable
from core.flows.enter import exposure, plan
from core.flows.governor import allowed
from core.flows.observe import observe
from core.flows.quotes import Quotes
from core.flows.scan import read_markets, stricter_by
from core.flows.truth import read_truth
from core.market.symbols import Market, Side
from core.risk.governor import Allowance, Standing
from core.risk.kelly import TradeStats, risk_share, trade_stats
from core.risk.leverage import LeverageReading, choose_leverage
from core.risk.limits import Exposure
from core.risk.sizing import Plan
from core.risk.switches import Block
from core.sifting import Refusal
from core.trading.ports import Quote


@dataclass(frozen=True, slots=True)
class Risk:
    """What /risk shows. ``share`` is the risk of a trade as a share of equity, ``probe`` whether Kelly is not positive."""

    standing: Standing | None
    allowance: Allowance
    exposure: Exposure
    stats: TradeStats
    share: float
    probe: bool
    sides: Mapping[Side, int]
    probation: Sequence[str]


async def risk(desk: Desk) -> Risk:
    """Everything at once. Raises :class:`core.errors.VenueUnavailable`."""
    live = await desk.ledger.live_positions()
    rules = desk.settings.sizing
    stats = trade_stats([float(t.pnl) for t in await desk.ledger.trades(rules.kelly_trades)], rules)
    share, probe = risk_share(stats, rules)
    return Risk(
        standing=await desk.ledger.standing(),
        allowance=await allowed(desk),
        exposure=await exposure(desk, live, await read_truth(desk)),
        stats=stats,
        share=share,
        probe=probe,
        sides={side: sum(p.side is side for p in live) for side in Side},
        probation=sorted(symbol for symbol, shield in desk.shields.items() if shield.probation),
    )


@dataclass(frozen=True, slots=True)
class Prospect:
    """What would be entered now, or why it would not: the candidate as it is judged and its plan or refusal.

    ``levered`` is the leverage that it would have whatever stands in its way; ``None`` where even 1 is too much.
    """

    market: Market
    judged: Judged
    plan: Plan | Refusal
    levered: LeverageReading | None


async def prospect(desk: Desk, market: Market) -> Prospect | Sequence[str]:
    """The entry that a scan would make in a market now; without a sided view, the rules that stand in its way.

    The size is worked out also where the confidence is too low, so that one sees what it would be. Raises
    :class:`FeedUnavailable`, :class:`core.errors.VenueUnavailable`.
    """
    now = desk.clock.now_ms()
    reading = await read_markets(desk, now)
    view = next((one for one in reading.views if one.symbol == market.symbol), None)
    if view is None or view.side is None:
        rules = [one.rule for one in reading.refused if one.symbol == market.symbol]
        return rules or ["no_side"]
    crowd = (await observe(desk, now)).readings.get(market.symbol)
    more = (await stricter_by(desk))(market.symbol)
    judged = judge(view, view.side, reading.regime.regime, desk.settings, crowd, more)
    quotes = Quotes()
    await quotes.renew(desk)
    quote = await quotes.of(market.coin, desk)
    if quote is None:
        raise FeedUnavailable(f"the venue quotes no price of {market.symbol}", what="quotes")
    async with desk.trading:
        planned = await plan(desk, judged, reading.regime, quotes, reading.correlations)
    return Prospect(market, judged, planned, await leverage_of(desk, judged, market, quote))


async def leverage_of(desk: Desk, judged: Judged, market: Market, quote: Quote) -> LeverageReading | None:
    """Where the leverage of an entry comes from (SPEC R3)."""
    rules = desk.settings
    trades = await desk.ledger.trades(rules.sizing.kelly_trades)
    return choose_leverage(
        confidence=judged.consensus.for_leverage,
        market_max=market.max_leverage,
        range_24h=judged.view.range_24h,
        win_rate=trade_stats([float(t.pnl) for t in trades], rules.sizing).win_rate,
        stop_share=rules.stops.stop_atrs * judged.view.atr / float(quote.mark),
        rules=rules.leverage,
    )


async def blocks(desk: Desk) -> Sequence[Block]:
    """Blocks that stand, those that end first before the others."""
    now = desk.clock.now_ms()
    found = [b for b in (await desk.ledger.switches()).blocks.values() if b.until_ms is None or now < b.until_ms]
    return sorted(found, key=lambda b: (b.until_ms is None, b.until_ms or 0, b.symbol))

"""From a judged candidate to a protected position: plan, store, send, bring up to the venue's truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from core.decision.judge import Judged
from core.decision.record import Outcome, Verdict
from core.desk import Desk
from core.errors import OutcomeUnknown, VenueRefused, VenueUnavailable
from core.flows.advance import advance
from core.flows.displace import ROOM_RULES, Room, close_victim, find_victim, surely_freed, without
from core.flows.going_live import at_least_size
from core.flows.governor import allowed
from core.flows.protect import EntryNote
from core.flows.quotes import Quotes, offer_of
from core.flows.standing import refuse_by_switch, refuse_candidate
from core.flows.tickets import making, send
from core.flows.truth import Truth, read_truth
from core.risk.entry import Decided, refuse_entry
from core.risk.governor import Allowance, refuse_by_halt
from core.risk.kelly import trade_stats
from core.risk.limits import Exposure, refuse_by_correlation, refuse_by_count
from core.risk.sizing import Plan, Request, plan_trade
from core.settings import Settings, Stops
from core.sifting import Refusal
from core.signals.regime import RegimeReading, size_multiplier
from core.signals.returns import Correlations
from core.trading.displacement import Victim
from core.trading.execution import entry_tickets, opening_position
from core.trading.orders import TicketState
from core.trading.positions import Position, PositionState


async def enter(
    desk: Desk,
    judged: Judged,
    regime: RegimeReading,
    quotes: Quotes,
    correlations: Correlations | None = None,
    room: Room | None = None,
) -> Outcome:
    """Try to open one finalist. Its outcome says how far it came; only missing facts raise.

    Where all places are taken, ``room`` says whether one may still be made by displacement (SPEC D1).
    """
    async with desk.trading:
        planned = await plan(desk, judged, regime, quotes, correlations)
        if isinstance(planned, Refusal) and planned.rule in ROOM_RULES and room is not None and not room.made:
            victim = await displaceable(desk, judged, regime, quotes, correlations)
            if isinstance(victim, str):
                planned = replace(planned, detail=victim)
            elif victim is not None and await close_victim(desk, judged, victim, await desk.ledger.live_positions()):
                room.made = True
                planned = await plan(desk, judged, regime, quotes, correlations)
        if isinstance(planned, Refusal):
            return refused(judged, planned)
        note = EntryNote(planned.risk_share, judged.threshold.value, regime.regime.value, judged.reasons)
        return await open_position(desk, judged, planned, note)


async def displaceable(
    desk: Desk, judged: Judged, regime: RegimeReading, quotes: Quotes, correlations: Correlations | None
) -> Victim | str | None:
    """Who would go, if the newcomer could then be entered; or why it could not be paid for on its dex (SPEC D1)."""
    live = await desk.ledger.live_positions()
    account = (await read_truth(desk)).account
    victim = await find_victim(desk, judged, live, account)
    if victim is None:
        return None
    gone = next(p for p in live if p.symbol == victim.holding.symbol)
    planned = await plan(desk, judged, regime, quotes, correlations, gone)
    if isinstance(planned, Refusal):
        return None
    freed = {gone.coin: surely_freed(account.position(gone.coin), desk.settings)}
    lacking = await desk.venue.collateral_lacking(planned.market.coin, collateral(planned, desk.settings), freed)
    return f"{gone.symbol} would have made room, but {lacking}" if lacking else victim


async def plan(
    desk: Desk,
    judged: Judged,
    regime: RegimeReading,
    quotes: Quotes,
    correlations: Correlations | None,
    gone: Position | None = None,
) -> Plan | Refusal:
    """Limits, then size, then what the market costs, on facts read now; as if ``gone`` were closed already."""
    market = desk.market(judged.view.symbol)
    symbol, side, rules = market.symbol, judged.side, desk.settings
    quote = await quotes.of(market.coin, desk)
    live = [p for p in await desk.ledger.live_positions() if p != gone]
    allowance = await allowed(desk)
    standing = await refuse_now(desk, symbol, live) or refuse_by_count(
        symbol, side, [p.side for p in live], allowance.positions, rules.limits
    )
    if standing is None and correlations is not None:
        together = {p.symbol: correlations.between(symbol, p.symbol) for p in live if p.side is side}
        standing = refuse_by_correlation(symbol, together, rules.limits)
    if standing is not None:
        return standing
    if quote is None:
        return Refusal(symbol, "execution", "no_quote", detail="the venue quotes no price")
    trades = await desk.ledger.trades(rules.sizing.kelly_trades)
    truth = await read_truth(desk)
    if gone is not None:
        truth = without(truth, gone.coin)
    if truth.account.position(market.coin) is not None:
        return Refusal(symbol, "limits", "position_open", detail="the venue holds one that the book does not know yet")
    if any(not order.reduce_only for order in truth.of(market.coin)):
        return Refusal(symbol, "limits", "resting_order", detail="an order that is not ours rests in it")
    stats = trade_stats([float(t.pnl) for t in trades], rules.sizing)
    request = request_of(desk, judged, regime, quote.mark, allowance)
    request = replace(request, smallest=at_least_size(desk, await desk.ledger.switches()))
    planned = plan_trade(request, await exposure(desk, live, truth), stats, rules)
    if isinstance(planned, Refusal):
        return planned
    return refuse_entry(decided(judged, planned, rules.stops), offer_of(quote, rules), rules.entry) or planned


def request_of(desk: Desk, judged: Judged, regime: RegimeReading, mark: Decimal, allowance: Allowance) -> Request:
    """What sizing is asked for a candidate."""
    market, rules = desk.market(judged.view.symbol), desk.settings
    return Request(
        market=market,
        side=judged.side,
        mark=mark,
        atr=judged.view.atr,
        range_24h=judged.view.range_24h,
        confidence=judged.consensus.for_leverage,
        factors=(
            ("regime", size_multiplier(regime.regime, rules.regime)),
            ("crowding", judged.size),
            ("governor", allowance.risk),
            ("probation", rules.protection.probation_risk if on_probation(desk, market.symbol) else 1.0),
        ),
    )


def decided(judged: Judged, planned: Plan, rules: Stops) -> Decided:
    """What the rules before the order hold the market against."""
    view, stop = judged.view, rules.stop_atrs * judged.view.atr
    return Decided(view.symbol, judged.side, view.close, view.atr, stop / float(planned.mark))


async def refuse_now(desk: Desk, symbol: str, live: Sequence[Position]) -> Refusal | None:
    """The standing reasons once more, under the lock: since the scan looked, anything may have been decided."""
    switches = await desk.ledger.switches()
    closes = {t.symbol: t.closed_ms for t in await desk.ledger.trades(1, symbol)}
    governed = await desk.ledger.standing()
    return (
        refuse_by_switch(symbol, switches, desk)
        or (refuse_by_halt(symbol, governed, desk.settings.governor) if governed is not None else None)
        or refuse_candidate(symbol, {p.symbol for p in live}, switches, closes, desk)
    )


def on_probation(desk: Desk, symbol: str) -> bool:
    """Whether a symbol has still to show that it can gain."""
    return desk.shields[symbol].probation if symbol in desk.shields else False


async def exposure(desk: Desk, live: Sequence[Position], truth: Truth) -> Exposure:
    """What is open now, in USD. Today's loss is the governor's: of the equity, unrealised losses included.

    An entry whose outcome is not known yet counts as if it had filled.
    """
    account = truth.account
    stops = {p.coin: p for p in live}
    unknown = [p for p in live if p.state is PositionState.OPENING and account.position(p.coin) is None]
    open_risk = sum((p.size * p.risk_per_unit for p in unknown), Decimal(0))
    gross = sum((p.size * p.entry for p in unknown), Decimal(0))
    bound = sum((p.size * p.entry / p.leverage for p in unknown), Decimal(0))
    for held in account.positions:
        size = abs(held.size)
        gross += size * held.mark
        ours = stops.get(held.coin)
        distance = ours.side.sign * (held.mark - ours.stop) if ours is not None else held.mark
        open_risk += max(Decimal(0), distance * size)
    governed = await desk.ledger.standing()
    return Exposure(
        equity=float(account.equity),
        free=float(max(Decimal(0), account.free - bound)),
        open_risk=float(open_risk),
        gross=float(gross),
        day_loss=max(0.0, governed.day_equity - float(account.equity)) if governed is not None else 0.0,
    )


async def open_position(desk: Desk, judged: Judged, planned: Plan, note: EntryNote) -> Outcome:
    """Store first, send once, then read back what became of it."""
    now = desk.clock.now_ms()
    try:
        await prepare(desk, planned)
    except (VenueRefused, VenueUnavailable, OutcomeUnknown) as refusal:
        return failed(judged, planned, "venue_terms", str(refusal))
    stopped = refuse_by_switch(planned.market.symbol, await desk.ledger.switches(), desk)
    if stopped is not None:
        return refused(judged, stopped)
    position = opening_position(
        planned, confidence=judged.consensus.after, strategy=judged.strategy, atr=judged.view.atr, now_ms=now
    )
    if await desk.ledger.tickets(position.position_id):  # the market's clock has not moved since an earlier attempt
        return failed(judged, planned, "too_soon", f"{position.position_id} was tried at this very moment already")
    tickets = entry_tickets(position, planned, making(desk))
    await desk.ledger.store(positions=[position], tickets=tickets, at_ms=now)
    try:
        answers = await send(desk, tickets, attached=True)
    except VenueUnavailable as outage:
        await drop(desk, position)
        return failed(judged, planned, "venue_unavailable", str(outage))
    desk.nudged = True
    after = await advance(desk, position, await read_truth(desk), note)
    if after.state is PositionState.ABORTED:
        words = next((a.reason for a in answers or () if a.state is TicketState.REJECTED), "not filled")
        return failed(judged, planned, "not_filled", words)
    return replace(
        outcome(judged, Verdict.OPENED, planned),
        rule="unconfirmed" if after.state is PositionState.OPENING else "filled",
    )


async def prepare(desk: Desk, planned: Plan) -> None:
    """Leverage, margin mode and collateral, before anything can fill."""
    market = planned.market
    await desk.venue.set_leverage(market.coin, planned.leverage, isolated=True)
    await desk.venue.bring_collateral(market.coin, collateral(planned, desk.settings))


def collateral(planned: Plan, settings: Settings) -> Decimal:
    """What must be free on the market's dex for an entry: its margin, also at the worst price."""
    return Decimal(str(planned.margin * (1 + settings.execution.slippage * planned.leverage)))


async def drop(desk: Desk, position: Position) -> None:
    """The request surely never acted: nothing of it is waited for."""
    aborted = position.moved(PositionState.ABORTED, closed_ms=desk.clock.now_ms())
    await desk.ledger.store(positions=[aborted], at_ms=desk.clock.now_ms())


def outcome(judged: Judged, verdict: Verdict, planned: Plan | None = None) -> Outcome:
    """The record of a candidate; of an opened one by default."""
    return Outcome(
        symbol=judged.view.symbol,
        side=judged.side,
        verdict=verdict,
        stage="execution",
        rule="filled",
        confidence=judged.consensus.after,
        threshold=judged.threshold.value,
        steps=judged.reasons + (tuple(str(s) for s in planned.steps) if planned is not None else ()),
    )


def refused(judged: Judged, refusal: Refusal) -> Outcome:
    """The record of a candidate that was turned down."""
    borderline = refusal.rule == "borderline"
    return replace(
        outcome(judged, Verdict.BORDERLINE if borderline else Verdict.REFUSED),
        stage=refusal.stage,
        rule=refusal.rule,
        measured=refusal.measured,
        limit=refusal.limit,
        detail=refusal.detail,
    )


def failed(judged: Judged, planned: Plan, rule: str, words: str) -> Outcome:
    """The record of an entry that the venue did not carry out."""
    return replace(outcome(judged, Verdict.FAILED, planned), rule=rule, detail=words)

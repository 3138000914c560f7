"""Look at every market once and open what survives. The lines of :func:`scan` are the pipeline's chapters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.decision.judge import Judged, judge
from core.decision.record import Outcome, ScanReport, Verdict
from core.decision.triage import eligible
from core.desk import Desk
from core.errors import FeedUnavailable, VektorError, VenueUnavailable
from core.events import Event, RegimeChanged
from core.flows.absences import tell_absences
from core.flows.advance import TROUBLE
from core.flows.displace import Room
from core.flows.enter import enter, on_probation, outcome, refused
from core.flows.governor import allowed
from core.flows.observe import CONTEXTS, observe
from core.flows.observe import STAGE as CROWDING
from core.flows.quotes import Quotes
from core.flows.standing import refuse_by_switch, refuse_candidate
from core.market.candles import CandleSeries, Timeframe
from core.market.symbols import Side
from core.sifting import Missed, Refusal
from core.signals.enrichment.passes import PASSES, STAGE
from core.signals.regime import RegimeReading, read_regime
from core.signals.returns import Correlations, correlations_of, hourly_returns
from core.signals.view import MarketView, sided, view_markets


@dataclass(frozen=True, slots=True)
class Reading:
    """What the market says at one time: every view, and the regime over them."""

    views: tuple[MarketView, ...]
    regime: RegimeReading
    refused: tuple[Refusal, ...]
    missed: tuple[Missed, ...]
    correlations: Correlations


async def scan(desk: Desk) -> ScanReport:
    """One scan; a second caller waits for the first. Raises when facts (candles, venue, storage) are missing."""
    async with desk.scanning:
        began = desk.clock.now_ms()
        reading = await read_markets(desk, began)
        await tell_absences(desk, STAGE, PASSES, reading.missed)
        crowds = await observe(desk, began)
        await tell_absences(desk, CROWDING, [CONTEXTS], crowds.missed)
        candidates = sided(reading.views)
        sides = {view.symbol: view.side for view in candidates.kept}
        unopposed = eligible(candidates.kept)
        standing, open_to_judge = await stand_back(desk, unopposed.kept)
        regime, crowd = reading.regime.regime, crowds.readings
        stricter = await stricter_by(desk)
        judged = [
            judge(v, v.side, regime, desk.settings, crowd.get(v.symbol), stricter(v.symbol))
            for v in open_to_judge
            if v.side
        ]
        turned_down = [refused(j, j.refusal) for j in judged if j.refusal is not None]
        finalists = sorted((j for j in judged if j.refusal is None), key=lambda j: (-j.consensus.after, j.view.symbol))
        entered, trouble = await enter_all(desk, finalists, reading.regime, reading.correlations)
        outcomes = [
            *(from_refusal(r) for r in (*reading.refused, *candidates.refused)),
            *(from_refusal(r, sides[r.symbol]) for r in (*unopposed.refused, *standing)),
            *turned_down,
            *entered,
        ]
        report = record(desk, began, reading, outcomes, await desk.ledger.last_scan())
        await desk.ledger.store_scan(report, events=regime_events(report))
        if trouble is not None:
            raise trouble
        return report


async def read_markets(desk: Desk, now_ms: int) -> Reading:
    """Candles of every market, read off the event loop."""
    candles: dict[Timeframe, Mapping[str, CandleSeries]] = {
        t: await desk.candles.closed(desk.entered, t, now_ms) for t in Timeframe
    }
    if not any(candles.values()):
        raise FeedUnavailable("no candles of any market", what="candles")
    known = newest_bars(candles, now_ms)
    async with desk.interpreting:
        if desk.reading is None or desk.reading[0] != known:
            desk.reading = (known, await desk.offload(interpret, desk, candles, now_ms))
        reading: Reading = desk.reading[1]
    return reading


def newest_bars(candles: Mapping[Timeframe, Mapping[str, CandleSeries]], now_ms: int) -> tuple[object, ...]:
    """What a reading depends on: which bars are due, and which are held. Equal means the reading still stands."""
    held = tuple(
        (t, symbol, int(series.time[0]), int(series.time[-1]), len(series))
        for t, by_symbol in candles.items()
        for symbol, series in by_symbol.items()
        if len(series)
    )
    return Timeframe.M15.last_close(now_ms), held


def interpret(desk: Desk, candles: Mapping[Timeframe, Mapping[str, CandleSeries]], now_ms: int) -> Reading:
    """Views and regime of one moment; runs in a worker thread, one at a time."""
    sifted = view_markets(candles, desk.entered, now_ms, desk.settings, desk.reader)
    hourly = {v.symbol: candles[Timeframe.H1][v.symbol] for v in sifted.kept}
    returns = hourly_returns(hourly, now_ms, desk.settings.regime.correlation_bars)
    regime = read_regime(sifted.kept, returns, desk.settings.regime)
    correlations = correlations_of(returns, desk.settings.regime.correlation_least)
    return Reading(tuple(sifted.kept), regime, tuple(sifted.refused), tuple(sifted.missed), correlations)


async def stand_back(desk: Desk, views: Sequence[MarketView]) -> tuple[list[Refusal], list[MarketView]]:
    """Those that may not be entered now for a standing reason, and the rest."""
    live = {p.symbol for p in await desk.ledger.live_positions()}
    switches = await desk.ledger.switches()
    closes: dict[str, int] = {}
    for trade in await desk.ledger.trades(len(desk.universe)):
        closes.setdefault(trade.symbol, trade.closed_ms)
    refusals: list[Refusal] = []
    free: list[MarketView] = []
    for view in views:
        refusal = refuse_candidate(view.symbol, live, switches, closes, desk)
        if refusal is None:
            free.append(view)
        else:
            refusals.append(refusal)
    return refusals, free


async def stricter_by(desk: Desk) -> Callable[[str], list[tuple[str, float]]]:
    """What the governor and a symbol's probation add to its threshold, by name."""
    governor, probation = (await allowed(desk)).threshold, desk.settings.protection.probation_threshold

    def added(symbol: str) -> list[tuple[str, float]]:
        parts = (("governor", governor), ("probation", probation if on_probation(desk, symbol) else 0.0))
        return [part for part in parts if part[1]]

    return added


async def enter_all(
    desk: Desk, finalists: Sequence[Judged], regime: RegimeReading, correlations: Correlations | None = None
) -> tuple[list[Outcome], VektorError | None]:
    """Try the finalists in order of confidence, then symbol; equity and counts are read again for each.

    Trouble over one is on its record and keeps none of the others from being tried; an outage of the venue ends the
    trying. What was opened before stays told, and the first trouble is handed back.
    """
    if not finalists:
        return [], None
    switches = await desk.ledger.switches()
    stopped = [refused(j, r) for j in finalists if (r := refuse_by_switch(j.view.symbol, switches, desk)) is not None]
    if stopped:
        return stopped, None
    outcomes: list[Outcome] = []
    room, quotes = Room(), Quotes()
    first: VektorError | None = None
    for number, one in enumerate(finalists):
        began = desk.clock.now_ms()
        try:
            await quotes.renew(desk)  # here it may take its time; under the lock that enter holds it may not
            outcomes.append(await enter(desk, one, regime, quotes, correlations, room))
        except TROUBLE as trouble:
            outcomes.append(await came_of(desk, one, began, trouble))
            first = first or trouble
        except VenueUnavailable as outage:
            outcomes.append(await came_of(desk, one, began, outage))
            outcomes += [refused(j, unavailable(j, outage)) for j in finalists[number + 1 :]]
            return outcomes, first or outage
    return outcomes, first


async def came_of(desk: Desk, judged: Judged, began_ms: int, trouble: VektorError) -> Outcome:
    """The record of an attempt that trouble broke off: what was sent is in the book, and may have filled."""
    symbol = judged.view.symbol
    for position in await desk.ledger.live_positions():
        if position.symbol == symbol and position.decided_ms >= began_ms and not position.adopted:
            return replace(outcome(judged, Verdict.OPENED), rule="unconfirmed", detail=str(trouble))
    if isinstance(trouble, VenueUnavailable):
        return refused(judged, unavailable(judged, trouble))
    return replace(outcome(judged, Verdict.FAILED), rule="not_entered", detail=str(trouble))


def unavailable(judged: Judged, outage: VenueUnavailable) -> Refusal:
    """The venue went away before this one could be tried."""
    return Refusal(judged.view.symbol, "execution", "venue_unavailable", detail=str(outage))


def from_refusal(refusal: Refusal, side: Side | None = None) -> Outcome:
    """The record of a symbol that was never judged; it has a side once the timeframes have given it one."""
    return Outcome(
        symbol=refusal.symbol,
        side=side,
        verdict=Verdict.REFUSED,
        stage=refusal.stage,
        rule=refusal.rule,
        measured=refusal.measured,
        limit=refusal.limit,
        detail=refusal.detail,
    )


def record(
    desk: Desk, began: int, reading: Reading, outcomes: Sequence[Outcome], before: ScanReport | None
) -> ScanReport:
    """The scan as it is stored; ``before`` is the one that was stored last."""
    regime = reading.regime
    lasting = before is not None and before.regime == regime.regime.value
    correlation = "n/a" if regime.correlation is None else f"{regime.correlation:.2f}"
    why = (
        f"{regime.share(regime.bullish):.0%} bullish, {regime.share(regime.bearish):.0%} bearish, "
        f"{regime.share(regime.neutral):.0%} neutral, correlation {correlation}"
    )
    return ScanReport(
        scan_id=f"scan-{began}",
        at_ms=began,
        took_ms=desk.clock.now_ms() - began,
        regime=regime.regime.value,
        regime_why=why,
        outcomes=tuple(sorted(outcomes, key=lambda o: o.symbol)),
        missed=reading.missed,
        bullish=regime.bullish,
        bearish=regime.bearish,
        neutral=regime.neutral,
        pairs=regime.pairs,
        correlation=regime.correlation,
        regime_since_ms=before.regime_since_ms if before is not None and lasting else began,
        regime_before=before.regime if before is not None and not lasting else "",
    )


def regime_events(report: ScanReport) -> list[Event]:
    """A change of regime since the scan before; the first scan of a book changes nothing."""
    if not report.regime_before:
        return []
    counts = (report.bullish, report.bearish, report.neutral)
    return [RegimeChanged(report.regime_before, report.regime, *counts, report.correlation)]

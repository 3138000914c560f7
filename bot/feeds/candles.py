"""Candles, kept: one shared path for every series, asked for as seldom as the rules allow (SPEC C1–C5).

The first fetch brings the whole history, later ones only what is missing at its end, and streams what closes meanwhile;
a cycle in which nothing is due asks nothing. A series comes from one source alone, never patched with another's bars.
One that cannot be had in time is left out with a warning and disturbs no other. Nothing is repaired here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from bot.feeds.bars import CandleSource, ClosedBar
from bot.feeds.cache import SharedFetches, is_fresh
from bot.feeds.held import Held, holes_in, patched
from bot.feeds.venue import Fetch, VenueCandles
from core.errors import FeedUnavailable, VektorError
from core.market.candles import CandleSeries, Timeframe
from core.market.history import history_start, sparse_start, suffices
from core.market.soundness import malformed
from core.market.symbols import Market
from core.settings import CandleRules

log = logging.getLogger(__name__)
Key = tuple[str, Timeframe]
"""Coin and timeframe."""


class CachedCandles:
    """A :class:`core.market.ports.Candles`. ``preferred`` sources come before the venue, whose ``fetch`` is the last."""

    def __init__(self, fetch: Fetch, rules: CandleRules, preferred: Sequence[CandleSource] = ()) -> None:
        self._sources: tuple[CandleSource, ...] = (*preferred, VenueCandles(fetch))
        self._rules = rules
        self._held: dict[Key, Held] = {}
        self._failures: dict[Key, int] = {}
        self._fetches: SharedFetches[Held] = SharedFetches(rules.in_flight)

    async def closed(self, markets: Sequence[Market], timeframe: Timeframe, now_ms: int) -> Mapping[str, CandleSeries]:
        """Closed bars of each market, by symbol, from the anchor of SPEC C5 on; those not had in time are left out.

        Raises :class:`FeedUnavailable` when every market fails.
        """
        answers = await self._answers(markets, timeframe, now_ms)
        failed = {symbol: answer for symbol, answer in answers.items() if isinstance(answer, VektorError)}
        if failed and len(failed) == len(markets):
            first = next(iter(failed.values()))
            raise FeedUnavailable(f"none of {len(markets)} {timeframe.value} series could be had: {first}") from first
        for symbol, error in failed.items():
            log.warning("candles %s %s are left out: %s", symbol, timeframe.value, error)
        shown = [
            self._shown(answer, market, timeframe, now_ms)
            for market in markets
            if isinstance(answer := answers[market.symbol], Held)
        ]
        return {series.symbol: series for series in shown if len(series)}

    def held(self, market: Market, timeframe: Timeframe) -> Held | None:
        """What is known of a series now, asked for or not."""
        return self._held.get((market.coin, timeframe))

    async def close(self) -> None:
        """End what is under way."""
        await self._fetches.close()

    def heard(self, events: Sequence[ClosedBar]) -> None:
        """Bars of a stream: each is put behind the series that it continues. Any other is left to the next fetch."""
        for bar in events:
            key = (bar.coin, bar.timeframe)
            held = self._held.get(key)
            if held is None or held.source != bar.source:
                continue
            longer = held.extended(bar)
            if longer is not None:
                self._held[key] = longer

    def stands(self, source: str, at_ms: int, *, up: bool) -> None:  # noqa: ARG002 - the port's
        """A stream that is down keeps nothing up; from when it is up again, what it brings next counts."""
        if not up:
            for key, held in self._held.items():
                if held.source == source and held.streamed:
                    self._held[key] = replace(held, streamed=False)

    async def _answers(
        self, markets: Sequence[Market], timeframe: Timeframe, now_ms: int
    ) -> Mapping[str, Held | VektorError]:
        """What is held or can be had of each market within the time of a cycle; a fetch that takes longer goes on."""
        answers: dict[str, Held | VektorError] = {}
        asked: dict[str, asyncio.Task[Held | VektorError]] = {}
        for market in markets:
            held = self._held.get((market.coin, timeframe))
            if held is not None and self._is_fresh(held, market, now_ms):
                answers[market.symbol] = held
            else:
                asked[market.symbol] = asyncio.create_task(self._fetched(market, timeframe, now_ms))
        if asked:
            try:
                await asyncio.wait(asked.values(), timeout=self._rules.cycle_ms / 1_000)
            finally:
                for task in asked.values():
                    task.cancel()  # ends the waiting, not the fetch
        late = FeedUnavailable(f"they did not come within {self._rules.cycle_ms / 1_000:.0f} s")
        return answers | {symbol: task.result() if task.done() else late for symbol, task in asked.items()}

    async def _fetched(self, market: Market, timeframe: Timeframe, now_ms: int) -> Held | VektorError:
        return await self._fetches.get((market.coin, timeframe), lambda: self._updated(market, timeframe, now_ms))

    def _is_fresh(self, held: Held, market: Market, now_ms: int) -> bool:
        """Whether a series need not be asked for: its stream keeps it up, or nothing is due and its TTL runs."""
        due = held.is_due(now_ms)
        if due and held.streamed and held.fetched_ms <= now_ms:
            return True
        if not due and not market.has_sessions and now_ms >= held.fetched_ms + self._rules.stale_ms:
            return False
        return is_fresh(held.fetched_ms, held.series.timeframe, now_ms, self._rules)

    async def _updated(self, market: Market, timeframe: Timeframe, now_ms: int) -> Held:
        """Fetch what is missing, from the source that has it, and keep the result.

        A source that fails once keeps its series until the next cycle; after several failures in a row the history is
        fetched from the next one. Raises the trouble.
        """
        key = (market.coin, timeframe)
        held = self._held.get(key)
        if held is not None and held.fetched_ms > now_ms:
            held = None
        troubles: list[VektorError] = []
        for source in self._order(held, market, now_ms):
            own = held if held is not None and held.source == source.name else None
            try:
                found = await self._brought(source, own, market, timeframe, now_ms)
            except VektorError as trouble:
                troubles.append(trouble)
                if own is not None and self._failed(key) < self._rules.switch_after:
                    break
                continue
            self._failures.pop(key, None)
            self._held[key] = found
            return found
        if len(troubles) == 1:
            raise troubles[0]
        raise FeedUnavailable("; ".join(str(trouble) for trouble in troubles))

    def _failed(self, key: Key) -> int:
        self._failures[key] = self._failures.get(key, 0) + 1
        return self._failures[key]

    def _order(self, held: Held | None, market: Market, now_ms: int) -> list[CandleSource]:
        """The sources to try: the one that holds the series first, unless a better one is due for another try."""
        sources = [source for source in self._sources if source.covers(market, now_ms)]
        if held is None or now_ms >= held.whole_ms + self._rules.prefer_again_ms:
            return sources
        return sorted(sources, key=lambda source: source.name != held.source)

    async def _brought(
        self, source: CandleSource, held: Held | None, market: Market, timeframe: Timeframe, now_ms: int
    ) -> Held:
        """The series as one source has it now: continued where it holds it already."""
        start = history_start(timeframe, now_ms, self._rules)
        if held is None or held.since_ms > start:
            found = await self._whole(source, market, timeframe, start, now_ms)
        else:
            found = await self._continued(source, held, market, now_ms)
        if not suffices(found.series.since(start).time, market, timeframe, now_ms, self._rules):
            longer = sparse_start(timeframe, now_ms, self._rules)
            if found.since_ms > longer:
                found = await self._whole(source, market, timeframe, longer, now_ms)
        return await self._filled(source, found, market, now_ms)

    async def _whole(
        self, source: CandleSource, market: Market, timeframe: Timeframe, start_ms: int, now_ms: int
    ) -> Held:
        """The history from a time on."""
        bars = await self._bars(source, market, timeframe, start_ms, now_ms)
        return Held(bars, start_ms, now_ms, source.name, now_ms)

    async def _continued(self, source: CandleSource, held: Held, market: Market, now_ms: int) -> Held:
        """What is held and the bars since; when none has closed since, the last one is looked at again."""
        old, timeframe = held.series, held.series.timeframe
        oldest = sparse_start(timeframe, now_ms, self._rules)
        due = timeframe.last_close(now_ms) - timeframe.ms
        start = held.since_ms if held.last is None else min(held.last + timeframe.ms, due)
        new = await self._bars(source, market, timeframe, start, now_ms)
        kept = old[: int(np.searchsorted(old.time, new.time[0], side="left"))] if len(new) else old
        series = CandleSeries.joined([kept, new]).since(oldest)
        return replace(held, series=series, since_ms=max(held.since_ms, oldest), fetched_ms=now_ms)

    async def _filled(self, source: CandleSource, held: Held, market: Market, now_ms: int) -> Held:
        """Ask once more for bars that are missing in between, of a market that never closes."""
        missing = [] if market.has_sessions else [h for h in holes_in(held.series) if h not in held.holes]
        if not missing:
            return held
        timeframe = held.series.timeframe
        more = await source.bars(market, timeframe, missing[0][0], missing[-1][1], now_ms)
        series = held.series if malformed(more) else patched(held.series, more)
        return replace(held, series=series, holes=frozenset(holes_in(series)))

    async def _bars(
        self, source: CandleSource, market: Market, timeframe: Timeframe, start_ms: int, now_ms: int
    ) -> CandleSeries:
        """One question: the bars that open at or after ``start_ms`` and have closed by ``now_ms``."""
        end_ms = timeframe.last_close(now_ms) - timeframe.ms
        series = await source.bars(market, timeframe, start_ms, end_ms, now_ms)
        wrong = malformed(series)
        if wrong is not None:
            raise FeedUnavailable(f"what {source.name} answered is not kept: {wrong.rule} ({wrong.measured:g} bars)")
        return series.since(start_ms)

    def _shown(self, held: Held, market: Market, timeframe: Timeframe, now_ms: int) -> CandleSeries:
        """The part of what is held that anyone who asks at this time gets, restarted or not."""
        closed = held.series.closed_by(now_ms)
        short = closed.since(history_start(timeframe, now_ms, self._rules))
        if suffices(short.time, market, timeframe, now_ms, self._rules):
            return short
        return closed.since(sparse_start(timeframe, now_ms, self._rules))

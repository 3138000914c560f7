"""The candle cache: what is asked of the venue, when, and how often."""

from __future__ import annotations

import asyncio
import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.cache import is_fresh
from bot.feeds.candles import CachedCandles
from core.errors import FeedUnavailable
from core.market.candles import COLUMNS, CandleSeries, Timeframe
from core.market.history import history_start, sparse_start
from core.market.soundness import Anchored, sound
from core.settings import CandleRules
from tests.bot.feeds.venue import DAY_MS, MONDAY_MS, FakeVenue, bars, crypto, regular_session, stock

RULES = CandleRules()
NOW = MONDAY_MS + 3 * DAY_MS + 5_000
FIVE_MINUTES = 300_000
MARKETS = [crypto(f"C{i}") for i in range(12)]


def same(one: CandleSeries, other: CandleSeries) -> bool:
    return one.time.tolist() == other.time.tolist() and all(
        getattr(one, name).tolist() == getattr(other, name).tolist() for name in COLUMNS
    )


async def test_the_first_cycle_asks_once_per_series_from_the_anchor_to_the_last_closed_bar() -> None:
    venue = FakeVenue(NOW)
    feed = CachedCandles(venue.fetch, RULES)
    for timeframe in Timeframe:
        answer = await feed.closed(MARKETS, timeframe, NOW)
        assert list(answer) == [market.symbol for market in MARKETS]
        last_due = timeframe.last_close(NOW) - timeframe.ms
        start = history_start(timeframe, NOW, RULES)
        asked = [request for request in venue.requests if request[1] == timeframe.value]
        assert asked == [(market.coin, timeframe.value, start, last_due) for market in MARKETS]
        for market in MARKETS:
            assert int(answer[market.symbol].time[-1]) == last_due
            assert isinstance(sound(answer[market.symbol], market, NOW, RULES), Anchored)


async def test_a_warm_cycle_asks_nothing() -> None:
    venue = FakeVenue(NOW)
    feed = CachedCandles(venue.fetch, RULES)
    for timeframe in Timeframe:
        await feed.closed(MARKETS, timeframe, NOW)
    cold = len(venue.requests)
    for timeframe in Timeframe:
        await feed.closed(MARKETS, timeframe, NOW + RULES.ttl_15m_ms - 1)
    assert len(venue.requests) == cold


async def test_a_closed_bar_expires_its_interval_alone_and_only_the_tail_is_asked_for() -> None:
    now = NOW + 14 * 60_000
    venue = FakeVenue(now)
    feed = CachedCandles(venue.fetch, RULES)
    for timeframe in Timeframe:
        await feed.closed(MARKETS[:1], timeframe, now)
    venue.requests.clear()
    later = NOW + 15 * 60_000
    venue.now_ms = later
    for timeframe in Timeframe:
        await feed.closed(MARKETS[:1], timeframe, later)
    new = later // 900_000 * 900_000 - 900_000
    assert venue.requests == [("C0", "15m", new, new)]


async def test_a_ttl_that_ran_out_looks_at_the_last_bar_again() -> None:
    venue = FakeVenue(NOW)
    feed = CachedCandles(venue.fetch, RULES)
    before = await feed.closed(MARKETS[:1], Timeframe.M15, NOW)
    venue.requests.clear()
    later = NOW + RULES.ttl_15m_ms
    after = await feed.closed(MARKETS[:1], Timeframe.M15, later)
    last = int(before["C0"].time[-1])
    assert venue.requests == [("C0", "15m", last, last)]
    assert same(after["C0"], before["C0"])


async def test_a_last_bar_that_the_venue_forgot_meanwhile_is_kept() -> None:
    venue = FakeVenue(NOW)
    feed = CachedCandles(venue.fetch, RULES)
    before = await feed.closed(MARKETS[:1], Timeframe.M15, NOW)
    venue.is_open = lambda _: False
    after = await feed.closed(MARKETS[:1], Timeframe.M15, NOW + RULES.ttl_15m_ms)
    assert same(after["C0"], before["C0"])


async def test_a_bar_that_came_late_is_fetched_when_the_ttl_ends() -> None:
    due = Timeframe.M15.last_close(NOW) - 900_000
    venue = FakeVenue(NOW, is_open=lambda at: at < due)
    feed = CachedCandles(venue.fetch, RULES)
    assert int((await feed.closed(MARKETS[:1], Timeframe.M15, NOW))["C0"].time[-1]) == due - 900_000
    venue.is_open = lambda _: True
    later = await feed.closed(MARKETS[:1], Timeframe.M15, NOW + RULES.ttl_15m_ms)
    assert int(later["C0"].time[-1]) == due


async def test_at_most_eight_requests_are_in_flight() -> None:
    venue = FakeVenue(NOW, gate=asyncio.Event())
    feed = CachedCandles(venue.fetch, RULES)
    cycle = asyncio.create_task(feed.closed(MARKETS, Timeframe.H1, NOW))
    await venue.began.wait()
    assert venue.gate is not None
    venue.gate.set()
    await cycle
    assert venue.most_in_flight == RULES.in_flight == 8
    assert len(venue.requests) == len(MARKETS)


async def test_concurrent_requests_for_a_series_share_one_fetch() -> None:
    venue = FakeVenue(NOW, gate=asyncio.Event())
    feed = CachedCandles(venue.fetch, RULES)
    callers = [asyncio.create_task(feed.closed(MARKETS[:1], Timeframe.H1, NOW)) for _ in range(5)]
    await venue.began.wait()
    callers[0].cancel()
    assert venue.gate is not None
    venue.gate.set()
    answers = await asyncio.gather(*callers, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert len(venue.requests) == 1
    assert all(isinstance(answer, dict) and "C0" in answer for answer in answers[1:])


async def test_a_failing_series_is_left_out_with_one_warning_and_heals(caplog: pytest.LogCaptureFixture) -> None:
    venue = FakeVenue(NOW, broken={"C3"})
    feed = CachedCandles(venue.fetch, RULES)
    with caplog.at_level(logging.WARNING):
        answer = await feed.closed(MARKETS, Timeframe.H4, NOW)
    assert set(answer) == {market.symbol for market in MARKETS} - {"C3"}
    assert [record.getMessage() for record in caplog.records] == ["candles C3 4h are left out: no candles of C3"]
    venue.broken.clear()
    venue.requests.clear()
    assert len(await feed.closed(MARKETS, Timeframe.H4, NOW)) == len(MARKETS)
    assert [request[0] for request in venue.requests] == ["C3"]


async def test_a_venue_that_gives_nothing_fails_as_a_whole() -> None:
    venue = FakeVenue(NOW, broken={market.coin for market in MARKETS})
    with pytest.raises(FeedUnavailable, match="none of 12 15m series"):
        await CachedCandles(venue.fetch, RULES).closed(MARKETS, Timeframe.M15, NOW)


async def test_no_markets_are_no_failure() -> None:
    assert await CachedCandles(FakeVenue(NOW).fetch, RULES).closed([], Timeframe.M15, NOW) == {}


async def test_a_forming_bar_is_never_admitted() -> None:
    async def careless(coin: str, interval: str, start_ms: int, end_ms: int) -> CandleSeries:
        return bars(coin, interval, start_ms, end_ms + 3 * Timeframe(interval).ms)

    answer = await CachedCandles(careless, RULES).closed(MARKETS[:1], Timeframe.H1, NOW)
    assert int(answer["C0"].time[-1]) + Timeframe.H1.ms == Timeframe.H1.last_close(NOW)


async def test_a_market_with_sessions_is_asked_further_back_only_when_its_own_bars_do_not_suffice() -> None:
    around_the_clock, session = FakeVenue(NOW), FakeVenue(NOW, is_open=regular_session)
    for timeframe in Timeframe:
        await CachedCandles(around_the_clock.fetch, RULES).closed([stock("TSLA")], timeframe, NOW)
        answer = await CachedCandles(session.fetch, RULES).closed([stock("TSLA")], timeframe, NOW)
        assert int(answer["TSLA"].time[0]) >= sparse_start(timeframe, NOW, RULES)
        starts = [request[2] for request in session.requests if request[1] == timeframe.value]
        assert starts == [history_start(timeframe, NOW, RULES), sparse_start(timeframe, NOW, RULES)]
    assert len(around_the_clock.requests) == 3


async def test_enough_of_a_stocks_own_bars_are_held_for_its_anchor() -> None:
    evening = MONDAY_MS + 3 * DAY_MS + 20 * 3_600_000 + 5_000
    venue = FakeVenue(evening, is_open=regular_session)
    for timeframe in Timeframe:
        series = (await CachedCandles(venue.fetch, RULES).closed([stock("TSLA")], timeframe, evening))["TSLA"]
        verdict = sound(series, stock("TSLA"), evening, RULES)
        assert isinstance(verdict, Anchored), verdict
        assert not verdict.short_history


@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(st.integers(1, 40), min_size=1, max_size=8),
    timeframe=st.sampled_from(list(Timeframe)),
    is_stock=st.booleans(),
)
async def test_a_cache_that_ran_for_long_answers_like_one_that_just_started(
    steps: list[int], timeframe: Timeframe, is_stock: bool
) -> None:
    market = stock("TSLA") if is_stock else crypto("BTC")
    venue = FakeVenue(NOW, is_open=regular_session if is_stock else (lambda _: True))
    feed, now = CachedCandles(venue.fetch, RULES), NOW
    await feed.closed([market], timeframe, now)
    for step in steps:
        now += step * 11 * FIVE_MINUTES
        venue.now_ms = now
        ran = await feed.closed([market], timeframe, now)
    fresh = await CachedCandles(venue.fetch, RULES).closed([market], timeframe, now)
    assert same(ran[market.symbol], fresh[market.symbol])


@given(fetched=st.integers(0, 10**12), later=st.integers(0, 10**8), timeframe=st.sampled_from(list(Timeframe)))
def test_a_fresh_series_never_hides_a_closed_bar(fetched: int, later: int, timeframe: Timeframe) -> None:
    now = fetched + later
    if is_fresh(fetched, timeframe, now, RULES):
        assert timeframe.last_close(now) == timeframe.last_close(fetched)

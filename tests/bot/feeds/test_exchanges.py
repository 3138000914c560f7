"""Candles over loopback from a Binance and a Hyperliquid that fail in every known way: in time, in budget, never half."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import product

import pytest

from bot.budget import WeightBudget
from bot.clock import MarketClock, wall_ms
from bot.exchange.hyperliquid.reads import Reads
from bot.exchange.hyperliquid.rest import Rest
from bot.feeds.binance.klines import BinanceCandles
from bot.feeds.binance.rest import BinanceRest
from bot.feeds.candle_streams import binance_bars, venue_bars
from bot.feeds.candles import CachedCandles
from bot.feeds.socket import SocketFeed
from core.errors import FeedUnavailable
from core.market.candles import CandleSeries, Timeframe
from core.market.soundness import Anchored, sound
from core.market.symbols import AssetClass, Market
from core.settings import BinanceRules, CandleRules, CandleStreams, Execution
from tests.bot.feeds.exchanges import (
    FAULTS,
    Binance,
    Exchange,
    Fault,
    Hyperliquid,
    candle,
    is_true,
    none,
    running,
    stream_kline,
)
from tests.bot.feeds.venue import DAY_MS, MONDAY_MS, bars

NOW = MONDAY_MS + 3 * DAY_MS + 5_000
QUARTER = 900_000
CANDLES = CandleRules(cycle_ms=1_500)
RULES = BinanceRules(timeout_ms=250, attempts=2, retry_ms=5, quiet_after=20, quiet_ms=200, patience_ms=1_500)
STREAMS = CandleStreams(retry_least_ms=10, retry_most_ms=100, idle_s=0.3, hyperliquid_ping_s=0.1)
EXECUTION = Execution(timeout_ms=500)
FEW = [Market(f"C{i}", AssetClass.CRYPTO, f"C{i}", 10, 2, binance_symbol=f"C{i}USDT") for i in range(6)]
OTHERS = [Market(f"H{i}", AssetClass.CRYPTO, f"H{i}", 10, 2) for i in range(2)]
MARKETS = [*FEW, *OTHERS]
NOTHING = CandleSeries.from_rows("", Timeframe.M15, [])


@dataclass
class Stage:
    """Both exchanges, the feed that reads them, and a clock that can be made to run."""

    clock: MarketClock
    binance: Binance
    hyperliquid: Hyperliquid
    source: BinanceCandles
    feed: CachedCandles
    marks: dict[str, float]
    wall_ms: Callable[[], int] = wall_ms

    async def cycle(self, markets: Sequence[Market] = MARKETS) -> dict[Timeframe, Mapping[str, CandleSeries]]:
        """One cycle as a scan has it."""
        now = self.clock.now_ms()
        asked = (self.feed.closed(markets, t, now) for t in Timeframe)
        answers = dict(zip(Timeframe, await asyncio.gather(*asked, return_exceptions=True), strict=True))
        for timeframe, answer in answers.items():
            if isinstance(answer, FeedUnavailable):
                assert str(answer).startswith(f"none of {len(markets)} {timeframe.value} series could be had")
                logging.getLogger("cycle").warning("%s", answer)
            elif isinstance(answer, BaseException):
                raise answer
        return {t: answer for t, answer in answers.items() if not isinstance(answer, BaseException)}

    def requests(self) -> int:
        """Requests for candles so far."""
        return sum(1 for one in (*self.binance.asked, *self.hyperliquid.asked) if one[2])


@asynccontextmanager
async def stage(
    rules: BinanceRules = RULES, candles: CandleRules = CANDLES, speed: float | None = None
) -> AsyncIterator[Stage]:
    clock = MarketClock()
    clock.sync(NOW, speed)
    binance, hyperliquid = Binance(clock.now_ms), Hyperliquid(clock.now_ms)
    binance.statuses = {m.binance_symbol: "TRADING" for m in FEW if m.binance_symbol}
    marks = {market.coin: 100.0 for market in MARKETS}

    async def told() -> Mapping[str, float]:
        return marks

    async with running(binance, hyperliquid):
        rest = BinanceRest(binance.url, rules, clock, lambda: at.wall_ms())
        budget = WeightBudget(EXECUTION.weight_per_minute, EXECUTION.weight_reserve, clock)
        venue = Rest(hyperliquid.url, budget, EXECUTION.timeout_ms, EXECUTION.read_timeout_ms)
        await venue.open()
        source = BinanceCandles(rest, rules, told)
        feed = CachedCandles(Reads(venue, "", [""]).candles, candles, [source])
        at = Stage(clock, binance, hyperliquid, source, feed, marks)
        try:
            yield at
        finally:
            for one in (binance, hyperliquid):
                one.let_go.set()
            await feed.close()
            await rest.close()
            await venue.close()


def always(fault: str) -> Fault:
    """A fault of every answer of candles."""
    return lambda name, _: fault if name else ""


def sources(answer: Mapping[Timeframe, Mapping[str, CandleSeries]]) -> dict[str, str]:
    """Which exchange each market's 1h bars are those of."""
    found = {}
    for market in MARKETS:
        series = answer[Timeframe.H1].get(market.symbol)
        if series is not None:
            names = {"binance": f"{market.coin}USDT", "venue": market.coin}
            found[market.symbol] = next(who for who, name in names.items() if is_true(series, [name]))
    return found


async def test_binance_comes_first_and_hyperliquid_has_the_rest() -> None:
    async with stage() as at:
        answer = await at.cycle()
        assert sources(answer) == {m.symbol: "binance" for m in FEW} | {m.symbol: "venue" for m in OTHERS}
        for timeframe, held in answer.items():
            for market in MARKETS:
                assert isinstance(sound(held[market.symbol], market, NOW, CANDLES), Anchored), timeframe
        assert at.requests() == 3 * len(MARKETS)


async def test_a_warm_cycle_asks_nothing_and_a_closed_bar_asks_for_its_tail_alone() -> None:
    async with stage() as at:
        await at.cycle()
        cold = at.requests()
        at.clock.move_to(NOW + CANDLES.ttl_15m_ms - 1)
        await at.cycle()
        assert at.requests() == cold
        at.clock.move_to(NOW + QUARTER)
        await at.feed.closed(MARKETS, Timeframe.M15, NOW + QUARTER)
        tail = at.binance.asked[-len(FEW) :]
        assert {(interval, rows, weight) for _, weight, _, interval, rows in tail} == {("15m", 2, 1)}
        assert at.requests() == cold + len(MARKETS)


async def test_what_binance_does_not_trade_or_prices_otherwise_comes_from_the_venue(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with stage() as at:
        at.binance.statuses |= {"C0USDT": "SETTLING"}
        del at.binance.statuses["C1USDT"]
        at.marks["C2"] = 110.0
        del at.marks["C3"]
        proxy = replace(FEW[4], binance_is_proxy=True)
        with caplog.at_level(logging.WARNING):
            answer = await at.cycle([*FEW[:4], proxy, FEW[5]])
        assert sources(answer) == {f"C{i}": "venue" for i in range(5)} | {"C5": "binance"}
        said = {record.getMessage() for record in caplog.records}
        assert any(words.startswith("binance does not trade C0USDT: SETTLING") for words in said)
        assert any(words.startswith("binance does not trade C1USDT: not listed") for words in said)
        assert any("C2USDT closes at" in words and "off the mark 110 (most: 3%)" in words for words in said)
        count = len(at.binance.asked)
        at.clock.move_to(NOW + QUARTER)
        await at.feed.closed([*FEW[:3], FEW[5]], Timeframe.M15, NOW + QUARTER)
        assert len(at.binance.asked) == count + 1, "what was refused is not asked for again the same day"


async def test_a_bar_that_binance_dates_in_the_future_of_its_own_clock_has_not_closed() -> None:
    async with stage() as at:
        at.binance.now = lambda: NOW - 6_000  # our clock is ahead: the bar of 00:00 still forms over there
        answer = await at.cycle(FEW)
        for series in answer[Timeframe.M15].values():
            assert int(series.time[-1]) + QUARTER == Timeframe.M15.last_close(NOW) - QUARTER
            assert is_true(series, [f"{series.symbol}USDT"])


async def test_it_is_left_alone_for_as_long_as_it_asks() -> None:
    async with stage(replace(RULES, patience_ms=0)) as at:
        at.wall_ms = lambda: 1_000
        at.binance.fault = always("429")
        await at.cycle(FEW)
        refused = len(at.binance.asked)
        assert refused <= 1 + CANDLES.in_flight, "what was under way when it refused, and no more"
        at.binance.fault = none
        at.wall_ms = lambda: 1_999
        at.clock.move_to(NOW + CANDLES.prefer_again_ms)
        assert set(sources(await at.cycle(FEW)).values()) == {"venue"}
        assert len(at.binance.asked) == refused
        at.wall_ms = lambda: 2_000
        at.clock.move_to(NOW + 2 * CANDLES.prefer_again_ms)
        assert set(sources(await at.cycle(FEW)).values()) == {"binance"}, "and asked again when that is over"


async def test_a_short_pause_is_waited_out() -> None:
    async with stage(speed=600) as at:
        asked: list[str] = []

        def once(name: str, interval: str) -> str:
            asked.append(name)
            return "429" if name and len(asked) == 2 else ""

        at.binance.fault = once
        began = time.monotonic()
        answer = await at.cycle(FEW[:1])
        assert time.monotonic() - began >= 1.0
        assert all("C0" in held for held in answer.values())


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_cycle_ends_in_time_names_what_is_missing_and_never_holds_half_a_bar(
    fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(fault)
    async with stage(replace(RULES, patience_ms=0), speed=600) as at:

        def now_and_then(name: str, interval: str) -> str:
            return fault if name and chance.random() < 0.3 else ""

        at.binance.fault = at.hyperliquid.fault = now_and_then
        for _ in range(3):
            caplog.clear()
            began = time.monotonic()
            now = at.clock.now_ms()
            with caplog.at_level(logging.WARNING):
                answer = await at.cycle()
            assert time.monotonic() - began < CANDLES.cycle_ms / 1_000 + 1
            said = " ".join(record.getMessage() for record in caplog.records)
            for timeframe, market in product(Timeframe, MARKETS):
                series = answer.get(timeframe, {}).get(market.symbol)
                if series is None:
                    alone = f"candles {market.symbol} {timeframe.value} are left out"
                    assert alone in said or f"none of {len(MARKETS)} {timeframe.value} series" in said
                    continue
                assert is_true(series, [market.coin, f"{market.coin}USDT"])
                verdict = sound(series, market, now, CANDLES)
                assert isinstance(verdict, Anchored) or verdict.rule in ("last_bar_missing", "gap", "too_short")
            at.clock.sync(max(at.clock.now_ms(), now // QUARTER * QUARTER + QUARTER + 5_000), 600)
        at.binance.fault = at.hyperliquid.fault = none
        at.binance.let_go.set()
        at.hyperliquid.let_go.set()
        whole = await healed(at)
        assert all(len(held) == len(MARKETS) for held in whole.values())
        assert at.binance.heaviest_minute() <= 2_400
        assert at.hyperliquid.heaviest_minute() <= 1_200


async def healed(at: Stage) -> dict[Timeframe, Mapping[str, CandleSeries]]:
    """The first cycle in which every market is sound again; within two hours of market time."""
    for _ in range(8):
        now = at.clock.now_ms()
        answer = await at.cycle()
        if all(
            isinstance(sound(series, market, now, CANDLES), Anchored)
            for timeframe, market in product(Timeframe, MARKETS)
            for series in [answer.get(timeframe, {}).get(market.symbol, NOTHING)]
        ):
            return answer
        at.clock.sync(max(at.clock.now_ms(), now // QUARTER * QUARTER + QUARTER + 5_000), 600)
    raise AssertionError("a market did not come back")


async def test_a_due_bar_that_was_not_there_is_asked_for_again_long_before_the_ttl() -> None:
    async with stage() as at:
        at.binance.fault = lambda _, interval: "stale" if interval == "4h" else ""
        assert sound((await at.cycle())[Timeframe.H4]["C0"], FEW[0], NOW, CANDLES).rule == "last_bar_missing"
        at.binance.fault = none
        now = NOW + CANDLES.stale_ms
        at.clock.move_to(now)
        assert isinstance(sound((await at.cycle())[Timeframe.H4]["C0"], FEW[0], now, CANDLES), Anchored)


async def test_missing_bars_are_asked_for_once_more_and_put_in_their_place() -> None:
    async with stage() as at:
        wrong = {("C0USDT", "1h")}

        def first_time(name: str, interval: str) -> str:
            if (name, interval) in wrong:
                wrong.remove((name, interval))
                return "missing"
            return ""

        at.binance.fault = first_time
        series = (await at.cycle())[Timeframe.H1]["C0"]
        assert isinstance(sound(series, FEW[0], NOW, CANDLES), Anchored)
        assert is_true(series, ["C0USDT"])
        assert [interval for _, _, name, interval, _ in at.binance.asked if name == "C0USDT"].count("1h") == 2


async def test_an_outage_moves_the_series_to_the_venue_whole_and_an_hour_later_back() -> None:
    async with stage(replace(RULES, quiet_ms=10)) as at:
        await at.cycle()
        at.binance.fault = always("500")
        at.clock.move_to(NOW + 4 * QUARTER)
        first = await at.cycle()
        assert set(first[Timeframe.H1]) == {m.symbol for m in OTHERS}, "one failure costs one scan and no history"
        at.clock.move_to(NOW + 4 * QUARTER + 300_000)
        assert set(sources(await at.cycle()).values()) == {"venue"}
        at.binance.fault = none
        at.clock.move_to(NOW + 8 * QUARTER)
        assert sources(await at.cycle())["C0"] == "venue"
        at.clock.move_to(NOW + 9 * QUARTER + CANDLES.prefer_again_ms)
        assert sources(await at.cycle())["C0"] == "binance"


async def test_without_binance_the_venues_budget_is_spent_and_never_overdrawn() -> None:
    many = [replace(FEW[0], symbol=f"C{i}", coin=f"C{i}", binance_symbol=f"C{i}USDT") for i in range(20)]
    async with stage(replace(RULES, quiet_after=1, quiet_ms=60_000), speed=60) as at:
        at.binance.fault = lambda *_: "503"
        began = at.clock.now_ms()
        answer: dict[Timeframe, Mapping[str, CandleSeries]] = {}
        while sum(map(len, answer.values())) < 3 * len(many):
            answer = await at.cycle(many)
            assert at.clock.now_ms() < began + 3_600_000
        assert len(at.hyperliquid.asked) >= 3 * len(many)
        assert 0.5 * 1_200 < at.hyperliquid.heaviest_minute() <= 1_200
        assert len(at.binance.asked) <= RULES.attempts, "an outage is asked about a few times, not once a series"


@asynccontextmanager
async def streaming(at: Stage, exchange: Exchange) -> AsyncIterator[None]:
    """The stream of one exchange, running."""
    base = "ws" + exchange.url.removeprefix("http")
    wire = binance_bars(FEW, base, STREAMS) if exchange is at.binance else venue_bars(OTHERS, base, STREAMS)
    hellos = len(wire.hello)
    task = asyncio.create_task(SocketFeed(wire, STREAMS, at.clock, lambda: 0.0).run(at.feed))
    try:
        await exchange.until(lambda: len(exchange.hellos) >= hellos)
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def appended(at: Stage, market: Market, timeframe: Timeframe, last_ms: int) -> CandleSeries:
    """The series once a stream has put its bar there."""
    async with asyncio.timeout(5):
        while True:
            held = at.feed.held(market, timeframe)
            if held is not None and held.last == last_ms:
                return held.series
            await asyncio.sleep(0)


async def test_bars_that_binances_stream_brings_are_not_asked_for() -> None:
    async with stage() as at:
        await at.cycle(FEW)
        count = at.requests()
        async with streaming(at, at.binance):
            bar = NOW // QUARTER * QUARTER
            at.clock.move_to(bar + QUARTER + 5_000)
            for market in FEW:
                name = market.binance_symbol or ""
                await at.binance.push(stream_kline(name, Timeframe.M15, bar, closed=False))
                await at.binance.push(stream_kline(name, Timeframe.M15, bar, closed=True))
            await appended(at, FEW[-1], Timeframe.M15, bar)
            answer = await at.feed.closed(FEW, Timeframe.M15, at.clock.now_ms())
            at.clock.move_to(bar + 2 * QUARTER - 1)
            again = await at.feed.closed(FEW, Timeframe.M15, at.clock.now_ms())
        assert at.requests() == count, "not even when the TTL has run out"
        for series in (*answer.values(), *again.values()):
            assert int(series.time[-1]) == bar
            assert is_true(series, [f"{series.symbol}USDT"])


async def test_a_bar_missed_by_a_stream_is_fetched_before_the_next_counts() -> None:
    async with stage() as at:
        await at.cycle(FEW[:2])
        async with streaming(at, at.binance):
            bar = NOW // QUARTER * QUARTER
            at.clock.move_to(bar + 2 * QUARTER + 5_000)
            await at.binance.push(stream_kline("C0USDT", Timeframe.M15, bar + QUARTER, closed=True))
            await at.binance.push(stream_kline("NONEUSDT", Timeframe.M15, bar, closed=True))
            await at.binance.push(stream_kline("C1USDT", Timeframe.M15, bar, closed=True))
            await appended(at, FEW[1], Timeframe.M15, bar)
            series = (await at.cycle(FEW[:1]))[Timeframe.M15]["C0"]
        assert series.time[-2:].tolist() == [bar, bar + QUARTER]
        assert is_true(series, ["C0USDT"])


async def test_hyperliquids_last_word_on_a_bar_counts_when_the_next_begins() -> None:
    market = OTHERS[0]
    async with stage() as at:
        await at.cycle(OTHERS)
        count = at.requests()
        async with streaming(at, at.hyperliquid):
            bar = NOW // QUARTER * QUARTER
            both = bars(market.coin, "15m", bar, bar + QUARTER)
            half = candle(both, 0, market.coin, "15m") | {"c": "1.0", "l": "1.0"}
            frames = [half, candle(both, 0, market.coin, "15m"), candle(both, 1, market.coin, "15m")]
            for frame in frames:
                await at.hyperliquid.push({"channel": "candle", "data": frame})
            at.clock.move_to(bar + QUARTER + 5_000)
            series = await appended(at, market, Timeframe.M15, bar)
            await at.feed.closed([market], Timeframe.M15, at.clock.now_ms())
        assert is_true(series, [market.coin])
        assert at.requests() == count


async def test_what_was_followed_before_a_reconnect_is_not_taken_for_a_last_word() -> None:
    market = OTHERS[0]
    async with stage() as at:
        await at.cycle(OTHERS)
        async with streaming(at, at.hyperliquid):
            bar = NOW // QUARTER * QUARTER
            both = bars(market.coin, "15m", bar, bar + QUARTER)
            half = candle(both, 0, market.coin, "15m") | {"c": "1.0", "l": "1.0"}
            await at.hyperliquid.push({"channel": "candle", "data": half})
            await at.hyperliquid.sockets[0].close()
            await at.hyperliquid.until(lambda: len(at.hyperliquid.hellos) >= 12)
            await at.hyperliquid.push({"channel": "candle", "data": candle(both, 1, market.coin, "15m")})
            at.clock.move_to(bar + QUARTER + 5_000)
            answer = await at.cycle([market])
        assert is_true(answer[Timeframe.M15][market.symbol], [market.coin])


async def test_a_silent_stream_is_begun_again_and_keeps_nothing_up_meanwhile() -> None:
    async with stage() as at:
        await at.cycle(FEW[:1])
        async with streaming(at, at.binance):
            bar = NOW // QUARTER * QUARTER
            await at.binance.push(stream_kline("C0USDT", Timeframe.M15, bar, closed=True))
            await appended(at, FEW[0], Timeframe.M15, bar)
            await at.binance.until(lambda: at.binance.connections >= 2)
            held = at.feed.held(FEW[0], Timeframe.M15)
            assert held is not None
            assert not held.streamed


async def test_a_storm_of_reconnects_is_held_back() -> None:
    async with stage() as at:
        at.binance.refuse_sockets = True
        base = "ws" + at.binance.url.removeprefix("http")
        task = asyncio.create_task(
            SocketFeed(binance_bars(FEW, base, STREAMS), STREAMS, at.clock, lambda: 0.0).run(at.feed)
        )
        began = time.monotonic()
        await at.binance.until(lambda: at.binance.connections >= 8)
        spent = time.monotonic() - began
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        least = sum(min(STREAMS.retry_most_ms, STREAMS.retry_least_ms << n) for n in range(7)) / 1_000
        assert spent >= least


def test_three_streams_a_market_in_messages_of_a_hundred() -> None:
    markets = [replace(FEW[0], symbol=f"M{i}", coin=f"M{i}", binance_symbol=f"M{i}USDT") for i in range(85)]
    wire = binance_bars(markets, "wss://fstream.binance.com", CandleStreams())
    said = [json.loads(line) for line in wire.hello]
    assert wire.url == "wss://fstream.binance.com/market/ws"
    assert [len(one["params"]) for one in said] == [100, 100, 55]
    assert said[0]["params"][:3] == ["m0usdt@kline_15m", "m0usdt@kline_1h", "m0usdt@kline_4h"]

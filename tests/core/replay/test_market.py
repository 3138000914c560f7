"""The market of a recording: the path inside a bar, what is known when, and figures beside the price."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.recorded import load_recording
from core.errors import BrokenInvariant, FeedUnavailable
from core.market.candles import Timeframe
from core.market.symbols import AssetClass, Market
from core.market.ticks import is_legal
from core.replay.candles import RecordedCandles
from core.replay.listing import recorded_markets
from core.replay.market import RecordedMarket
from core.replay.recording import Bars, Readings, Recording
from core.settings import CandleRules
from tests.core.replay.recordings import HOUR, M15, QUOTES, START_MS, bars_of, market_of, run_to, symbol_of, walk

UP = (START_MS, 100.0, 103.0, 99.0, 102.0, 30.0)
DOWN = (START_MS + M15, 102.5, 104.0, 98.0, 101.0, 60.0)


def two_bars() -> RecordedMarket:
    return market_of(symbol_of({M15: bars_of([UP, DOWN])}))


def test_an_up_bar_shows_open_low_high_close_and_a_down_bar_its_high_first() -> None:
    market = two_bars()
    seen = []
    while (change := market.next_change()) is not None:
        market.advance(change)
        price = market.price("AAA")
        assert price is not None
        seen.append((change - START_MS, float(price.mark), price.gapped))
    assert seen == [
        (0, 100.0, True),
        (300_000, 99.0, False),
        (600_000, 103.0, False),
        (899_999, 102.0, False),
        (900_000, 102.5, True),
        (1_200_000, 104.0, False),
        (1_500_000, 98.0, False),
        (1_799_999, 101.0, False),
    ]
    assert market.end_ms == START_MS + 2 * M15


def test_a_bar_that_opens_on_the_previous_close_does_not_gap_nor_change() -> None:
    market = market_of(symbol_of({M15: bars_of([UP, (START_MS + M15, 102.0, 103.0, 101.0, 101.5, 1.0)])}))
    changes = [when for when, _ in run_to(market, START_MS + 2 * M15)]
    assert START_MS + M15 not in changes


def test_a_market_that_was_shut_opens_with_a_gap_and_kept_its_price_meanwhile() -> None:
    later = START_MS + 20 * M15
    market = market_of(symbol_of({M15: bars_of([UP, (later, 90.0, 91.0, 89.0, 90.5, 1.0)])}, "TSLA", AssetClass.EQUITY))
    run_to(market, later - 1)
    shut = market.price("xyz:TSLA")
    assert shut is not None
    assert (float(shut.mark), shut.gapped) == (102.0, False)
    market.advance(later)
    opened = market.price("xyz:TSLA")
    assert opened is not None
    assert (float(opened.mark), opened.gapped) == (90.0, True)


def test_a_market_has_no_price_before_its_first_bar() -> None:
    market = market_of(symbol_of({M15: walk(1, 8)}), symbol_of({M15: walk(2, 4, start_ms=START_MS + 4 * M15)}, "BBB"))
    run_to(market, START_MS + 4 * M15 - 1)
    assert market.price("AAA") is not None
    assert market.price("BBB") is None
    assert market.statistics("BBB").day_volume_usd == 0
    run_to(market, START_MS + 4 * M15)
    assert market.price("BBB") is not None


def test_a_step_back_or_over_a_change_is_refused() -> None:
    market = two_bars()
    market.advance(START_MS)
    with pytest.raises(BrokenInvariant, match="step"):
        market.advance(START_MS - 1)
    with pytest.raises(BrokenInvariant, match="next change"):
        market.advance(START_MS + M15)


def test_a_step_short_of_the_next_change_moves_the_time_alone() -> None:
    market = two_bars()
    market.advance(START_MS)
    assert list(market.advance(START_MS + 1_000)) == []
    assert market.now_ms == START_MS + 1_000
    assert market.next_change() == START_MS + 300_000


def test_weekends_without_bars_are_stepped_over() -> None:
    later = START_MS + 5 * 86_400_000
    market = market_of(symbol_of({M15: bars_of([UP, (later, 90.0, 91.0, 89.0, 90.5, 1.0)])}))
    changes = [when for when, _ in run_to(market, later + M15)]
    assert changes[:4] == [START_MS, START_MS + 300_000, START_MS + 600_000, START_MS + 899_999]
    assert changes[4] == later
    assert market.next_change() is None


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), price=st.sampled_from([0.00123, 0.4, 7.0, 99.99, 2_951.0, 61_234.0, 123_456.0]))
def test_every_price_lies_on_the_tick_grid_inside_its_quotes(seed: int, price: float) -> None:
    market = market_of(symbol_of({M15: walk(seed, 4, price=price)}))
    decimals = market.markets[0].price_decimals
    while (change := market.next_change()) is not None:
        market.advance(change)
        shown = market.price("AAA")
        assert shown is not None
        assert all(is_legal(one, decimals) for one in (shown.mark, shown.bid, shown.ask, shown.oracle))
        assert shown.bid < shown.mark < shown.ask


def test_a_forming_bar_shows_the_path_so_far_and_a_closed_one_is_as_recorded() -> None:
    market = two_bars()

    def last() -> tuple[float, ...]:
        bar = market.candles("AAA", M15, START_MS, market.now_ms)[-1]
        return bar.open, bar.high, bar.low, bar.close, bar.volume

    run_to(market, START_MS)
    assert last() == (100.0, 100.0, 100.0, 100.0, 0.0)
    run_to(market, START_MS + 400_000)
    assert last() == (100.0, 100.0, 99.0, 99.0, 10.0)
    run_to(market, START_MS + 899_998)
    assert last() == (100.0, 103.0, 99.0, 103.0, 20.0)
    run_to(market, START_MS + M15)
    closed, forming = market.candles("AAA", M15, START_MS, market.now_ms)
    assert (closed.open, closed.high, closed.low, closed.close, closed.volume) == UP[1:]
    assert (forming.open, forming.close, forming.volume) == (102.5, 102.5, 0.0)


def test_a_forming_hour_is_made_of_closed_quarters_and_the_forming_one() -> None:
    market = two_bars()
    run_to(market, START_MS + M15 + 300_000)
    (hour,) = market.candles("AAA", HOUR, START_MS, market.now_ms)
    assert (hour.time_ms, hour.open, hour.high, hour.low, hour.close) == (START_MS, 100.0, 104.0, 99.0, 104.0)
    assert hour.volume == 30.0 + 20.0


def test_an_interval_that_was_not_recorded_is_built_if_it_can_be() -> None:
    market = market_of(symbol_of({M15: walk(3, 9)}))
    run_to(market, START_MS + 9 * M15)
    half_hours = market.candles("AAA", 2 * M15, START_MS, START_MS + 10 * M15)
    assert [bar.time_ms for bar in half_hours] == [START_MS + i * 2 * M15 for i in range(5)]
    assert list(market.candles("AAA", 60_000, START_MS, START_MS + HOUR)) == []


def test_candles_answer_only_the_window_asked() -> None:
    market = market_of(symbol_of({M15: walk(3, 40)}))
    run_to(market, START_MS + 20 * M15)
    got = [bar.time_ms for bar in market.candles("AAA", M15, START_MS + 3 * M15 + 1, START_MS + 6 * M15)]
    assert got == [START_MS + i * M15 for i in (4, 5, 6)]
    assert list(market.candles("AAA", M15, START_MS + 30 * M15, START_MS + 40 * M15)) == []


def altered_after(bars: Bars, now_ms: int) -> Bars:
    """The same bars, with every one that opens at or after a time made another."""
    later = bars.time >= now_ms
    columns = [np.where(later, column * 1.7, column) for column in bars.columns[2:]]
    return Bars(bars.time, bars.span, *columns)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 1_000), bar=st.integers(1, 99), within=st.integers(0, M15 - 1), split=st.booleans())
def test_nothing_served_by_a_time_depends_on_bars_that_open_later(
    seed: int, bar: int, within: int, split: bool
) -> None:
    fine, coarse = walk(seed, 100), walk(seed + 1, 25, HOUR)
    funding = Readings(coarse.time, coarse.volume * 1e-6)
    given = {M15: fine, HOUR: coarse} if split else {M15: fine}
    now = START_MS + bar * M15 + within
    cut = START_MS + (bar + 1) * M15
    changed = {
        interval: altered_after(bars, cut if interval == M15 else now // HOUR * HOUR)
        for interval, bars in given.items()
    }
    late_funding = Readings(funding.time, np.where(funding.time > now, 9.0, funding.value))
    one = market_of(symbol_of(given, funding=funding))
    other = market_of(symbol_of(changed, funding=late_funding))
    assert run_to(one, now) == run_to(other, now)
    assert one.price("AAA") == other.price("AAA")
    assert one.statistics("AAA") == other.statistics("AAA")
    for interval in (M15, HOUR, 4 * HOUR):
        assert one.candles("AAA", interval, 0, now) == other.candles("AAA", interval, 0, now)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1_000), stop=st.integers(-1, 110 * M15))
def test_a_market_begun_or_restored_at_a_time_stands_where_one_that_ran_there_stands(seed: int, stop: int) -> None:
    symbols = (
        symbol_of({M15: walk(seed, 100)}),
        symbol_of({M15: walk(seed + 7, 60, start_ms=START_MS + 9 * M15)}, "BBB"),
    )
    ran, begun, restored = market_of(*symbols), market_of(*symbols, start_ms=START_MS + stop), market_of(*symbols)
    run_to(ran, START_MS + stop)
    restored.restore(ran.snapshot())
    for market in (begun, restored):
        assert market.now_ms == ran.now_ms
        assert market.next_change() == ran.next_change()
        for coin in ("AAA", "BBB"):
            assert market.price(coin) == ran.price(coin)
            assert market.candles(coin, HOUR, 0, market.now_ms) == ran.candles(coin, HOUR, 0, ran.now_ms)
        whole = run_to(market_of(*symbols), START_MS + stop + HOUR)
        assert run_to(market, START_MS + stop + HOUR) == [one for one in whole if one[0] > START_MS + stop]


def test_statistics_tell_recorded_funding_open_interest_and_the_last_day() -> None:
    day = 96
    rows = [(START_MS + i * M15, 10.0 + i, 12.0 + i, 9.0 + i, 11.0 + i, 2.0) for i in range(day + 8)]
    steps = np.array([START_MS, START_MS + HOUR], dtype=np.int64)
    symbol = symbol_of(
        {M15: bars_of(rows)},
        funding=Readings(steps, np.array([1.5e-5, -2e-5])),
        open_interest=Readings(steps, np.array([1_000.0, 1_500.5])),
    )
    market = market_of(symbol)
    run_to(market, START_MS + HOUR - 1)
    assert (market.statistics("AAA").funding, market.statistics("AAA").open_interest) == (
        Decimal("0.000015"),
        Decimal(1_000),
    )
    assert market.statistics("AAA").previous_day == Decimal(10)
    run_to(market, START_MS + (day + 4) * M15)
    late = market.statistics("AAA")
    assert (late.funding, late.open_interest) == (Decimal("-0.00002"), Decimal("1500.5"))
    assert late.previous_day == Decimal(11 + 3)
    assert late.day_volume_usd == sum(Decimal(2) * (11 + i) for i in range(4, day + 4))


def test_a_market_without_recorded_funding_pays_the_neutral_rate() -> None:
    market = two_bars()
    run_to(market, START_MS + M15)
    statistics = market.statistics("AAA")
    assert (statistics.funding, statistics.open_interest) == (Decimal("0.0000125"), Decimal(0))


def test_listed_symbols_take_the_universes_terms_and_others_the_defaults() -> None:
    listed = [
        Market("TSLA", AssetClass.EQUITY, "xyz:TSLA", 20, 3, binance_symbol="TSLAUSDT"),
        Market("GLD", AssetClass.EQUITY, "xyz:GLD", 7, 1),
    ]
    bars = {M15: bars_of([UP])}
    recording = Recording(
        (
            symbol_of(bars, "TSLA", AssetClass.EQUITY),
            symbol_of(bars, "GLD", AssetClass.COMMODITY),
            symbol_of(bars, "NEW", AssetClass.CRYPTO),
        )
    )
    tesla, gold, new = recorded_markets(recording, listed, QUOTES)
    assert tesla == Market("TSLA", AssetClass.EQUITY, "xyz:TSLA", 20, 3)
    assert (gold.coin, gold.max_leverage, gold.isolated_only) == ("xyz:GLD", 10, True)
    assert (new.coin, new.dex, new.size_decimals) == ("NEW", "", 2)


@pytest.mark.parametrize(("price", "decimals"), [(0.02, 0), (0.9, 0), (1.0, 0), (1.01, 1), (99.0, 2), (105_000.0, 6)])
def test_one_lot_of_an_unlisted_market_is_worth_at_most_a_dollar(price: float, decimals: int) -> None:
    bars = bars_of([(START_MS, price, price, price, price, 1.0)])
    (market,) = recorded_markets(Recording((symbol_of({M15: bars}),)), [], QUOTES)
    assert market.size_decimals == decimals
    assert market.lot * Decimal(str(price)) <= 1


def test_big_positions_in_known_markets_have_a_second_margin_tier() -> None:
    listed = [Market("BTC", AssetClass.CRYPTO, "BTC", 40, 5), Market("ETH", AssetClass.CRYPTO, "ETH", 3, 4)]
    market = market_of(*(symbol_of({M15: bars_of([UP])}, name) for name in ("BTC", "ETH", "NEW")), listed=listed)
    tiers = {terms.coin: terms.margin_tiers for terms in market.terms}
    assert tiers["BTC"] == ((Decimal(0), 40), (Decimal(150_000_000), 20))
    assert tiers["ETH"] == ((Decimal(0), 3),)
    assert tiers["NEW"] == ((Decimal(0), 10),)


async def test_recorded_candles_equal_the_venues_bar_for_bar_and_show_nothing_later() -> None:
    symbols = (symbol_of({M15: walk(5, 1_300)}), symbol_of({M15: walk(6, 1_300)}, "TSLA", AssetClass.EQUITY))
    market = market_of(*symbols)
    now = START_MS + 1_250 * M15 + 7_000
    run_to(market, now)
    feed = RecordedCandles(Recording(symbols), CandleRules())
    for timeframe in Timeframe:
        answer = await feed.closed(market.markets, timeframe, now)
        for one in market.markets:
            series = answer[one.symbol]
            shown = market.candles(one.coin, timeframe.ms, int(series.time[0]), now - timeframe.ms)
            assert [float(repr(bar.close)) for bar in shown] == series.close.tolist()
            assert [bar.time_ms for bar in shown] == series.time.tolist()
            assert series.time[-1] + timeframe.ms <= now


async def test_a_recording_leaves_unknown_markets_out_and_fails_only_as_a_whole() -> None:
    feed = RecordedCandles(Recording((symbol_of({M15: walk(5, 50)}),)), CandleRules())
    known = Market("AAA", AssetClass.CRYPTO, "AAA", 10, 2)
    unknown = Market("ZZZ", AssetClass.CRYPTO, "ZZZ", 10, 2)
    assert list(await feed.closed([known, unknown], Timeframe.M15, START_MS + 40 * M15)) == ["AAA"]
    with pytest.raises(FeedUnavailable, match="ZZZ"):
        await feed.closed([unknown], Timeframe.M15, START_MS + 40 * M15)


def test_four_months_of_twenty_real_markets_stream_within_seconds(shared_data: Path) -> None:
    recording = load_recording(shared_data / "sets" / "hyperliquid20").recording
    market = RecordedMarket(recording, recorded_markets(recording, [], QUOTES), QUOTES)
    began, changes = time.process_time(), 0
    while (change := market.next_change()) is not None:
        changes += len(market.advance(change))
    spent = time.process_time() - began
    assert market.now_ms == recording.end_ms - 1
    assert changes > 1_000_000
    assert spent < 5.0, f"{spent:.1f} s of CPU"

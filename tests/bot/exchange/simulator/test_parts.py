"""The small parts: number strings, intervals, tapes, weights, wallets, the clock."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exchange.simulator import intervals
from bot.exchange.simulator.assets import KNOWN_PLACES, Assets
from bot.exchange.simulator.clock import VenueClock
from bot.exchange.simulator.format import from_float, number, ratio
from bot.exchange.simulator.info.margins import margin_tables, table_ids
from bot.exchange.simulator.limits import Budget, action_weight, info_weight, rows_weight
from bot.exchange.simulator.tape import Tapes
from core.errors import UserMistake
from core.settings import WireRules
from core.trading.exchange.ports import MarketTerms
from tests.bot.exchange.simulator.market import START_MS, TERMS, WavyMarket

MINUTE = 60_000


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=12))
def test_a_number_string_reads_back_as_the_same_number_and_has_a_point(value: Decimal) -> None:
    text = number(value)
    assert Decimal(text) == value
    assert "." in text
    assert "E" not in text
    assert text.endswith(".0") or not text.endswith("0")


@given(st.floats(min_value=1e-12, max_value=1e15))
def test_a_float_goes_over_the_wire_bit_for_bit(value: float) -> None:
    assert float(from_float(value)) == value
    assert "e" not in from_float(value)


def test_ratios_have_at_most_ten_decimals() -> None:
    assert ratio(Decimal(2) / Decimal(3)) == "0.6666666667"


@pytest.mark.parametrize("interval", [*intervals.NATIVE, *intervals.COMPOSED])
def test_bars_of_every_interval_follow_each_other_without_gap(interval: str) -> None:
    opened = intervals.opening(interval, START_MS)
    for _ in range(14):
        following = intervals.closing(interval, opened) + 1
        assert intervals.opening(interval, following) == following
        assert intervals.opening(interval, following - 1) == opened
        opened = following


def test_weeks_open_on_mondays_and_months_on_the_first() -> None:
    assert datetime.fromtimestamp(intervals.opening("1w", START_MS) / 1000, UTC).weekday() == 0
    assert datetime.fromtimestamp(intervals.opening("1M", START_MS) / 1000, UTC).day == 1


@pytest.mark.parametrize(("interval", "part"), [("30m", "15m"), ("2h", "1h"), ("1d", "4h"), ("3m", "1m")])
def test_composed_bars_are_made_of_their_parts(interval: str, part: str) -> None:
    market = WavyMarket()
    start = START_MS - 3 * 86_400_000
    bar = intervals.bars(market, "BTC", interval, start, START_MS)[1]
    end = intervals.closing(interval, bar.time_ms)
    parts = intervals.bars(market, "BTC", part, bar.time_ms, end)
    assert (bar.open, bar.close) == (parts[0].open, parts[-1].close)
    assert (bar.high, bar.low) == (max(one.high for one in parts), min(one.low for one in parts))
    assert bar.volume == pytest.approx(sum(one.volume for one in parts))


def test_the_last_composed_bar_is_the_forming_one() -> None:
    bars = intervals.bars(WavyMarket(), "BTC", "1d", START_MS - 2 * 86_400_000, START_MS)
    assert bars[-1].time_ms == intervals.opening("1d", START_MS)


def test_a_tape_says_the_same_however_often_somebody_looks() -> None:
    told = []
    for looks in (1, 3):
        market = WavyMarket()
        tapes = Tapes(market, WireRules(), lambda _, __: [])
        for _ in range(30):
            for _ in range(looks):
                tapes.of("BTC")
            market.advance(market.next_change() or 0)
        told.append(tapes.of("BTC").newest(500))
    assert told[0] == told[1]
    assert len({one.tid for one in told[0]}) == len(told[0]) > 30
    assert [one.time_ms for one in told[0]] == sorted(one.time_ms for one in told[0])


def test_weights_are_the_real_exchanges() -> None:
    assert [info_weight(kind) for kind in ("l2Book", "userRole", "meta")] == [2, 60, 20]
    assert rows_weight("candleSnapshot", [None] * 300) == 5
    assert action_weight({"orders": [None] * 80}) == 3


def test_a_budget_forgets_after_a_minute() -> None:
    budget = Budget(WireRules(weight_per_minute=10))
    assert budget.allows("me", 10, START_MS)
    assert not budget.allows("me", 1, START_MS + MINUTE - 1)
    assert budget.allows("you", 1, START_MS)
    assert budget.allows("me", 10, START_MS + MINUTE)


def test_known_places_make_the_real_ids_and_the_rest_follow() -> None:
    unknown = MarketTerms("xyz:NEWCO", 2, 5, False, ((Decimal(0), 5),))
    assets = Assets([*TERMS, unknown])
    ids = {coin: row.asset for coin in ("BTC", "SOL", "xyz:TSLA", "xyz:SP500") if (row := assets.of_coin(coin))}
    assert ids == {"BTC": 0, "SOL": 5, "xyz:TSLA": 110001, "xyz:SP500": 110052}
    new = assets.of_coin("xyz:NEWCO")
    assert new is not None
    assert new.asset == 110053
    assert len(KNOWN_PLACES["xyz"]) == len(set(KNOWN_PLACES["xyz"])) == 90
    assert [row.terms.coin for row in assets.live("xyz")] == ["xyz:TSLA", "xyz:HOOD", "xyz:SP500", "xyz:NEWCO"]


def test_margin_tables_have_the_real_numbers_and_new_ones_come_after() -> None:
    odd = MarketTerms("ODD", 2, 30, False, ((Decimal(0), 30), (Decimal(1000), 10)))
    rows = list(Assets([*TERMS, odd]).universe("") or ())
    ids = table_ids(rows)
    assert ids[TERMS[0].margin_tiers] == 56
    assert ids[TERMS[2].margin_tiers] == 54
    assert ids[odd.margin_tiers] == 57
    assert [own for own, _ in margin_tables(rows)] == [50, 51, 52, 53, 54, 55, 56, 57]


def test_a_clock_runs_at_its_speed_and_slows_down_where_it_is_anchored() -> None:
    wall = [100.0]
    clock = VenueClock(START_MS, speed=60.0, monotonic=lambda: wall[0], wall_ms=lambda: 0)
    wall[0] += 2.0
    assert clock.target_ms() == START_MS + 120_000
    clock.anchor(START_MS + 50_000)
    wall[0] += 1.0
    assert clock.target_ms() == START_MS + 110_000


def test_a_stepped_clock_stands_and_a_speed_of_nothing_is_refused() -> None:
    clock = VenueClock(START_MS, speed=None, monotonic=lambda: 0.0, wall_ms=lambda: 0)
    assert clock.stepped
    assert clock.target_ms() == START_MS
    with pytest.raises(UserMistake, match="speed 0"):
        VenueClock(START_MS, speed=0, monotonic=lambda: 0.0, wall_ms=lambda: 0)

"""Cascades: windows exact under any order of arrival, tiers just inside and outside, exhaustion and what forbids it."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.market.liquidations import Certainty, Liquidation
from core.market.symbols import Side
from core.settings import CascadeRules
from core.signals.cascade import (
    MARKET,
    CascadeDetector,
    CascadeReading,
    Tier,
    Window,
    direction_of,
    thresholds,
    tier_of,
)

RULES = CascadeRules()
START = 1_790_000_000_000
FEED = "binance"


def event(second: float, usd: float, side: Side = Side.LONG, symbol: str = "BTC", name: str = "") -> Liquidation:
    at = START + int(second * 1000)
    number = name or f"{symbol}-{side}-{second}-{usd}"
    return Liquidation(symbol, side, usd / 100, 100.0, at, FEED, FEED, Certainty.SAMPLED, number)


def detector(*events: Liquidation, since: int | None = START - 600_000) -> CascadeDetector:
    one = CascadeDetector(RULES)
    one.note(FEED, since or 0, up=since is not None)
    for each in events:
        assert one.add(each)
    return one


ARRIVALS = st.lists(
    st.tuples(st.integers(0, 700), st.integers(1, 10**13), st.sampled_from(list(Side))), min_size=1, max_size=60
)


@given(ARRIVALS, st.integers(0, 800), st.randoms(use_true_random=False))
def test_a_window_is_a_recount_whatever_the_order_of_arrival(
    events: list[tuple[int, int, Side]], later: int, chance: random.Random
) -> None:
    shuffled = events[:]
    chance.shuffle(shuffled)
    window = Window(300)
    for second, micro, side in shuffled:
        window.add(side, micro, second)
    head = max(*(second for second, _, _ in events), later)
    window.advance(later)
    # a late event older than the window at its arrival has left it since as well
    inside = [one for one in events if head - 300 < one[0] <= head]
    assert window.long == sum(micro for _, micro, side in inside if side is Side.LONG)
    assert window.short == sum(micro for _, micro, side in inside if side is Side.SHORT)
    by_second = [sum(m for s, m, _ in inside if s == second) for second in range(head - 299, head + 1)]
    assert window.by_second() == by_second
    assert window.runs(30) == (sum(by_second[-30:]), max(sum(by_second[i : i + 30]) for i in range(271)))


def test_ten_million_events_add_up_to_the_last_micro_dollar() -> None:
    window, total = Window(300), 0
    for turn in range(100_000):
        micro = 999_999_999_937 + turn % 7
        window.add(Side.LONG, micro, turn % 300)
        total += micro
    assert window.long == total
    window.advance(10_000)
    assert window.total == 0


@pytest.mark.parametrize(
    ("usd", "tier"),
    [
        (50000, Tier.NONE),
        (50001, Tier.LOW),
        (125000, Tier.LOW),
        (125001, Tier.MEDIUM),
        (375000, Tier.MEDIUM),
        (375001, Tier.HIGH),
        (1000000, Tier.HIGH),
        (1000001, Tier.EXTREME),
    ],
)
def test_tiers_of_a_quiet_market(usd: float, tier: Tier) -> None:
    reading = detector(event(0, usd)).read("BTC", START, 100_000_000.0)
    assert reading is not None
    assert reading.tier is tier


def test_tiers_grow_with_the_volume_of_the_day() -> None:
    assert thresholds("BTC", 1e9, RULES) == pytest.approx((200_000, 500_000, 1_500_000, 4_000_000))
    assert thresholds("BTC", 250_000_000, RULES) == thresholds("BTC", 0, RULES)


@pytest.mark.parametrize(
    ("usd", "tier"),
    [
        (250000, Tier.NONE),
        (250001, Tier.LOW),
        (1000001, Tier.MEDIUM),
        (5000001, Tier.HIGH),
        (20000000, Tier.HIGH),
        (20000001, Tier.EXTREME),
    ],
)
def test_tiers_of_the_whole_market(usd: float, tier: Tier) -> None:
    assert tier_of(usd, thresholds(MARKET, 1e12, RULES)) is tier


@pytest.mark.parametrize(
    ("long", "short", "side"),
    [(2, 1, Side.LONG), (1, 2, Side.SHORT), (199, 101, None), (101, 199, None), (0, 5, Side.SHORT), (1, 1, None)],
)
def test_an_exhaustion_points_against_the_side_that_holds_two_thirds(long: int, short: int, side: Side | None) -> None:
    window = Window(300)
    window.add(Side.LONG, long, 1)
    window.add(Side.SHORT, short, 1)
    assert direction_of(window, RULES) is side


def wave(*usd: float, step: float = 10) -> Sequence[Liquidation]:
    return [event(index * step, one) for index, one in enumerate(usd) if one]


def fires(
    one: CascadeDetector, events: Sequence[Liquidation], upto: int, since: int = 0
) -> list[tuple[int, CascadeReading]]:
    """Seconds at which BTC fired; every event is heard in its second."""
    found = []
    for second in range(since, upto):
        for each in events:
            if each.time_ms // 1000 == START // 1000 + second:
                one.add(each)
        found += [(second, r) for r in one.exhausted(START + second * 1000, {}) if r.symbol == "BTC"]
    return found


def test_a_cascade_is_exhausted_once_when_its_rate_has_fallen_under_30_percent() -> None:
    [(second, reading)] = fires(detector(), wave(30_000, 60_000, 30_000, 0, 0, 20_000), 290)
    assert (reading.peak_usd, reading.direction, reading.tier) == (120_000.0, Side.LONG, Tier.LOW)
    assert (second, reading.last_usd) == (40, 30_000.0), "until then 90,000 and more of 120,000 were in the last 30 s"


def test_at_exactly_30_percent_it_goes_on() -> None:
    pause = [event(0, 50_000), event(10, 50_000), event(35, 30_000)]
    [(second, reading)] = fires(detector(), pause, 100)
    assert second == 65, "from 40 on the last 30 s hold 30,000 of 100,000, which is not under 30 %"
    assert reading.last_usd == 0.0
    [(sooner, _)] = fires(detector(), [*pause[:2], event(35, 29_999)], 100)
    assert sooner == 40


def test_under_low_nothing_fires() -> None:
    assert fires(detector(), wave(20_000, 20_000, 10_000), 400) == []


def test_it_is_armed_again_only_when_the_total_is_no_longer_over_low() -> None:
    one = detector()
    assert len(fires(one, wave(60_000, 60_000), 200)) == 1
    assert fires(one, [event(210, 200_000.0)], 500, since=200) == [], "it has been over LOW ever since"
    assert len(fires(one, [event(600, 90_000.0)], 700, since=500)) == 1


@pytest.mark.parametrize(
    ("stands_since", "when"), [(-300, 30), (-270, 30), (-269, 31), (-200, 100), (0, None), (None, None)]
)
def test_never_while_a_feed_is_down_nor_for_five_minutes_after_a_gap(
    stands_since: int | None, when: int | None
) -> None:
    one = detector(since=None if stands_since is None else START + stands_since * 1000)
    assert [second for second, _ in fires(one, [event(0, 100_000.0)], 299)] == ([] if when is None else [when])


def test_a_feed_that_never_told_of_a_symbol_does_not_hold_it_back() -> None:
    one = detector()
    one.note("okx", START, up=False)
    assert len(fires(one, [event(0, 100_000.0)], 60)) == 1
    other = detector(Liquidation("BTC", Side.LONG, 1.0, 1.0, START, "okx", "okx", Certainty.SAMPLED, "1"))
    other.note("okx", START, up=False)
    assert fires(other, [event(0, 100_000.0)], 60) == []


def test_an_event_that_comes_again_is_counted_once_whoever_tells_it() -> None:
    one = detector(event(0, 100.0, name="tid-1"))
    again = Liquidation("BTC", Side.LONG, 1.0, 100.0, START, FEED, "another feed", Certainty.EXACT, "tid-1")
    assert not one.add(again)
    elsewhere = Liquidation("BTC", Side.LONG, 1.0, 100.0, START, "okx", "okx", Certainty.SAMPLED, "tid-1")
    assert one.add(elsewhere), "another exchange's liquidation is another one"
    reading = one.read("BTC", START, 0.0)
    assert reading is not None
    assert reading.total_usd == 200.0


def test_ids_are_forgotten_when_there_are_too_many() -> None:
    one = CascadeDetector(CascadeRules(remembered=1_000))
    for number in range(1_500):
        one.add(event(0, 1.0, name=str(number)))
    assert 1_000 <= len(one.seen) <= 1_070
    assert not one.add(event(0, 1.0, name="1499"))


def test_the_whole_market_is_a_window_of_its_own() -> None:
    one = detector(event(0, 200_000.0), event(0, 100_000.0, Side.SHORT, "ETH"))
    reading = one.read(MARKET, START, 0.0)
    assert reading is not None
    assert (reading.long_usd, reading.short_usd, reading.tier) == (200_000.0, 100_000.0, Tier.LOW)
    assert one.read("SOL", START, 0.0) is None

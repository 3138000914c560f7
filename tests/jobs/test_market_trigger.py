"""Jobs fire at marks of market time, however fast it runs, and are never crowded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import MarketClock
from jobs.market_trigger import MarketTrigger

NOW = datetime(2026, 1, 6, 14, 0, tzinfo=UTC)
START = 1_767_708_000_000


class Wall:
    """A wall clock that the test moves."""

    def __init__(self) -> None:
        self.ms = 5_000_000

    def __call__(self) -> int:
        return self.ms


def clock(speed: float, at: int) -> MarketClock:
    one = MarketClock(Wall())
    one.sync(at, speed)
    return one


@pytest.mark.parametrize(
    ("speed", "at", "wall_seconds"),
    [(1, START + 10_000, 295), (60, START + 10_000, 295 / 60), (1, START + 5_000, 300), (1, START + 4_999, 0.001)],
)
def test_the_next_mark_is_a_multiple_of_the_interval_plus_its_delay(speed: float, at: int, wall_seconds: float) -> None:
    trigger = MarketTrigger(clock(speed, at), every_ms=300_000, delay_ms=5_000)
    due = trigger.get_next_fire_time(None, NOW)
    assert (due - NOW).total_seconds() == pytest.approx(wall_seconds, abs=1e-3)


def test_on_a_fast_market_marks_are_coalesced_to_the_least_wall_time() -> None:
    trigger = MarketTrigger(clock(6000, START), every_ms=5_000, least_wall_ms=500)
    assert trigger.get_next_fire_time(NOW, NOW) == NOW + timedelta(milliseconds=500)


def test_a_stepped_clock_stands_until_moved_and_never_goes_back() -> None:
    one = MarketClock(Wall())
    one.sync(START, None)
    assert one.now_ms() == START
    one.move_to(START + 5)
    assert one.now_ms() == START + 5
    with pytest.raises(ValueError, match="cannot go back"):
        one.move_to(START)


def test_market_time_passes_speed_times_as_fast_and_spans_are_never_shorter_than_the_wall() -> None:
    wall = Wall()
    one = MarketClock(wall)
    one.sync(START, 60.0)
    wall.ms += 1_500
    assert one.now_ms() == START + 90_000
    assert one.span_ms(15_000) == 900_000
    one.sync(START, 0.5)
    assert one.span_ms(15_000) == 15_000
    assert one.wall_until(START + 1_000) == pytest.approx(2.0)
    with pytest.raises(ValueError, match="speed 0"):
        one.sync(START, 0)

"""The bot's clock is kept by the venue's, and by nothing that an answer's way or a frozen answer could explain."""

from __future__ import annotations

import pytest

from bot.clock import MarketClock
from bot.timekeeping import Timekeeper


class World:
    """A wall that the test moves; a venue and our clock on it, both at 60 times its speed."""

    def __init__(self) -> None:
        self.wall = 1_000_000
        self.venue, self.clock = MarketClock(lambda: self.wall), MarketClock(lambda: self.wall)
        for one in (self.venue, self.clock):
            one.sync(5_000_000, 60.0)
        self.keeper = Timekeeper(self.clock, skew_ms=1_000)

    def hears(self, way_ms: int = 20) -> None:
        """One reading of the venue's time, ``way_ms`` of the wall there and as much back."""
        asked = self.clock.now_ms()
        self.wall += way_ms
        theirs = self.venue.now_ms()
        self.wall += way_ms
        self.keeper.heard(asked, theirs, self.clock.now_ms())

    @property
    def apart(self) -> int:
        """The venue's time less ours."""
        return self.venue.now_ms() - self.clock.now_ms()


@pytest.mark.parametrize("ahead_ms", [300_000, -300_000])
def test_a_clock_that_is_five_seconds_off_is_set_right(ahead_ms: int) -> None:
    world = World()
    world.hears()
    world.clock.shift(-ahead_ms)
    world.hears()
    assert abs(world.apart) <= 20 * 60


@pytest.mark.parametrize(("ahead_ms", "way_ms"), [(59_000, 1), (-59_000, 1), (0, 5_000)])
def test_what_a_slow_answer_explains_is_no_skew(ahead_ms: int, way_ms: int) -> None:
    world = World()
    world.clock.shift(-ahead_ms)
    world.hears(way_ms)
    assert world.apart == ahead_ms


def test_an_answer_that_stands_still_says_nothing() -> None:
    world = World()
    world.keeper.heard(5_000_000, 5_000_000, 5_000_000)
    world.wall += 60_000
    now = world.clock.now_ms()
    world.keeper.heard(now, 5_000_000, now)
    assert world.clock.now_ms() == now


def test_a_stepped_clock_is_left_alone() -> None:
    world = World()
    world.clock.sync(5_000_000, None)
    world.keeper.heard(5_000_000, 9_000_000, 5_000_000)
    assert world.clock.now_ms() == 5_000_000

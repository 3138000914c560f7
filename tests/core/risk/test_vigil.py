"""When an API wallet's end is warned of, and when nobody is there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.risk.vigil import DAY_MS, Attendance, Vigil, due_warning
from core.settings import LiveRules

RULES = LiveRules()
END = Vigil(until_ms=100 * DAY_MS)


@pytest.mark.parametrize(
    ("left_ms", "due"),
    [
        (14 * DAY_MS + 1, None),
        (14 * DAY_MS, 14),
        (7 * DAY_MS + 1, 14),
        (7 * DAY_MS, 7),
        (DAY_MS + 1, 7),
        (DAY_MS, 1),
        (1, 1),
        (0, 0),
        (-DAY_MS, 0),
    ],
)
def test_the_nearest_mark_is_warned_of(left_ms: int, due: int | None) -> None:
    assert due_warning(END, END.until_ms - left_ms, RULES) == due


def test_an_unknown_end_is_not_warned_of() -> None:
    assert due_warning(Vigil(), 10**15, RULES) is None


@given(st.lists(st.integers(0, 200), min_size=1, max_size=60))
def test_each_mark_is_warned_of_once_whenever_it_is_looked(days: list[int]) -> None:
    vigil, told = END, []
    for day in sorted(days):
        due = due_warning(vigil, day * DAY_MS, RULES)
        if due is not None:
            told.append(due)
            vigil = replace(vigil, warned=due)
    assert told == sorted(set(told), reverse=True)
    assert set(told) <= {14, 7, 1, 0}
    if max(days) >= 100:
        assert told[-1] == 0


def test_a_person_is_away_from_12_hours_on() -> None:
    now = [1_000]
    there = Attendance(lambda: now[0], 1_000)
    assert (there.absent_ms, there.is_away(RULES)) == (0, False)
    now[0] += 12 * 3_600_000 - 1
    assert not there.is_away(RULES)
    now[0] += 1
    assert there.is_away(RULES)
    now[0] = 0
    assert there.absent_ms == 0

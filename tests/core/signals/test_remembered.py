"""A memory of ids: nothing is new twice while it is remembered, and enough is remembered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.signals.remembered import PARTS, Remembered


@given(st.integers(1, 200), st.lists(st.integers(0, 50), max_size=600))
def test_of_the_newest_ones_none_is_new_again(most: int, things: list[int]) -> None:
    memory, met = Remembered(most), list[int]()
    for thing in things:
        if memory.is_new(thing):
            assert thing not in met[-most:]
            met.append(thing)
        else:
            assert thing in met
        assert len(memory) <= most + 2 * PARTS + most // PARTS


def test_what_is_old_is_forgotten_and_memory_stays_bounded() -> None:
    memory = Remembered(1_600)
    assert all(memory.is_new(n) for n in range(100_000))
    assert 1_600 <= len(memory) <= 1_700
    assert not memory.is_new(99_999)
    assert not memory.is_new(100_000 - 1_600)
    assert memory.is_new(0)

"""What is loaded is kept from the collector's sight, and nothing else changes."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from bot.collector import NEVER, loading, put_away


class Kept:
    """Something that the collector would look at."""


@pytest.fixture(autouse=True)
def _in_sight_again() -> Iterator[None]:
    yield
    gc.unfreeze()


def in_sight(one: object) -> bool:
    return any(seen is one for seen in gc.get_objects())


def test_what_was_loaded_is_not_looked_at_again() -> None:
    with loading():
        kept = Kept()
        assert in_sight(kept)
    assert not in_sight(kept)


def test_no_full_collection_while_loading_and_the_usual_ones_afterwards() -> None:
    usual = gc.get_threshold()
    with loading():
        assert gc.get_threshold() == (*usual[:2], NEVER)
    assert gc.get_threshold() == usual


def test_loading_that_fails_leaves_the_collector_as_it_was() -> None:
    usual = gc.get_threshold()
    with pytest.raises(LookupError), loading():
        raise LookupError
    assert gc.get_threshold() == usual


def test_what_was_put_away_goes_with_its_last_reference() -> None:
    kept = Kept()
    gone = weakref.ref(kept)
    put_away()
    del kept
    assert gone() is None

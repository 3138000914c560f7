"""The collector of cyclic garbage, which stops every thread while it looks: what is loaded once, it looks at once.

A full collection visits every object there is. The libraries of a run make most of them, none of which ever goes;
left in sight, they make each full collection a stall of a fifth of a second, every minute of a busy run.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

NEVER = 1 << 30
"""A number of collections of the middle generation that is not reached."""


@contextmanager
def loading() -> Iterator[None]:
    """Around what loads and makes what stays: no full collection meanwhile, and none that looks at any of it later.

    Young garbage is collected all the time. One at a time: they share the collector's thresholds.
    """
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, NEVER)
    try:
        yield
    finally:
        gc.set_threshold(young, middle, old)
        put_away()


def put_away() -> None:
    """Whatever is there now is not looked at again; it still goes when the last reference to it does."""
    gc.freeze()

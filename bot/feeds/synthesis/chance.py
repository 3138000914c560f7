"""Chance that can be asked again: every draw is named by the seed and by what it is for, never by what came before.

So the same seed gives the same market whatever the sizes of the steps, whatever other markets there are, and after
any restart.
"""

from __future__ import annotations

import zlib

import numpy as np


def named_chance(seed: int, purpose: str, number: int) -> np.random.Generator:
    """The generator of one purpose (a coin, ``regimes``, ``ticks``) and one number (a day, a bar)."""
    key = np.array([seed & 0xFFFF_FFFF_FFFF_FFFF, zlib.crc32(purpose.encode())], dtype=np.uint64)
    counter = np.array([0, 0, number & 0xFFFF_FFFF_FFFF_FFFF, 0], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))

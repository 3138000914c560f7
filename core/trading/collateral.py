"""What to move between an account's dexes, each of which holds its own balance. Pure; moves nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_UP, Decimal

from core.errors import VenueRefused

MICRO_USD = Decimal("0.000001")
"""USDC has six decimals."""


def with_freed(
    free: Mapping[str, Decimal], freed: Mapping[str, Decimal], dex_of: Callable[[str], str]
) -> dict[str, Decimal]:
    """What each dex would hold, were so much USD free as well on the dexes of some coins."""
    after = dict(free)
    for coin, usd in freed.items():
        after[dex_of(coin)] = after.get(dex_of(coin), Decimal(0)) + usd
    return after


def plan(free: Mapping[str, Decimal], target: str, usd: Decimal) -> list[tuple[str, Decimal]]:
    """What to move to ``target`` so that it holds ``usd``: ``(source dex, amount)``, richest source first.

    Raises :class:`VenueRefused` when all others together have too little; then nothing is to be moved.

    >>> plan({"": Decimal(100), "xyz": Decimal(10)}, "xyz", Decimal("40.005"))
    [('', Decimal('30.005000'))]
    """
    missing = (usd - free.get(target, Decimal(0))).quantize(MICRO_USD, ROUND_UP)
    moves: list[tuple[str, Decimal]] = []
    for dex, amount in sorted(free.items(), key=lambda item: (-item[1], item[0])):
        if dex == target or missing <= 0 or amount <= 0:
            continue
        part = min(amount, missing)
        moves.append((dex, part))
        missing -= part
    if missing > 0:
        words = f"{usd} USDC are needed on dex {target!r}; all dexes together are {missing} short"
        raise VenueRefused(words, words=words)
    return moves

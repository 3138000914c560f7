"""Moving collateral between the account's dexes, each of which holds its own balance (facts §4).

Plans and words only; the sending is the venue's. Only the account's own key may move money: an API wallet may not, and
is told so rather than tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_UP, Decimal
from typing import Any

from bot.exchange.hyperliquid.tickets import wire_number
from core.errors import VenueRefused

MICRO_USD = Decimal("0.000001")
"""USDC has six decimals."""


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


def transfer(account: str, source: str, target: str, token: str, usd: Decimal) -> dict[str, Any]:
    """The ``sendAsset`` action that moves ``usd`` from one dex of ``account`` to another. ``token`` is name:id.

    The nonce is added where it is signed."""
    return {
        "type": "sendAsset",
        "destination": account,
        "sourceDex": source,
        "destinationDex": target,
        "token": token,
        "amount": wire_number(usd),
        "fromSubAccount": "",
    }


def not_by_an_agent(target: str, usd: Decimal) -> VenueRefused:
    """The refusal that tells the operator to move the money, since an API wallet cannot."""
    words = (
        f"dex {target!r} needs {usd} USDC more and an API wallet may not move collateral: "
        "transfer it to that dex in the exchange's own interface with the account's wallet"
    )
    return VenueRefused(words, words=words)

"""Moving collateral between the account's dexes, each of which holds its own balance (facts §4).

Words only: what to move is :mod:`core.trading.collateral`'s, the sending the venue's. Only the account's own key may move money: an API wallet may not, and
is told so rather than tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.exchange.hyperliquid.tickets import wire_number
from core.errors import VenueRefused
from core.trading.collateral import plan


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


def moves(free: Mapping[str, Decimal], target: str, usd: Decimal, *, own_key: bool) -> list[tuple[str, Decimal]]:
    """What must be moved so that a dex holds ``usd``: ``(source dex, amount)``, nothing where it does. Raises
    :class:`VenueRefused`."""
    missing = usd - free[target]
    if missing <= 0:
        return []
    if not own_key:
        raise not_by_an_agent(target, missing)
    return plan(free, target, usd)


def not_by_an_agent(target: str, usd: Decimal) -> VenueRefused:
    """The refusal that tells the operator to move the money, since an API wallet cannot."""
    words = (
        f"dex {target!r} needs {usd} USDC more and an API wallet may not move collateral: "
        "transfer it to that dex in the exchange's own interface with the account's wallet"
    )
    return VenueRefused(words, words=words)

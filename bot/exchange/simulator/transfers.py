"""Money between the parts of an account: its perp dexes and its spot balance. None ever leaves the account."""

from __future__ import annotations

from decimal import Decimal

from bot.exchange.simulator.assets import DEXES
from bot.exchange.simulator.state import VenueState
from core.trading.exchange.requests import Refused

SPOT = "spot"
"""Name of the spot balance beside the dexes."""
TOO_LITTLE = "Insufficient balance for withdrawal"


def move(state: VenueState, address: str, source: str, target: str, usd: Decimal) -> None:
    """Move ``usd`` from one dex (or spot) of an account to another. Raises :class:`Refused`."""
    for name in (source, target):
        if name not in (*DEXES, SPOT):
            raise Refused(f"Invalid dex {name}")
    if SPOT not in (source, target):
        state.exchange.transfer(address, source, target, usd)
        return
    if not 0 < usd <= available(state, address, source):
        raise Refused(TOO_LITTLE)
    for name, change in ((source, -usd), (target, usd)):
        if name == SPOT:
            state.spot[address] = state.spot.get(address, Decimal(0)) + change
        else:
            state.exchange.deposit(address, change, name)


def available(state: VenueState, address: str, name: str) -> Decimal:
    """What can be moved out of a dex or of spot now."""
    if name == SPOT:
        return state.spot.get(address, Decimal(0))
    return state.exchange.account(address, name).withdrawable

"""Is this the account it should be? Asked once at the start, because a wrong one answers everything with zeros."""

from __future__ import annotations

from bot.exchange.hyperliquid.answers import Role
from bot.exchange.hyperliquid.rest import Rest
from core.errors import VenueRefused

POOLED = ("unifiedAccount", "portfolioMargin")


async def check_account(rest: Rest, account: str) -> None:
    """Raise :class:`VenueRefused` for an address that is an API wallet, or whose dexes share one balance.

    Of an API wallet every read is empty; with pooled collateral a dex's account value is no equity, and sizes would
    be wrong.
    """
    role = await rest.info("userRole", Role, user=account)
    if role.role == "agent":
        owner = role.data.user if role.data else "another account"
        words = f"{account} is an API wallet of {owner}; give the account's own address"
        raise VenueRefused(words, words=words)
    mode = await rest.info("userAbstraction", str, user=account)
    if mode in POOLED:
        words = f"{account} is in mode {mode}, whose shared collateral is not supported; switch it to standard mode"
        raise VenueRefused(words, words=words)

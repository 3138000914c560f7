"""Markets that are followed only because a position is held in them: adopted from outside, or dropped from the list.

Their terms are the venue's own. They are managed and can be closed like any other, and are never entered.
"""

from __future__ import annotations

from core.desk import Desk
from core.market.symbols import AssetClass, Market


async def follow(desk: Desk, coin: str, symbol: str | None = None) -> Market:
    """The market of a venue name; one outside the universe joins it as a market that is not entered.

    ``symbol`` is the name that a stored position knows it by. Raises :class:`core.errors.VenueUnavailable` when the
    venue must be asked for its terms and cannot be.
    """
    known = next((m for m in desk.universe if m.coin == coin), None)
    if known is not None:
        return known
    terms = next((one for one in await desk.venue.listings() if one.coin == coin), None)
    stranger = Market(
        symbol=symbol or free_symbol(desk, coin),
        asset_class=AssetClass.CRYPTO,
        coin=coin,
        max_leverage=terms.max_leverage if terms is not None else 1,
        size_decimals=terms.size_decimals if terms is not None else 0,
        isolated_only=terms.isolated_only if terms is not None else True,
    )
    desk.foreign.add(coin)
    desk.universe = [*desk.universe, stranger]
    return stranger


def free_symbol(desk: Desk, coin: str) -> str:
    """The short name of a coin, or all of it where another market bears the short one; buttons cannot carry a colon."""
    short = coin.rpartition(":")[2]
    return coin.replace(":", "-") if any(m.symbol == short for m in desk.universe) else short

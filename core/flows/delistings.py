"""Markets that the venue ends while we run: noticed, told once, and neither read nor entered any more (SPEC U1).

What was held in one is settled by the venue; the book learns of it like of any other close.
"""

from __future__ import annotations

from core.desk import Desk
from core.events import MarketDelisted


async def look_for_delistings(desk: Desk) -> None:
    """Compare our markets with what the venue lists now. Raises :class:`core.errors.VenueUnavailable`."""
    live = {one.coin for one in await desk.venue.listings() if not one.delisted}
    async with desk.deciding:  # not before: a pause would wait for the venue
        gone = [market for market in desk.universe if market.coin not in live]
        held = {position.coin for position in await desk.ledger.live_positions()}
        fresh = [market for market in gone if market.coin not in desk.delisted]
        events = [MarketDelisted(market.symbol, market.coin in held) for market in fresh]
        if events:
            await desk.ledger.store(events=events, at_ms=desk.clock.now_ms())
        desk.delisted = {market.coin for market in gone}


async def is_delisted(desk: Desk, coin: str) -> bool:
    """Whether the venue has ended a market; looked up now."""
    await look_for_delistings(desk)
    return coin in desk.delisted

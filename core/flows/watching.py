"""Which markets are read and may be entered, as operators decide it: out with one, back in, or one more of the venue's.

A market left out is managed and can be closed like any other; a scan passes it over. Decisions survive everything.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.desk import Desk
from core.errors import AlreadyDone, MissingArgument, UnknownSymbol, UserMistake
from core.events import MarketAdded, MarketRemoved
from core.flows.control import keep
from core.market.symbols import AssetClass, Market
from core.market.universe import resolve
from core.risk.switches import Watch
from core.trading.ports import Listing

NEAREST, LIKENESS = 3, 0.5
"""How many similar names are offered, and how similar they must be (difflib's ratio)."""


@dataclass(frozen=True, slots=True)
class Universe:
    """What /universe shows: markets that are read, and the names of those that operators left out."""

    markets: Sequence[Market]
    left_out: Sequence[str]


async def universe(desk: Desk) -> Universe:
    """The markets as they stand."""
    return Universe(desk.entered, [m.symbol for m in desk.universe if m.coin in desk.unwatched])


async def take_up(desk: Desk) -> None:
    """Apply what was decided in an earlier life. Raises :class:`core.errors.VenueUnavailable`."""
    decided = (await desk.ledger.switches()).watching.values()
    missing = [one for one in decided if one.watched and all(m.coin != one.coin for m in desk.universe)]
    listed = {one.coin: one for one in await desk.venue.listings() if not one.delisted} if missing else {}
    desk.universe = [*desk.universe, *(market(one, listed[one.coin]) for one in missing if one.coin in listed)]
    desk.unwatched = {one.coin for one in decided if not one.watched}


async def remove(desk: Desk, symbol: str, by: str) -> str:
    """Read and enter a market no more; its symbol. Raises :class:`AlreadyDone`, :class:`UserMistake` for the last one."""
    async with desk.deciding:
        found = next(m for m in desk.universe if m.symbol == symbol)
        if found.coin in desk.unwatched or found.coin in desk.foreign:
            raise AlreadyDone(f"{symbol} is not read already", what=symbol)
        if len(desk.entered) == 1:
            raise UserMistake(f"{symbol} is the only market left; add another one before it is removed")
        await decide(desk, Watch(symbol, found.coin, found.asset_class, False, by, desk.clock.now_ms()))
        desk.unwatched = desk.unwatched | {found.coin}
        return symbol


async def add(desk: Desk, name: str, asset_class: AssetClass | None, by: str) -> str:
    """Read and enter a market: one that was left out, or one that the venue lists; its symbol.

    The class of a market of another dex cannot be told from its name. Raises :class:`UnknownSymbol`,
    :class:`MissingArgument`, :class:`AlreadyDone`, :class:`core.errors.VenueUnavailable`.
    """
    known = known_market(desk, name)
    asked = known is None or known.coin in desk.foreign
    listings = await desk.venue.listings() if asked else []
    async with desk.deciding:  # not before: a pause would wait for the venue
        known = known_market(desk, name)
        if known is not None and known.coin not in desk.unwatched | desk.foreign:
            raise AlreadyDone(f"{known.symbol} is read already", what=known.symbol)
        if known is not None and known.coin not in desk.foreign:
            found = known
        else:
            listing = listed(name, listings)
            found = market(watch_of(desk, listing, known, asset_class, by), listing)
        await decide(desk, Watch(found.symbol, found.coin, found.asset_class, True, by, desk.clock.now_ms()))
        desk.universe = (
            [*(m for m in desk.universe if m.coin != found.coin), found] if found != known else desk.universe
        )
        desk.unwatched, desk.foreign = desk.unwatched - {found.coin}, desk.foreign - {found.coin}
        return found.symbol


async def decide(desk: Desk, watch: Watch) -> None:
    """Store the decision and tell it."""
    switches = await desk.ledger.switches()
    event = MarketAdded(watch.symbol, watch.by) if watch.watched else MarketRemoved(watch.symbol, watch.by)
    await keep(desk, replace(switches, watching={**switches.watching, watch.coin: watch}), event)


def known_market(desk: Desk, name: str) -> Market | None:
    """The market of the universe that a name means. Raises what ``resolve`` raises, but for an unknown name."""
    try:
        return resolve(name, desk.universe, desk.settings.chat.argument_most)
    except UnknownSymbol:
        return None


def listed(name: str, listings: Sequence[Listing]) -> Listing:
    """What the venue lists under a name, with or without its dex. Raises :class:`UnknownSymbol` with the nearest."""
    by_name: dict[str, Listing] = {}
    for one in listings:
        if not one.delisted:
            by_name[one.coin.casefold()] = one
            by_name.setdefault(one.coin.rpartition(":")[2].casefold(), one)
    found = by_name.get(name.casefold())
    if found is None:
        close = difflib.get_close_matches(name.casefold(), by_name, NEAREST, LIKENESS)
        nearest = ", ".join(dict.fromkeys(by_name[key].coin for key in close))
        raise UnknownSymbol(f"the venue lists no {name!r}", symbol=name, nearest=nearest)
    return found


def watch_of(desk: Desk, listing: Listing, known: Market | None, asset_class: AssetClass | None, by: str) -> Watch:
    """The decision to watch a listing. Raises :class:`MissingArgument` where its class is not known."""
    of_dex = ":" in listing.coin
    if of_dex and asset_class is None:
        usage = f"/universe add {listing.coin} {'|'.join(one for one in AssetClass if one is not AssetClass.CRYPTO)}"
        raise MissingArgument(
            f"the class of {listing.coin} is missing", command=f"/universe add {listing.coin}", usage=usage
        )
    short = listing.coin.rpartition(":")[2]
    taken = any(m.symbol == short for m in desk.universe)
    symbol = known.symbol if known is not None else listing.coin if taken else short
    return Watch(symbol, listing.coin, asset_class or AssetClass.CRYPTO, True, by, desk.clock.now_ms())


def market(watch: Watch, listing: Listing) -> Market:
    """A market of the venue's under its live terms; no Binance candles, since nobody has said that they are the same."""
    return Market(
        watch.symbol, watch.asset_class, watch.coin, listing.max_leverage, listing.size_decimals, listing.isolated_only
    )

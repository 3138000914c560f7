"""Which markets the venue lists, and the asset id that stands for each in an action.

Ids are computed, never remembered: a market's place in ``meta`` gives it, and the place of its dex in ``perpDexs``
(facts §4). Testnet numbers its markets otherwise than mainnet.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.exchange.hyperliquid.answers import DexRow, MarketRow, Meta
from core.errors import VenueRefused
from core.trading.ports import Listing

log = logging.getLogger(__name__)

HIP3_BASE = 100_000
HIP3_STEP = 10_000
PRICE_PLACES = 6
"""Decimal places of size and price together."""


def dex_of(coin: str) -> str:
    """Name of the dex that lists ``coin``; the main one has none.

    >>> dex_of("xyz:TSLA"), dex_of("BTC")
    ('xyz', '')
    """
    dex, colon, _ = coin.partition(":")
    return dex if colon else ""


def asset_id(dex_index: int, index: int) -> int:
    """Asset id of the market at ``index`` of the dex at ``dex_index`` of ``perpDexs``.

    >>> asset_id(0, 4), asset_id(1, 1)
    (4, 110001)
    """
    return index if dex_index == 0 else HIP3_BASE + dex_index * HIP3_STEP + index


def indexed(rows: Sequence[DexRow | None], wanted: Sequence[str]) -> dict[str, int]:
    """Index of each wanted dex; one that the venue does not know is left out with a warning."""
    known = {"" if row is None else row.name: place for place, row in enumerate(rows)}
    for name in wanted:
        if name not in known:
            log.warning("the venue has no dex %r; its markets are left out", name)
    return {name: known[name] for name in wanted if name in known}


@dataclass(frozen=True, slots=True)
class Asset:
    """A listed market and its id."""

    listing: Listing
    number: int


class Assets:
    """The markets of every dex in use, by coin."""

    def __init__(self, metas: Sequence[tuple[int, Meta]]) -> None:
        self._by_coin = {
            row.name: Asset(_listing(row), asset_id(dex_index, place))
            for dex_index, meta in metas
            for place, row in enumerate(meta.universe)
        }

    def __contains__(self, coin: object) -> bool:
        return coin in self._by_coin

    def __iter__(self) -> Iterator[Listing]:
        return (asset.listing for asset in self._by_coin.values())

    def finest_price(self, coin: str) -> Decimal:
        """Smallest step that a price of ``coin`` can have: 6 − size decimals places (facts §4)."""
        asset = self._by_coin.get(coin)
        return Decimal(1).scaleb((asset.listing.size_decimals if asset else 0) - PRICE_PLACES)

    def number(self, coin: str) -> int:
        """Asset id of ``coin``. Raises :class:`VenueRefused` when the venue does not list it."""
        asset = self._by_coin.get(coin)
        if asset is None:
            words = f"{coin} is not listed here"
            raise VenueRefused(words, words=words)
        return asset.number


def _listing(row: MarketRow) -> Listing:
    return Listing(
        coin=row.name,
        max_leverage=row.max_leverage,
        size_decimals=row.sz_decimals,
        isolated_only=bool(row.only_isolated) or row.margin_mode in ("strictIsolated", "noCross"),
        delisted=bool(row.is_delisted),
    )

"""Asset ids: the place of each market in its dex. Ids of listed names equal the real exchange's where they are known.

A place whose market we do not list is filled with a delisted row, as the real exchange never removes one either. It
refuses to guess: a market without a known place is put behind the known ones, in listing order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.trading.exchange.ports import MarketTerms

DEXES = ("", "xyz")
HIP3_FIRST_ID = 100_000
HIP3_DEX_STEP = 10_000

KNOWN_PLACES: dict[str, tuple[str, ...]] = {
    "": ("BTC", "ETH", "ATOM", "MATIC", "DYDX", "SOL", "AVAX", "BNB", "APE", "OP", "LTC", "ARB", "DOGE", "INJ", "SUI"),
    "xyz": tuple(
        f"xyz:{name}"
        for name in [
            "XYZ100",
            "TSLA",
            "NVDA",
            "GOLD",
            "HOOD",
            "INTC",
            "PLTR",
            "COIN",
            "META",
            "AAPL",
            "MSFT",
            "ORCL",
            "GOOGL",
            "AMZN",
            "AMD",
            "MU",
            "SNDK",
            "MSTR",
            "CRCL",
            "NFLX",
            "COST",
            "LLY",
            "SKHX",
            "TSM",
            "JPY",
            "EUR",
            "SILVER",
            "RIVN",
            "BABA",
            "CL",
            "COPPER",
            "NATGAS",
            "URANIUM",
            "ALUMINIUM",
            "SMSN",
            "PLATINUM",
            "USAR",
            "CRWV",
            "URNM",
            "PALLADIUM",
            "DXY",
            "GME",
            "KR200",
            "SOFTBANK",
            "JP225",
            "HYUNDAI",
            "KIOXIA",
            "EWY",
            "EWJ",
            "BRENTOIL",
            "VIX",
            "HIMS",
            "SP500",
            "DKNG",
            "CORN",
            "WHEAT",
            "TTF",
            "LITE",
            "XLE",
            "VOL",
            "BX",
            "MRVL",
            "RKLB",
            "PURRDAT",
            "BIRD",
            "DRAM",
            "KRW",
            "EWZ",
            "CBRS",
            "H100",
            "ZM",
            "EBAY",
            "SPCX",
            "ARM",
            "EWT",
            "GBP",
            "NIFTY",
            "IBOV",
            "ASML",
            "MINIMAX",
            "BB",
            "QNT",
            "DELL",
            "IBM",
            "AVGO",
            "NOW",
            "NBIS",
            "WDC",
            "NOK",
            "SMH",
        ]
    ),
}
"""Universe order of the exchange [X]; between the ids that the fact sheet gives, the order of its names is a guess."""


@dataclass(frozen=True, slots=True)
class Row:
    """One place of a dex's universe."""

    asset: int
    terms: MarketTerms


class Assets:
    """Asset ids ↔ coins, and the universes with their fillers. ``terms`` are the listed markets."""

    def __init__(self, terms: Sequence[MarketTerms]) -> None:
        self._universes = {dex: _universe(dex, [one for one in terms if dex_of(one.coin) == dex]) for dex in DEXES}
        self._by_asset = {row.asset: row for rows in self._universes.values() for row in rows}
        self._by_coin = {row.terms.coin: row for rows in self._universes.values() for row in rows}

    def universe(self, dex: str) -> Sequence[Row] | None:
        """Every row of a dex in order, or ``None`` for an unknown dex."""
        return self._universes.get(dex)

    def of_coin(self, coin: str) -> Row | None:
        """The row of a coin, by its exact name."""
        return self._by_coin.get(coin)

    def of_asset(self, asset: int) -> Row | None:
        """The row of an asset id."""
        return self._by_asset.get(asset)

    def live(self, dex: str) -> list[Row]:
        """The rows of a dex that trade."""
        return [row for row in self._universes[dex] if not row.terms.delisted]


def dex_of(coin: str) -> str:
    """Name of a coin's dex; empty for the main one.

    >>> dex_of("xyz:TSLA"), dex_of("BTC")
    ('xyz', '')
    """
    return coin.partition(":")[0] if ":" in coin else ""


def _universe(dex: str, listed: Sequence[MarketTerms]) -> list[Row]:
    """Known places first, then the rest in listing order; nothing at all for a dex without a listed market."""
    if not listed:
        return []
    by_coin = {one.coin: one for one in listed}
    known = KNOWN_PLACES[dex]
    order = [*known[: _last_place(known, by_coin) + 1], *(coin for coin in by_coin if coin not in known)]
    first = HIP3_FIRST_ID + HIP3_DEX_STEP * DEXES.index(dex) if dex else 0
    return [Row(first + place, by_coin.get(coin) or _filler(coin)) for place, coin in enumerate(order)]


def _last_place(known: Sequence[str], listed: dict[str, MarketTerms]) -> int:
    return max((place for place, coin in enumerate(known) if coin in listed), default=-1)


def _filler(coin: str) -> MarketTerms:
    """A delisted row that only holds its place."""
    return MarketTerms(coin, 2, 3, ":" in coin, ((Decimal(0), 3),), delisted=True)

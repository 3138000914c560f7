"""Names, classes and sides: what a market is called and what kind of thing it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class AssetClass(StrEnum):
    """The five asset classes (SPEC U1)."""

    CRYPTO = "crypto"
    EQUITY = "equity"
    COMMODITY = "commodity"
    FOREX = "forex"
    INDEX = "index"


class Side(StrEnum):
    """Direction of a position."""

    LONG = "long"
    SHORT = "short"

    @property
    def sign(self) -> int:
        """+1 for long, −1 for short.

        >>> Side.SHORT.sign
        -1
        """
        return 1 if self is Side.LONG else -1

    @property
    def opposite(self) -> Side:
        """The other side.

        >>> Side.LONG.opposite
        <Side.SHORT: 'short'>
        """
        return Side.SHORT if self is Side.LONG else Side.LONG


@dataclass(frozen=True, slots=True)
class Market:
    """One tradable perpetual.

    ``symbol`` is our name (``TSLA``), ``coin`` the venue's (``xyz:TSLA``). ``max_leverage`` and ``size_decimals`` are
    the venue's live terms once it has been asked, the universe file's until then.
    """

    symbol: str
    asset_class: AssetClass
    coin: str
    max_leverage: int
    size_decimals: int
    isolated_only: bool = False
    binance_symbol: str | None = None
    binance_is_proxy: bool = False

    @property
    def dex(self) -> str:
        """Name of the HIP-3 dex, empty for the main one.

        >>> Market("TSLA", AssetClass.EQUITY, "xyz:TSLA", 20, 3).dex
        'xyz'
        """
        return self.coin.partition(":")[0] if ":" in self.coin else ""

    @property
    def lot(self) -> Decimal:
        """Smallest step of a size.

        >>> Market("BTC", AssetClass.CRYPTO, "BTC", 40, 5).lot
        Decimal('0.00001')
        """
        return Decimal(1).scaleb(-self.size_decimals)

    @property
    def price_decimals(self) -> int:
        """Most decimals a price may have: 6 − size decimals (Hyperliquid's tick rule for perpetuals)."""
        return max(0, 6 - self.size_decimals)

    @property
    def has_sessions(self) -> bool:
        """Whether the underlying trades in sessions, so that absent bars are no defect (SPEC C4)."""
        return self.asset_class is not AssetClass.CRYPTO


@dataclass(frozen=True, slots=True)
class AssetClassifier:
    """Which class a symbol belongs to: the explicit list, then the venue's metadata, then crypto (SPEC U2)."""

    explicit: Mapping[str, AssetClass]
    venue: Mapping[str, AssetClass]

    def classify(self, symbol: str) -> AssetClass:
        """Class of a symbol or venue name.

        >>> AssetClassifier({"TSLA": AssetClass.EQUITY}, {}).classify("TSLA")
        <AssetClass.EQUITY: 'equity'>
        >>> AssetClassifier({}, {}).classify("SOL")
        <AssetClass.CRYPTO: 'crypto'>
        """
        return self.explicit.get(symbol) or self.venue.get(symbol) or AssetClass.CRYPTO

    def is_crypto(self, symbol: str) -> bool:
        """Whether rule F1 (STRONG_BEAR blocks longs) binds this symbol."""
        return self.classify(symbol) is AssetClass.CRYPTO

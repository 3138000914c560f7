"""Margin tiers of the simulated venue's markets, after Hyperliquid's main dex (as published, August 2026) [X].

A market that is not listed here, or trades at another leverage, has a single tier.
"""

from __future__ import annotations

from decimal import Decimal

Tiers = tuple[tuple[Decimal, int], ...]

_OVER_20M = frozenset(
    [
        "AAVE",
        "ADA",
        "APT",
        "AVAX",
        "BCH",
        "CRV",
        "DOGE",
        "ENA",
        "FARTCOIN",
        "HYPE",
        "kBONK",
        "kPEPE",
        "LINK",
        "LTC",
        "NEAR",
        "PUMP",
        "SUI",
        "TRUMP",
        "UNI",
        "WLD",
        "ZEC",
    ]
)
_OVER_3M = frozenset(["ARB", "BNB", "DOT", "JUP", "kSHIB", "ONDO", "PAXG", "TRX", "XPL", "MKR", "TON"])
_OWN = {
    "BTC": (40, 150_000_000, 20),
    "ETH": (25, 100_000_000, 15),
    "SOL": (20, 70_000_000, 10),
    "XRP": (20, 40_000_000, 10),
    **dict.fromkeys(_OVER_20M, (10, 20_000_000, 5)),
    **dict.fromkeys(_OVER_3M, (10, 3_000_000, 5)),
}
"""Coin → leverage, notional in USD from which the second tier counts, leverage there."""


def margin_tiers(coin: str, max_leverage: int) -> Tiers:
    """``(lower bound in USD, max leverage)`` ascending.

    >>> margin_tiers("SOL", 20)
    ((Decimal('0'), 20), (Decimal('70000000'), 10))
    >>> margin_tiers("xyz:TSLA", 20)
    ((Decimal('0'), 20),)
    """
    first, bound, second = _OWN.get(coin, (0, 0, 0))
    if first != max_leverage:
        return ((Decimal(0), max_leverage),)
    return ((Decimal(0), max_leverage), (Decimal(bound), second))

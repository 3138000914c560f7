"""What each request weighs against the venue's budget, and which ones protect money (facts §6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BATCH = 40
"""Every so many orders of one action weigh one more."""
ROWS = 20
"""Every so many rows of a history weigh one more."""
CANDLE_ROWS = 60
"""Every so many candles weigh one more."""

_ORDINARY = 20
_WEIGHTS = {
    "allMids": 2,
    "clearinghouseState": 2,
    "exchangeStatus": 2,
    "l2Book": 2,
    "orderStatus": 2,
    "spotClearinghouseState": 2,
    "userRole": 60,
}
_BY_ROWS = frozenset(
    {"fundingHistory", "historicalOrders", "recentTrades", "userFills", "userFillsByTime", "userFunding"}
)
_PROTECTIVE = frozenset(
    {
        "clearinghouseState",
        "frontendOpenOrders",
        "meta",
        "orderStatus",
        "spotMeta",
        "userFillsByTime",
        "userFunding",
        "userNonFundingLedgerUpdates",
    }
)


def of_action(action: Mapping[str, Any]) -> int:
    """Weight of an action: 1, and 1 more for every 40 orders or cancels in it.

    >>> of_action({"type": "order", "orders": [{}] * 40})
    2
    """
    batch = action.get("orders") or action.get("cancels") or ()
    return 1 + len(batch) // BATCH


def of_info(kind: str) -> int:
    """Weight of a read before its rows are known."""
    return _WEIGHTS.get(kind, _ORDINARY)


def of_rows(kind: str, rows: int) -> int:
    """Further weight of a read that returned so many rows.

    >>> of_rows("userFillsByTime", 45), of_rows("meta", 200)
    (2, 0)
    """
    if kind == "candleSnapshot":
        return rows // CANDLE_ROWS
    return rows // ROWS if kind in _BY_ROWS else 0


def is_protective(kind: str) -> bool:
    """Whether a read may draw on the reserve: it tells what we hold, what rests, what became of an order or of money,
    or the terms without which a position found at the venue gets no stop."""
    return kind in _PROTECTIVE

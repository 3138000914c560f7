"""The exchange's request budget: weight per minute of market time and client. Off unless asked for (benchmarks).

It refuses what would exceed the budget (HTTP 429) and forgets requests older than a minute.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sized
from typing import Any

from core.settings import WireRules

_MINUTE_MS = 60_000
_LIGHT = frozenset(
    ("l2Book", "allMids", "clearinghouseState", "orderStatus", "spotClearinghouseState", "exchangeStatus")
)
_PER_20_ROWS = frozenset(
    (
        "recentTrades",
        "historicalOrders",
        "userFills",
        "userFillsByTime",
        "fundingHistory",
        "userFunding",
        "userNonFundingLedgerUpdates",
        "userTwapSliceFills",
    )
)


def info_weight(kind: str) -> int:
    """Weight of an info request before its rows are counted [X]."""
    if kind in _LIGHT:
        return 2
    return 60 if kind == "userRole" else 20


def rows_weight(kind: str, answer: Any) -> int:
    """Further weight of the rows that an info request returned [X].

    >>> rows_weight("candleSnapshot", [None] * 300), rows_weight("userFills", [None] * 40), rows_weight("meta", {})
    (5, 2, 0)
    """
    rows = len(answer) if isinstance(answer, Sized) else 0
    if kind == "candleSnapshot":
        return rows // 60
    return rows // 20 if kind in _PER_20_ROWS else 0


def action_weight(action: dict[str, Any]) -> int:
    """Weight of an action: 1, and 1 more per 40 entries of its batch [X]."""
    batches = (action.get(name) for name in ("orders", "cancels", "modifies"))
    return 1 + sum(len(batch) for batch in batches if isinstance(batch, list)) // 40


class Budget:
    """What each client spent in the last minute of market time."""

    def __init__(self, rules: WireRules) -> None:
        self._most = rules.weight_per_minute
        self._spent: dict[str, deque[tuple[int, int]]] = {}

    def allows(self, client: str, weight: int, now_ms: int) -> bool:
        """Whether ``weight`` more fits; if so it is spent."""
        spent = self._spent.setdefault(client, deque())
        while spent and spent[0][0] <= now_ms - _MINUTE_MS:
            spent.popleft()
        if sum(one for _, one in spent) + weight > self._most:
            return False
        spent.append((now_ms, weight))
        return True

    def charge(self, client: str, weight: int, now_ms: int) -> None:
        """Spend what is only known afterwards, allowed or not."""
        if weight:
            self._spent.setdefault(client, deque()).append((now_ms, weight))

"""What executing cost: the prices of our fills beside those at which their orders were decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.trading.orders import Intent


@dataclass(frozen=True, slots=True)
class Execution:
    """One fill of an order of ours; ``mark`` is the price at which the order was decided, of a trigger the trigger."""

    origin: str
    client_id: str
    intent: Intent
    is_buy: bool
    mark: Decimal
    price: Decimal
    size: Decimal


@dataclass(frozen=True, slots=True)
class Slippage:
    """Mean slippage of orders, as a share of the price: above zero it cost us. ``None`` where there were none."""

    entries: int
    entry: float | None
    exits: int
    exit: float | None


def slippage(executions: Sequence[Execution]) -> Slippage:
    """Entries and exits apart; each order counts once, by the mean price of its fills."""
    by_order: dict[str, list[Execution]] = {}
    for one in executions:
        by_order.setdefault(one.client_id, []).append(one)
    entries = [cost(fills) for fills in by_order.values() if fills[0].intent is Intent.ENTRY]
    exits = [cost(fills) for fills in by_order.values() if fills[0].intent is not Intent.ENTRY]
    return Slippage(len(entries), mean(entries), len(exits), mean(exits))


def cost(fills: Sequence[Execution]) -> float:
    """How much worse than decided one order was filled, as a share of the price."""
    first, size = fills[0], sum((f.size for f in fills), Decimal(0))
    average = sum((f.price * f.size for f in fills), Decimal(0)) / size
    return float((average / first.mark - 1) * (1 if first.is_buy else -1))


def mean(values: Sequence[float]) -> float | None:
    """The mean; ``None`` of nothing.

    >>> mean([1.0, 2.0]), mean([])
    (1.5, None)
    """
    return sum(values) / len(values) if values else None

"""The venue's own words, letter by letter, and the order status that goes with each refusal. Refuses to paraphrase.

Sentences marked *unverified* have no recording behind them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why an order was not accepted: the words and the status under which it is kept."""

    words: str
    status: str


TICK = Rejection("Price must be divisible by tick size.", "tickRejected")
INVALID_PRICE = Rejection("Order has invalid price.", "tickRejected")
INVALID_SIZE = Rejection("Order has invalid size.", "rejected")
ZERO_SIZE = Rejection("Order has zero size.", "rejected")
MARGIN = Rejection("Insufficient margin to place order.", "perpMarginRejected")
REDUCE_ONLY = Rejection("Reduce only order would increase position.", "reduceOnlyRejected")
IOC = Rejection("Order could not immediately match against any resting orders.", "iocCancelRejected")
NO_LIQUIDITY = Rejection("No liquidity available for market order.", "marketOrderNoLiquidityRejected")
TRIGGER_SIDE = Rejection("Invalid TP/SL price.", "badTriggerPxRejected")
TIER = Rejection(
    "Order would cause position to exceed margin tier limit at current leverage", "perpMaxPositionRejected"
)
TOO_MANY = Rejection("Too many open orders", "tooManyOpenOrdersRejected")
HALTED = Rejection("Trading is halted.", "rejected")
CLOSED_MODIFY = Rejection("Cannot modify canceled or filled order", "rejected")
MODIFY_KIND = Rejection("Modified order must be a resting limit order.", "rejected")
"""*Unverified.*"""

NEVER_PLACED = "Order was never placed, already canceled, or filled."
EMPTY_BATCH = "Batch of orders is empty."
"""*Unverified.*"""
PARENT_TRIGGER = "Main order cannot be trigger order."
CHILD = Rejection("TP/SL order must be reduce only.", "rejected")
"""*Unverified.*"""

SWITCH = "Cannot switch leverage type with open position."
NO_CROSS = "Cross margin is not allowed for this asset."
LEVERAGE = "Invalid leverage value"
CROSS_DECREASE = (
    "Cross position does not have sufficient margin available to decrease leverage. "
    "To decrease leverage, deposit more collateral."
)
ISOLATED_DECREASE = (
    "Isolated position does not have sufficient margin available to decrease leverage. "
    "To decrease leverage, add margin to the position."
)
NOT_ISOLATED = "Position does not use isolated margin."
NO_POSITION = "Cannot update margin for empty position."
ZERO_MARGIN = "Update to isolated margin cannot be zero."
NO_MARGIN_TO_ADD = "Account does not have sufficient margin available for increase."
NO_MARGIN_TO_TAKE = "Position does not have sufficient margin for reduction."
WITHDRAWAL = "Insufficient balance for withdrawal"
SCHEDULE_AHEAD = "Scheduled cancel time too early."
"""*Unverified.*"""


def minimum(usd: Decimal) -> Rejection:
    """Order too small."""
    return Rejection(f"Order must have minimum value of ${usd.normalize():f}.", "minTradeNtlRejected")


def post_only(bid: Decimal | None, ask: Decimal | None) -> Rejection:
    """Post-only order that would have taken."""
    best = "@".join("none" if price is None else f"{price.normalize():f}" for price in (bid, ask))
    return Rejection(f"Post only order would have immediately matched, bbo was {best}.", "badAloPxRejected")


def far(band: Decimal) -> str:
    """Limit price too far from the oracle: one answer for the whole batch."""
    return f"Order price cannot be more than {band * 100:.0f}% away from the reference price"


def schedule_volume(required: Decimal, traded: Decimal) -> str:
    """Scheduled cancel before enough was traded."""
    return (
        "Cannot set scheduled cancel time until enough volume traded. "
        f"Required: ${required.normalize():f}. Traded: ${traded.normalize():f}."
    )

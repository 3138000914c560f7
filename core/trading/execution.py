"""From a plan to tickets: the orders of an entry, a protective stop, a target, a close. Pure; sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.market.symbols import Market, Side
from core.market.ticks import round_price
from core.risk.sizing import Plan
from core.settings import Execution
from core.trading.orders import Intent, Ticket, client_id
from core.trading.positions import Position, PositionState


def opening_position(plan: Plan, *, confidence: float, strategy: str, atr: float, now_ms: int) -> Position:
    """The position as it is stored before its entry is sent."""
    return Position(
        position_id=f"{plan.market.symbol}-{now_ms}",
        symbol=plan.market.symbol,
        coin=plan.market.coin,
        side=plan.side,
        state=PositionState.OPENING,
        size=plan.size,
        entry=plan.mark,
        leverage=plan.leverage,
        initial_stop=plan.stop,
        stop=plan.stop,
        target=plan.target,
        atr=atr,
        confidence=confidence,
        strategy=strategy,
        decided_ms=now_ms,
    )


@dataclass(frozen=True, slots=True)
class Making:
    """What every order of one moment shares: whose it is, when it is made, how long it may still be accepted."""

    account: str
    now_ms: int
    expires_ms: int
    rules: Execution


def entry_tickets(position: Position, plan: Plan, making: Making) -> list[Ticket]:
    """Entry, stop and target, in the order the venue groups them."""
    entry = Ticket(
        client_id=client_id(making.account, position.position_id, Intent.ENTRY, 0),
        position_id=position.position_id,
        symbol=position.symbol,
        coin=position.coin,
        intent=Intent.ENTRY,
        is_buy=position.side is Side.LONG,
        size=plan.size,
        limit=plan.limit,
        trigger=None,
        reduce_only=False,
        created_ms=making.now_ms,
        expires_ms=making.expires_ms,
        mark=plan.mark,
    )
    stop = protective_ticket(position, plan.market, Intent.STOP, plan.stop, 0, making)
    target = protective_ticket(position, plan.market, Intent.TARGET, plan.target, 0, making)
    return [entry, stop, target]


def protective_ticket(
    position: Position, market: Market, intent: Intent, trigger: Decimal, attempt: int, making: Making
) -> Ticket:
    """A reduce-only trigger over the whole position. Its limit bounds the market order that it becomes."""
    bound = slipped(position, market, trigger, Decimal(str(making.rules.stop_slippage)))
    return reducing_ticket(position, intent, position.size, bound, trigger, trigger, attempt, making)


def close_ticket(
    position: Position, market: Market, size: Decimal, mark: Decimal, attempt: int, making: Making
) -> Ticket:
    """A reduce-only order that acts at once, at most ``slippage`` beyond the mark (wider at each attempt)."""
    rules = making.rules
    slip = min(Decimal(str(rules.slippage)) * 2**attempt, Decimal(str(rules.stop_slippage)))
    worst = slipped(position, market, mark, slip)
    return reducing_ticket(position, Intent.CLOSE, size, worst, None, mark, attempt, making)


def slipped(position: Position, market: Market, price: Decimal, slip: Decimal) -> Decimal:
    """The worst price at which a position may be reduced: ``slip`` beyond ``price``, on the grid."""
    is_buy = position.side is Side.SHORT
    return round_price(price * (1 + slip if is_buy else 1 - slip), market.price_decimals, up=is_buy)


def reducing_ticket(
    position: Position,
    intent: Intent,
    size: Decimal,
    limit: Decimal,
    trigger: Decimal | None,
    mark: Decimal,
    attempt: int,
    making: Making,
) -> Ticket:
    """An order that can only make the position smaller."""
    return Ticket(
        client_id=client_id(making.account, position.position_id, intent, attempt),
        position_id=position.position_id,
        symbol=position.symbol,
        coin=position.coin,
        intent=intent,
        is_buy=position.side is Side.SHORT,
        size=size,
        limit=limit,
        trigger=trigger,
        reduce_only=True,
        created_ms=making.now_ms,
        expires_ms=making.expires_ms,
        mark=mark,
    )

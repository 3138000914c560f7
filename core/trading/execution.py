"""From a plan to tickets: the orders of an entry, a protective stop, a target, a close. Pure; sends nothing."""

from __future__ import annotations

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


def entry_tickets(
    position: Position, plan: Plan, account: str, now_ms: int, expires_ms: int, rules: Execution
) -> list[Ticket]:
    """Entry, stop and target, in the order the venue groups them."""
    entry = Ticket(
        client_id=client_id(account, position.position_id, Intent.ENTRY, 0),
        position_id=position.position_id,
        symbol=position.symbol,
        coin=position.coin,
        intent=Intent.ENTRY,
        is_buy=position.side is Side.LONG,
        size=plan.size,
        limit=plan.limit,
        trigger=None,
        reduce_only=False,
        created_ms=now_ms,
        expires_ms=expires_ms,
    )
    stop = protective_ticket(position, plan.market, Intent.STOP, plan.stop, account, 0, now_ms, expires_ms, rules)
    target = protective_ticket(position, plan.market, Intent.TARGET, plan.target, account, 0, now_ms, expires_ms, rules)
    return [entry, stop, target]


def protective_ticket(
    position: Position,
    market: Market,
    intent: Intent,
    trigger: Decimal,
    account: str,
    attempt: int,
    now_ms: int,
    expires_ms: int,
    rules: Execution,
) -> Ticket:
    """A reduce-only trigger over the whole position. Its limit bounds the market order that it becomes."""
    is_buy = position.side is Side.SHORT
    slip = Decimal(str(rules.stop_slippage))
    bound = trigger * (1 + slip if is_buy else 1 - slip)
    return Ticket(
        client_id=client_id(account, position.position_id, intent, attempt),
        position_id=position.position_id,
        symbol=position.symbol,
        coin=position.coin,
        intent=intent,
        is_buy=is_buy,
        size=position.size,
        limit=round_price(bound, market.price_decimals, up=is_buy),
        trigger=trigger,
        reduce_only=True,
        created_ms=now_ms,
        expires_ms=expires_ms,
    )


def close_ticket(
    position: Position,
    market: Market,
    size: Decimal,
    mark: Decimal,
    account: str,
    attempt: int,
    now_ms: int,
    expires_ms: int,
    rules: Execution,
) -> Ticket:
    """A reduce-only order that acts at once, at most ``slippage`` beyond the mark (wider at each attempt)."""
    is_buy = position.side is Side.SHORT
    slip = min(Decimal(str(rules.slippage)) * 2**attempt, Decimal(str(rules.stop_slippage)))
    worst = mark * (1 + slip if is_buy else 1 - slip)
    return Ticket(
        client_id=client_id(account, position.position_id, Intent.CLOSE, attempt),
        position_id=position.position_id,
        symbol=position.symbol,
        coin=position.coin,
        intent=Intent.CLOSE,
        is_buy=is_buy,
        size=size,
        limit=round_price(worst, market.price_decimals, up=is_buy),
        trigger=None,
        reduce_only=True,
        created_ms=now_ms,
        expires_ms=expires_ms,
    )

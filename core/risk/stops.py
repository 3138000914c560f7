"""Where a position ends: initial stop and target, break-even and trail (SPEC R2).

Rounding is always toward less risk: a stop moves toward the price, a target toward the entry.
"""

from __future__ import annotations

from decimal import Decimal

from core.market.symbols import Side
from core.market.ticks import round_price
from core.settings import Stops


def initial_stop(entry: Decimal, side: Side, atr: float, price_decimals: int, rules: Stops) -> Decimal:
    """``stop_atrs`` ATR against the side.

    >>> initial_stop(Decimal(100), Side.LONG, 2.0, 2, Stops())
    Decimal('96.00')
    """
    raw = entry - side.sign * Decimal(str(rules.stop_atrs * atr))
    return round_price(raw, price_decimals, up=side is Side.LONG)


def initial_target(entry: Decimal, side: Side, atr: float, price_decimals: int, rules: Stops) -> Decimal:
    """``target_atrs`` ATR along the side.

    >>> initial_target(Decimal(100), Side.SHORT, 2.0, 2, Stops())
    Decimal('94.00')
    """
    raw = entry + side.sign * Decimal(str(rules.target_atrs * atr))
    return round_price(raw, price_decimals, up=side is Side.SHORT)


def moved_stop(
    *,
    entry: Decimal,
    side: Side,
    initial: Decimal,
    stop: Decimal,
    best: Decimal,
    atr: float,
    price_decimals: int,
    rules: Stops,
) -> Decimal | None:
    """The nearer stop that ``best`` (the most favourable mark so far) has earned, or ``None``.

    At ``break_even_r`` R the stop goes to the entry; from there it trails ``best`` at ``stop_atrs`` ATR. It never
    moves away from the price, and not by less than ``move_least_atrs``.

    >>> moved_stop(entry=Decimal(100), side=Side.LONG, initial=Decimal(96), stop=Decimal(96), best=Decimal(105),
    ...            atr=2.0, price_decimals=2, rules=Stops())
    Decimal('101.00')
    """
    risk = abs(entry - initial)
    if side.sign * (best - entry) < Decimal(str(rules.break_even_r)) * risk:
        return None
    trail = best - side.sign * Decimal(str(rules.stop_atrs * atr))
    earned = max(entry, trail) if side is Side.LONG else min(entry, trail)
    rounded = round_price(earned, price_decimals, up=side is Side.LONG)
    if side.sign * (rounded - stop) <= Decimal(str(rules.move_least_atrs * atr)):
        return None
    return rounded

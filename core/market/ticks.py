"""The venue's price grid and lot grid, exact.

A price has at most five significant figures and at most ``6 − size decimals`` decimals; whole numbers are always
legal (Hyperliquid's tick rule for perpetuals). Rounding is always named by its direction.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_UP, Decimal

SIGNIFICANT = 5


def tick(price: Decimal, price_decimals: int) -> Decimal:
    """Step of the grid at ``price``.

    >>> tick(Decimal("61234.5"), 1), tick(Decimal("317.255"), 3), tick(Decimal("0.0123456"), 6)
    (Decimal('1'), Decimal('0.01'), Decimal('0.000001'))
    """
    finest = price.adjusted() - (SIGNIFICANT - 1)
    return Decimal(1).scaleb(min(0, max(finest, -price_decimals)))


def round_price(price: Decimal, price_decimals: int, *, up: bool) -> Decimal:
    """The nearest legal price at or above (below) ``price``.

    >>> round_price(Decimal("2951.45"), 2, up=True), round_price(Decimal("2951.45"), 2, up=False)
    (Decimal('2951.5'), Decimal('2951.4'))
    """
    step = tick(price, price_decimals)
    return (price / step).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR) * step


def is_legal(price: Decimal, price_decimals: int) -> bool:
    """Whether the venue accepts this price.

    >>> is_legal(Decimal("61234.5"), 1), is_legal(Decimal("612345"), 1)
    (False, True)
    """
    return price > 0 and price % tick(price, price_decimals) == 0


def round_size(size: Decimal, size_decimals: int, *, up: bool = False) -> Decimal:
    """The size rounded down to the lot, or up.

    >>> round_size(Decimal("0.0123456"), 3), round_size(Decimal("0.0123456"), 3, up=True)
    (Decimal('0.012'), Decimal('0.013'))
    """
    return size.quantize(Decimal(1).scaleb(-size_decimals), ROUND_UP if up else ROUND_DOWN)

"""The venue's grid: which prices, sizes and amounts of money exist. Refuses to know markets or accounts.

The tick rule is that of :mod:`core.market.ticks`. Price × size of legal values has at most 6 decimals, so that money is
exact in millionths of a dollar.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import cache

from core.market import ticks

DECIMALS = 6
"""Decimals of money, and of price and size together [X]."""
MICRO = Decimal(1).scaleb(-DECIMALS)
"""Smallest amount of money."""
ZERO = Decimal(0)


@cache
def power(exponent: int) -> Decimal:
    """Ten to the ``exponent``, exactly."""
    return Decimal(1).scaleb(exponent)


def tick(price: Decimal, size_decimals: int) -> Decimal:
    """Distance of neighbouring legal prices at ``price``.

    >>> tick(Decimal("61234"), 5), tick(Decimal("9876.5"), 5), tick(Decimal("0.012345"), 0)
    (Decimal('1'), Decimal('0.1'), Decimal('0.000001'))
    """
    return ticks.tick(price, max(0, DECIMALS - size_decimals))


def is_legal_price(price: Decimal, size_decimals: int) -> bool:
    """Whether the venue takes this price.

    >>> is_legal_price(Decimal("317.25"), 3), is_legal_price(Decimal("317.255"), 3)
    (True, False)
    """
    return price % tick(price, size_decimals) == 0


def rounded(price: Decimal, size_decimals: int, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """The legal price nearest to ``price`` (or next in the direction of ``rounding``)."""
    return price.quantize(tick(price, size_decimals), rounding)


def toward(price: Decimal, size_decimals: int, *, up: bool) -> Decimal:
    """The next legal price at or above (``up``) or at or below ``price``."""
    return rounded(price, size_decimals, ROUND_CEILING if up else ROUND_FLOOR)


def lots(size: Decimal, size_decimals: int) -> Decimal:
    """``size`` cut down to whole lots.

    >>> lots(Decimal("0.1239"), 3)
    Decimal('0.123')
    """
    return size.quantize(power(-size_decimals), ROUND_FLOOR)


def micro(usd: Decimal) -> Decimal:
    """An amount of money rounded to what can be booked."""
    return usd.quantize(MICRO)


def plain(number: Decimal) -> str:
    """A number as the venue writes it: no exponent, no trailing zeros.

    >>> plain(Decimal("61240.00")), plain(Decimal("1E+2"))
    ('61240', '100')
    """
    return f"{number.normalize():f}"

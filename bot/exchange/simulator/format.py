"""How numbers look on the wire: decimal strings without exponent, whole numbers with ``.0``. Refuses to round silently.

Only the functions whose name says so round, and they round what is a ratio or an average by nature.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

LONGEST_RATIO = Decimal("1e-10")


def number(value: Decimal) -> str:
    """The exact value as the venue writes it.

    >>> number(Decimal("61000")), number(Decimal("0.0500")), number(Decimal("1E+2")), number(Decimal("-0.0"))
    ('61000.0', '0.05', '100.0', '0.0')
    """
    text = format(value, "f")
    if "." not in text:
        return f"{text}.0" if value else "0.0"
    text = text.rstrip("0")
    if text.endswith("."):
        text += "0"
    return text if value else "0.0"


def ratio(value: Decimal) -> str:
    """A quotient, rounded to the ten decimals that the venue shows.

    >>> ratio(Decimal(1) / Decimal(3))
    '0.3333333333'
    """
    return number(value.quantize(LONGEST_RATIO, ROUND_HALF_EVEN))


def from_float(value: float) -> str:
    """A float64 as the shortest decimal string that reads back as the same float64.

    >>> from_float(1e-05), from_float(61000.0), from_float(520665683.0)
    ('0.00001', '61000.0', '520665683.0')
    """
    text = repr(float(value))
    return number(Decimal(text)) if "e" in text else text

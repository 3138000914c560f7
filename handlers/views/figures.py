"""How figures are written: significant digits, thousands, signs.

Figures look as on the exchange (``1,234.50``) in every language: a German ``1.234`` next to a price is a trap.
Nothing here rounds a value that is sent to a venue.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

MINUS = "−"
DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS = 86_400_000, 3_600_000, 60_000, 1_000
CENT = Decimal("0.01")
PRICE_DIGITS = 6


def _signed(text: str) -> str:
    return text.replace("-", MINUS)


def money(amount: Decimal) -> str:
    """USDC to the cent.

    >>> money(Decimal("-1234.5"))
    '−1,234.50'
    """
    return _signed(f"{amount.quantize(CENT, ROUND_HALF_EVEN):,f}")


def gain(amount: Decimal) -> str:
    """USDC to the cent, always signed; exactly nothing has no sign.

    >>> gain(Decimal("12.345")), gain(Decimal("-0.001")), gain(Decimal(0))
    ('+12.34', '0.00', '0.00')
    """
    cents = amount.quantize(CENT, ROUND_HALF_EVEN)
    return _signed(f"{cents:+,f}") if cents else "0.00"


def price(value: Decimal) -> str:
    """A price with at most six significant digits, whole thousands kept, no trailing zeros.

    >>> price(Decimal("67123.4")), price(Decimal("0.000012345678")), price(Decimal("98.70"))
    ('67,123.4', '0.0000123457', '98.7')
    """
    if not value:
        return "0"
    places = max(PRICE_DIGITS - 1 - value.adjusted(), 0)
    return plain(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN))


def plain(value: Decimal) -> str:
    """A size or price exactly, thousands grouped, no trailing zeros.

    >>> plain(Decimal("12.500")), plain(Decimal("1E+3"))
    ('12.5', '1,000')
    """
    text = f"{value:,f}"
    return _signed(text.rstrip("0").rstrip(".") if "." in text else text)


def percent(share: float, digits: int = 2) -> str:
    """A signed share in percent.

    >>> percent(0.01236), percent(-0.5), percent(0.0)
    ('+1.24%', '−50.00%', '0.00%')
    """
    value = round(share * 100, digits)
    return _signed(f"{value:+.{digits}f}%") if value else f"{0:.{digits}f}%"


def points(share: float) -> str:
    """A confidence in whole percent.

    >>> points(0.684)
    '68%'
    """
    return f"{share * 100:.0f}%"


def multiple(r: float) -> str:
    """Profit in units of the initial risk.

    >>> multiple(-1.0)
    '−1.00R'
    """
    return _signed(f"{r:+.2f}R") if round(r, 2) else "0.00R"


def measured(value: float) -> str:
    """A rule's figure: three significant digits, thousands grouped, no exponent.

    >>> measured(0.61234), measured(12345.6), measured(8.0)
    ('0.612', '12,346', '8')
    """
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return _signed(plain(Decimal(text)) if "e" in text else text)


def age(ms: int) -> str:
    """A span with its two largest units.

    >>> age(42 * 60_000), age(3_900_000), age(5 * 86_400_000), age(9_000)
    ('42m', '1h 5m', '5d', '9s')
    """
    units = [("d", ms // DAY_MS), ("h", ms % DAY_MS // HOUR_MS), ("m", ms % HOUR_MS // MINUTE_MS)]
    first = next((i for i, (_, count) in enumerate(units) if count), None)
    if first is None:
        return f"{max(ms, 0) // SECOND_MS}s"
    return " ".join(f"{count}{unit}" for unit, count in units[first : first + 2] if count)


def short_age(ms: int) -> str:
    """A span with its largest unit, for tables.

    >>> short_age(3_900_000)
    '1h'
    """
    return age(ms).partition(" ")[0]

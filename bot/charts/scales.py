"""From prices and times to pixels, and the round numbers at which axes are labelled. Pure arithmetic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
HOUR_MS = 3_600_000
TIME_STEPS = tuple(h * HOUR_MS for h in (1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 720))


@dataclass(frozen=True, slots=True)
class Scale:
    """Linear from ``[low, high]`` to ``[bottom, top]`` pixels (``bottom`` > ``top``: prices grow upward)."""

    low: float
    high: float
    bottom: float
    top: float

    def pixel(self, value: float) -> float:
        """Where a value lies.

        >>> Scale(0.0, 10.0, 100.0, 0.0).pixel(2.5)
        75.0
        """
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)


def fitted(values: Sequence[float], bottom: float, top: float, margin: float = 0.06) -> Scale:
    """A scale that shows all values with some air; a flat series gets room around it."""
    low, high = min(values), max(values)
    pad = (high - low) * margin or abs(high) * margin or 1.0
    return Scale(low - pad, high + pad, bottom, top)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round values within ``[low, high]``, at most ``most`` of them, evenly spaced.

    >>> ticks(96.3, 104.1, 5)
    [98.0, 100.0, 102.0, 104.0]
    """
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in STEPS if s * power >= rough)
    first = math.ceil(low / step)
    return [round(i * step, 12) for i in range(first, math.floor(high / step) + 1)]


def decimals(step: float) -> int:
    """Decimals that tell neighbouring ticks apart.

    >>> decimals(0.25), decimals(500.0)
    (2, 0)
    """
    places = max(0, -math.floor(math.log10(step)))
    return places + 1 if round(step * 10**places, 9) % 1 else places


def price_text(value: float, digits: int = 6) -> str:
    """A price with ``digits`` significant digits at most, for labels.

    >>> price_text(67123.44), price_text(0.000123456), price_text(98.7)
    ('67,123.4', '0.000123456', '98.7')
    """
    if value == 0 or not math.isfinite(value):
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def time_ticks(first_ms: int, last_ms: int, most: int) -> list[tuple[int, str]]:
    """Round UTC times within the window with their labels: the day at midnight, else the hour."""
    step = next((s for s in TIME_STEPS if (last_ms - first_ms) / s <= most), TIME_STEPS[-1])
    start = -(-first_ms // step) * step
    return [(at, time_text(at, step)) for at in range(start, last_ms + 1, step)]


def time_text(at_ms: int, step_ms: int) -> str:
    """``14:00``, or ``23 Nov`` where days are counted."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    if step_ms >= 24 * HOUR_MS or (at.hour == 0 and at.minute == 0):
        return f"{at.day} {at:%b}"
    return f"{at:%H:%M}"


def span_text(ms: int) -> str:
    """How long a window is.

    >>> span_text(5 * 24 * HOUR_MS), span_text(30 * HOUR_MS)
    ('5d', '30h')
    """
    hours = ms // HOUR_MS
    return f"{hours // 24}d" if hours >= 48 else f"{hours}h"

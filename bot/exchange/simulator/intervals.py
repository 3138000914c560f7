"""Candle intervals: their names, their bounds, and how the ones that no market keeps are put together.

There is no 6h, as on the real exchange. Days and longer start at UTC midnight, weeks on Mondays, months on the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

from core.trading.exchange.ports import Candle, PriceSource

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

NATIVE = {"1m": MINUTE, "5m": 5 * MINUTE, "15m": 15 * MINUTE, "1h": HOUR, "4h": 4 * HOUR}
"""Intervals that a market keeps itself, in ms."""
COMPOSED = {
    "3m": (3 * MINUTE, "1m"),
    "30m": (30 * MINUTE, "15m"),
    "2h": (2 * HOUR, "1h"),
    "8h": (8 * HOUR, "4h"),
    "12h": (12 * HOUR, "4h"),
    "1d": (DAY, "4h"),
    "3d": (3 * DAY, "4h"),
    "1w": (7 * DAY, "4h"),
    "1M": (31 * DAY, "4h"),
}
"""Intervals put together from a native one: their longest length in ms, and that one."""
_MONDAY = 4 * DAY
"""The first Monday after the epoch, 1970-01-05."""


def known(interval: str) -> bool:
    """Whether the exchange has candles of this interval."""
    return interval in NATIVE or interval in COMPOSED


def longest_ms(interval: str) -> int:
    """Length of a bar, for months the longest."""
    return NATIVE[interval] if interval in NATIVE else COMPOSED[interval][0]


def opening(interval: str, time_ms: int) -> int:
    """Open time of the bar that contains ``time_ms``.

    >>> opening("1M", 1_753_999_999_000) == opening("1M", 1_751_328_000_000) == 1_751_328_000_000
    True
    """
    if interval == "1M":
        start = datetime.fromtimestamp(time_ms / 1000, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return int(start.timestamp() * 1000)
    length = longest_ms(interval)
    shift = _MONDAY if interval == "1w" else 0
    return (time_ms - shift) // length * length + shift


def closing(interval: str, open_ms: int) -> int:
    """Last millisecond of the bar that opens at ``open_ms``.

    >>> closing("15m", 1_790_000_100_000)
    1790000999999
    """
    if interval != "1M":
        return open_ms + longest_ms(interval) - 1
    month = datetime.fromtimestamp(open_ms / 1000, UTC) + timedelta(days=32)
    return opening("1M", int(month.timestamp() * 1000)) - 1


def bars(source: PriceSource, coin: str, interval: str, start_ms: int, end_ms: int) -> Sequence[Candle]:
    """Bars of any known interval opening in ``[opening(start_ms), end_ms]``, oldest first; the last may be forming."""
    first = opening(interval, start_ms)
    if interval in NATIVE:
        return source.candles(coin, NATIVE[interval], first, end_ms)
    native = COMPOSED[interval][1]
    last = closing(interval, opening(interval, end_ms))
    parts = source.candles(coin, NATIVE[native], first, last)
    return list(_composed(parts, interval))


def _composed(parts: Sequence[Candle], interval: str) -> Iterator[Candle]:
    for open_ms, group in groupby(parts, key=lambda part: opening(interval, part.time_ms)):
        bar = list(group)
        yield Candle(
            open_ms,
            bar[0].open,
            max(part.high for part in bar),
            min(part.low for part in bar),
            bar[-1].close,
            sum(part.volume for part in bar),
            sum(part.trades for part in bar),
        )

"""New York's morning for the peers, with the standard library's time zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=8)
def day_bounds(now_ms: int) -> tuple[int, int, int, int]:
    """Pre-market, open, end of the opening range and close of the day of the last bar, epoch ms."""
    last = datetime.fromtimestamp(now_ms / 1000 - 900, tz=UTC).astimezone(ZoneInfo("America/New_York"))
    midnight = last.replace(hour=0, minute=0, second=0, microsecond=0)
    bounds = [(midnight + timedelta(minutes=m)).timestamp() * 1000 for m in (240, 570, 600, 960)]
    return int(bounds[0]), int(bounds[1]), int(bounds[2]), int(bounds[3])

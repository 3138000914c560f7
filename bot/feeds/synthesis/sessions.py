"""When each class of market is awake: how much it moves and trades in every five minutes of a day.

Perpetuals trade around the clock, so nothing is ever shut; but a stock's perpetual hardly moves while New York sleeps.
Times follow New York's clock, daylight saving included. Holidays are not known.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from core.market.candles import Floats
from core.market.symbols import AssetClass

BARS_A_DAY = 288
BAR_MS = 300_000
NEW_YORK = ZoneInfo("America/New_York")
WEEK_HOURS = 168

_ASLEEP = 0.05
"""Share of its usual movement that a market keeps while its underlying is shut for the weekend."""


@lru_cache(maxsize=64)
def awake(asset_class: AssetClass, day_ms: int) -> tuple[Floats, Floats]:
    """Multipliers of movement and of volume for the 288 bars of the UTC day that starts at ``day_ms``."""
    hours = _new_york_hours(day_ms)
    movement = _MOVEMENT[asset_class][(hours * 2).astype(np.int64)]
    return movement, movement**1.6


@lru_cache(maxsize=64)
def reopens(asset_class: AssetClass, day_ms: int) -> int | None:
    """The bar of the day at which the class wakes after its weekend, if this is the day."""
    if asset_class is AssetClass.CRYPTO:
        return None
    movement, _ = awake(asset_class, day_ms)
    before, _ = awake(asset_class, day_ms - BARS_A_DAY * BAR_MS)
    was = np.concatenate((before[-1:], movement[:-1]))
    rows = np.flatnonzero((was <= _ASLEEP) & (movement > _ASLEEP))
    return int(rows[0]) if rows.size else None


def _new_york_hours(day_ms: int) -> Floats:
    """Hours since Monday 00:00 New York of each bar of a UTC day."""
    evening = datetime.fromtimestamp(day_ms / 1000, tz=UTC) + timedelta(hours=23)
    shift = evening.astimezone(NEW_YORK).utcoffset() or timedelta()
    first = evening.weekday() * 24
    hours = first + np.arange(BARS_A_DAY) / 12 + shift.total_seconds() / 3600
    return np.asarray(np.mod(hours, WEEK_HOURS), dtype=np.float64)


def _week(asset_class: AssetClass) -> Floats:
    """Movement in each half hour of New York's week."""
    hour = np.arange(WEEK_HOURS * 2) / 2
    day, clock = hour // 24, np.mod(hour, 24)
    if asset_class is AssetClass.CRYPTO:
        week = 0.85 + 0.45 * np.exp(-(((clock - 10.5) / 3.5) ** 2)) + 0.1 * np.exp(-(((clock - 21) / 2.5) ** 2))
        return np.asarray(week * np.where(day >= 5, 0.75, 1.0))
    if asset_class in (AssetClass.EQUITY, AssetClass.INDEX):
        week = _new_york_day(clock, night=0.12 if asset_class is AssetClass.EQUITY else 0.25)
        shut = (day == 5) | ((day == 4) & (clock >= 20)) | ((day == 6) & (clock < 20))
    elif asset_class is AssetClass.COMMODITY:
        week = 0.45 + 0.95 * np.exp(-(((clock - 10) / 3.2) ** 2)) - 0.35 * ((clock >= 17) & (clock < 18))
        shut = (day == 5) | ((day == 4) & (clock >= 17)) | ((day == 6) & (clock < 18))
    else:
        week = 0.55 + 0.7 * np.exp(-(((clock - 9) / 2.5) ** 2)) + 0.4 * np.exp(-(((clock - 4) / 2) ** 2))
        shut = (day == 5) | ((day == 4) & (clock >= 17)) | ((day == 6) & (clock < 17))
    return np.asarray(np.where(shut, _ASLEEP, week))


def _new_york_day(clock: Floats, night: float) -> Floats:
    """Stocks: pre-market from 04:00, the U of the regular session, post-market to 20:00, and a quiet night."""
    session = (
        1.0 + 1.1 * np.exp(-np.clip(clock - 9.5, 0, None) / 0.8) + 0.5 * np.exp(-np.clip(15.5 - clock, 0, None) / 0.5)
    )
    regular = (clock >= 9.5) & (clock < 16)
    extended = (clock >= 4) & (clock < 20)
    return np.asarray(np.where(regular, session, np.where(extended, 0.35, night)))


def _normal(week: Floats) -> Floats:
    """Scaled so that the mean square over the weekdays is 1: a weekday then has a day's volatility."""
    return np.asarray(np.maximum(week / np.sqrt(np.mean(week[:240] ** 2)), _ASLEEP))


_MOVEMENT = {
    asset_class: np.where(_week(asset_class) <= _ASLEEP, _ASLEEP, _normal(_week(asset_class)))
    for asset_class in AssetClass
}

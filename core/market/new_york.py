"""When stocks trade in New York: trading days, half days and the day's hours, by rule (SPEC §3 ②).

The rules are the exchange's own since 2022. Refuses to know what no rule can: a day of mourning or a storm closes the
exchange without notice, and a market that then has no bars is refused for that by :mod:`core.market.soundness`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.settings import StockHours

NEW_YORK = ZoneInfo("America/New_York")
MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6


@dataclass(frozen=True, slots=True)
class TradingDay:
    """One trading day in epoch ms: each is the first moment of what it names, ``closes`` the first one after."""

    premarket: int
    opens: int
    opening_over: int
    closes: int


@lru_cache(maxsize=32)
def trading_day(at_ms: int, hours: StockHours) -> TradingDay | None:
    """The trading day on whose date in New York ``at_ms`` falls; None at weekends and on holidays.

    >>> day = trading_day(1_741_615_200_000, StockHours())  # 2025-03-10 14:00 UTC, the Monday after the clocks changed
    >>> [(one - 1_741_564_800_000) / 3_600_000 for one in (day.premarket, day.opens, day.closes)]
    [8.0, 13.5, 20.0]
    """
    day = datetime.fromtimestamp(at_ms / 1000, tz=UTC).astimezone(NEW_YORK).date()
    if not is_trading_day(day):
        return None
    closes = hours.half_day_closes if is_half_day(day) else hours.closes
    opening_over = hours.opens + hours.opening_range
    return TradingDay(*(_moment(day, minute) for minute in (hours.premarket, hours.opens, opening_over, closes)))


def is_trading_day(day: date) -> bool:
    """Whether the New York Stock Exchange opens on a day.

    >>> is_trading_day(date(2025, 4, 18)), is_trading_day(date(2025, 4, 21))
    (False, True)
    """
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def is_half_day(day: date) -> bool:
    """Whether trading ends early: the day after Thanksgiving, and 3 July and Christmas Eve from Monday to Thursday.

    On a Friday those two precede a Saturday's holiday and are given to it.

    >>> is_half_day(date(2025, 11, 28)), is_half_day(date(2025, 7, 3)), is_half_day(date(2026, 7, 3))
    (True, True, False)
    """
    if day == _weekday(day.year, 11, THURSDAY, 4) + timedelta(days=1):
        return True
    return (day.month, day.day) in ((7, 3), (12, 24)) and day.weekday() <= THURSDAY


@lru_cache(maxsize=32)
def holidays(year: int) -> frozenset[date]:
    """The exchange's holidays, where they are kept: a Saturday's on Friday, a Sunday's on Monday (NYSE Rule 7.2).

    New Year's Day on a Saturday is not kept at all, because the Friday ends the year's books.

    >>> sorted(holidays(2022))[0].isoformat(), len(holidays(2022)), len(holidays(2025))
    ('2022-01-17', 9, 10)
    """
    kept = [_kept(date(year, 6, 19)), _kept(date(year, 7, 4)), _kept(date(year, 12, 25))]
    new_year = date(year, 1, 1)
    if new_year.weekday() != SATURDAY:
        kept.append(_kept(new_year))
    kept += [_weekday(year, 1, MONDAY, 3), _weekday(year, 2, MONDAY, 3), _weekday(year, 9, MONDAY, 1)]
    kept += [_weekday(year, 11, THURSDAY, 4), easter(year) - timedelta(days=2)]
    kept.append(_weekday(year, 6, MONDAY, 1) - timedelta(days=7))
    return frozenset(kept)


def easter(year: int) -> date:
    """Easter Sunday (the anonymous Gregorian computus, as in Meeus, Astronomical Algorithms, chapter 8).

    >>> easter(2025).isoformat(), easter(2026).isoformat()
    ('2025-04-20', '2026-04-05')
    """
    golden, century, rest = year % 19, year // 100, year % 100
    leap = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - leap + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _kept(day: date) -> date:
    """Where a holiday of fixed date is kept."""
    return day + timedelta(days={SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0))


def _weekday(year: int, month: int, weekday: int, count: int) -> date:
    """The ``count``-th such weekday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def _moment(day: date, minute: int) -> int:
    """Epoch ms of a minute of the day in New York."""
    return int(datetime.combine(day, time(minute // 60, minute % 60), tzinfo=NEW_YORK).timestamp() * 1000)

"""New York's trading days: against the exchange's own published lists, and across the changes of its clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.market.new_york import holidays, is_half_day, is_trading_day, trading_day
from core.settings import StockHours

HOURS = StockHours()
PUBLISHED = {
    2022: "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26",
    2023: "01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25",
    2024: "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25",
    2025: "01-01 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25",
    2026: "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25",
    2027: "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24",
    2028: "01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25",
}
"""The exchange's published holidays; New Year's Day 2022 and 2028 fall on a Saturday and are not kept."""
HALF_DAYS = {
    2022: "11-25",
    2023: "07-03 11-24",
    2024: "07-03 11-29 12-24",
    2025: "07-03 11-28 12-24",
    2026: "11-27 12-24",
    2027: "11-26",
    2028: "07-03 11-24",
}


def at(text: str) -> int:
    """Epoch ms of a moment in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize("year", PUBLISHED)
def test_holidays_are_those_that_the_exchange_published(year: int) -> None:
    assert sorted(f"{day:%m-%d}" for day in holidays(year)) == PUBLISHED[year].split()


@pytest.mark.parametrize("year", HALF_DAYS)
def test_half_days_are_those_that_the_exchange_published(year: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(365))
    assert [f"{day:%m-%d}" for day in days if is_trading_day(day) and is_half_day(day)] == HALF_DAYS[year].split()


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        ("2025-03-07", "14:30"),  # the Friday before the clocks go forward
        ("2025-03-10", "13:30"),
        ("2025-07-14", "13:30"),
        ("2025-10-31", "13:30"),
        ("2025-11-03", "14:30"),  # the Monday after they go back
    ],
)
def test_the_session_follows_new_york_s_clock(day: str, opens: str) -> None:
    found = trading_day(at(f"{day}T{opens}"), HOURS)
    assert found is not None
    assert found.opens == at(f"{day}T{opens}")
    assert (found.premarket, found.opening_over) == (found.opens - 19_800_000, found.opens + 1_800_000)
    assert found.closes == found.opens + 23_400_000


def test_a_half_day_ends_at_one() -> None:
    found = trading_day(at("2025-11-28T16:00"), HOURS)
    assert found is not None
    assert found.closes == at("2025-11-28T18:00")


@pytest.mark.parametrize(
    ("moment", "open_day"),
    [
        ("2025-07-12T15:00", False),  # Saturday
        ("2025-07-14T03:59", False),  # still Sunday in New York
        ("2025-07-14T04:00", True),
        ("2025-07-15T03:59", True),  # Monday evening there
        ("2025-07-04T15:00", False),
        ("2025-04-18T15:00", False),  # Good Friday
    ],
)
def test_the_date_is_new_york_s(moment: str, open_day: bool) -> None:
    assert (trading_day(at(moment), HOURS) is not None) is open_day

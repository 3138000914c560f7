"""Whether the market under a perpetual is open: the regular session of the exchange where its shares trade (SPEC T1, G3).

Only equities and indices are asked. They follow New York, funds of foreign shares that are listed there (EWY, EWZ, EWT)
included, but for JP225 and KR200, which follow Tokyo and Seoul, Monday to Friday. Holidays of those two are not known
(half of them follow the moon or a decree): an operator lists them as blackouts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.market.new_york import SATURDAY, trading_day
from core.market.symbols import AssetClass, Market
from core.settings import AsianHours, StockHours
from core.sifting import Refusal

STAGE = "limits"
TOKYO, SEOUL = ZoneInfo("Asia/Tokyo"), ZoneInfo("Asia/Seoul")
HOMES = {"JP225": TOKYO, "KR200": SEOUL}
"""Indices whose shares do not trade in New York."""


def refuse_by_hours(market: Market, now_ms: int, hours: StockHours, asian: AsianHours) -> Refusal | None:
    """The underlying market is shut, so that nobody knows what the perpetual is worth."""
    if market.asset_class not in (AssetClass.EQUITY, AssetClass.INDEX):
        return None
    home = HOMES.get(market.symbol)
    if is_open_in_new_york(now_ms, hours) if home is None else is_open_in_asia(now_ms, home, asian):
        return None
    return Refusal(market.symbol, STAGE, "market_closed", detail=home.key if home is not None else "America/New_York")


def is_open_in_new_york(now_ms: int, hours: StockHours) -> bool:
    """Between the opening and the closing of a trading day; before and after the session counts as shut.

    >>> is_open_in_new_york(1_741_613_400_000, StockHours())  # 2025-03-10 13:30 UTC, the opening in summer time
    True
    """
    day = trading_day(now_ms, hours)
    return day is not None and day.opens <= now_ms < day.closes


def is_open_in_asia(now_ms: int, home: ZoneInfo, hours: AsianHours) -> bool:
    """Within a session of Tokyo or Seoul on a weekday.

    >>> is_open_in_asia(1_741_570_200_000, TOKYO, AsianHours())  # 2025-03-10 01:30 UTC, 10:30 there
    True
    """
    here = datetime.fromtimestamp(now_ms / 1000, tz=UTC).astimezone(home)
    minute = here.hour * 60 + here.minute
    return here.weekday() < SATURDAY and any(opens <= minute < closes for opens, closes in sessions(home, hours))


def sessions(home: ZoneInfo, hours: AsianHours) -> Sequence[tuple[int, int]]:
    """Opening and closing of each session of a day, in minutes after midnight."""
    if home is SEOUL:
        return ((hours.seoul_opens, hours.seoul_closes),)
    return ((hours.tokyo_opens, hours.tokyo_lunch), (hours.tokyo_lunch_over, hours.tokyo_closes))

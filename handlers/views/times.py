"""Times in the reader's zone, with UTC beside them; a tap on one shows it in the reader's own format.

Telegram's date entity carries the instant, the text carries it for clients that do not know the entity.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aiogram.utils.formatting import DateTime, Text

from handlers.views.figures import SECOND_MS

DATE = "%d %b "
DAY = f"{DATE}%H:%M"


def utc(ms: int, form: str = "%H:%M:%S") -> str:
    """An instant in UTC.

    >>> utc(52_329_000)
    '14:32:09'
    """
    return datetime.fromtimestamp(ms / SECOND_MS, UTC).strftime(form)


def local(ms: int, zone: ZoneInfo) -> str:
    """The wall clock of a zone.

    >>> local(52_329_000, ZoneInfo("Europe/Berlin"))
    '15:32:09'
    """
    return datetime.fromtimestamp(ms / SECOND_MS, zone).strftime("%H:%M:%S")


def clock_text(ms: int, zone: ZoneInfo, form: str = "%H:%M") -> str:
    """``15:32 (14:32 UTC)``, or ``14:32 UTC`` where the reader lives in UTC.

    >>> clock_text(52_329_000, ZoneInfo("Europe/Berlin"))
    '15:32 (14:32 UTC)'
    >>> clock_text(52_329_000, ZoneInfo("UTC"))
    '14:32 UTC'
    >>> clock_text(52_329_000, ZoneInfo("Europe/Berlin"), DAY)
    '01 Jan 15:32 (14:32 UTC)'
    """
    here = datetime.fromtimestamp(ms / SECOND_MS, zone)
    if here.utcoffset() == datetime.fromtimestamp(ms / SECOND_MS, UTC).utcoffset():
        return f"{utc(ms, form)} UTC"
    same_day = here.date() == datetime.fromtimestamp(ms / SECOND_MS, UTC).date()
    return f"{here.strftime(form)} ({utc(ms, form.removeprefix(DATE) if same_day else form)} UTC)"


def moment(ms: int, zone: ZoneInfo, form: str = "%H:%M") -> Text:
    """The instant as an entity."""
    return DateTime(clock_text(ms, zone, form), unix_time=ms // SECOND_MS)


def day_moment(ms: int, zone: ZoneInfo) -> Text:
    """The instant with its day: for times that may be days away."""
    return moment(ms, zone, DAY)

"""An event as a person types it, ``FOMC 2026-12-09T19:00 30m 1h crypto``, and the same words back from a stored one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.desk import Desk
from core.errors import MissingArgument, UnknownSymbol, UserMistake
from core.market.symbols import AssetClass
from core.market.universe import resolve
from core.risk.blackouts import Blackout
from handlers.views.figures import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS

USAGE = "/blackout FOMC 2026-12-09T19:00 30m crypto · /blackout off FOMC"
NAME = re.compile(r"[A-Za-z0-9_.-]{1,20}")
SPAN = re.compile(r"(\d{1,5})([smhd])")
YEARS = range(2000, 3000)
"""Of a time that is kept: the ends of the calendar are left out, for no zone could show what lies around them."""
UNITS = {"s": SECOND_MS, "m": MINUTE_MS, "h": HOUR_MS, "d": DAY_MS}
ALL = "all"


def read_blackout(words: Sequence[str], zone: ZoneInfo, by: str, desk: Desk) -> Blackout:
    """``NAME TIME [BEFORE [AFTER]] [CLASS|SYMBOL …]``; a single span is meant both ways, no scope is every market.

    Raises :class:`MissingArgument`, :class:`UserMistake` naming what would be right, and what ``resolve`` raises.
    """
    if len(words) < 2:
        raise MissingArgument("an event needs a name and a time", command="/blackout", usage=USAGE)
    name, time, *rest = words
    if NAME.fullmatch(name) is None:
        raise UserMistake(f"{name!r} is no name of an event; up to 20 letters and digits, such as FOMC, would be right")
    spans, scope = spans_first(rest)
    rules = desk.settings.blackout
    before, *after = spans or [rules.before_ms, rules.after_ms]
    return Blackout(
        name=name,
        at_ms=instant(time, zone),
        before_ms=checked(before, rules.longest_ms),
        after_ms=checked(after[0] if after else before, rules.longest_ms),
        scope=" ".join(dict.fromkeys(scoped(word, desk) for word in scope if word.casefold() != ALL)),
        by=by,
        since_ms=desk.clock.now_ms(),
    )


def spans_first(words: Sequence[str]) -> tuple[list[int], Sequence[str]]:
    """At most two spans at the beginning in ms, and the words behind them.

    >>> spans_first(["30m", "2h", "crypto"]), spans_first(["15m/1h"]), spans_first(["BTC"])
    (([1800000, 7200000], ['crypto']), ([900000, 3600000], []), ([], ['BTC']))
    """
    if words and all(pair := words[0].split("/", maxsplit=1)):
        words = [*pair, *words[1:]]
    found: list[int] = []
    for word in words[:2]:
        span = SPAN.fullmatch(word.casefold())
        if span is None:
            break
        found.append(int(span[1]) * UNITS[span[2]])
    return found, words[len(found) :]


def checked(span_ms: int, longest_ms: int) -> int:
    """A span that is neither nothing nor for ever. Raises :class:`UserMistake`."""
    if 0 < span_ms <= longest_ms:
        return span_ms
    raise UserMistake(f"{span_words(span_ms)} is no span of a blackout; up to {longest_ms // DAY_MS}d would be right")


def instant(text: str, zone: ZoneInfo) -> int:
    """Epoch ms of an ISO 8601 date and time; without an offset it is that of the zone. Raises :class:`UserMistake`.

    >>> instant("2026-12-09T19:00", ZoneInfo("America/New_York")) == instant("2026-12-10T00:00Z", ZoneInfo("UTC"))
    True
    """
    try:
        read = datetime.fromisoformat(text.upper()) if "T" in text.upper() else None
    except ValueError:
        read = None
    if read is None:
        raise UserMistake(
            f"{text!r} is no date and time; 2026-12-09T19:00 ({zone.key}) or 2026-12-09T19:00Z (UTC) would be right"
        )
    if read.year not in YEARS:
        raise UserMistake(f"{text!r} is no time of an event; a year from {YEARS[0]} to {YEARS[-1]} would be right")
    if read.tzinfo is not None:
        return int(read.timestamp()) * SECOND_MS
    ms = int(read.replace(tzinfo=zone).timestamp()) * SECOND_MS
    if datetime.fromtimestamp(ms / SECOND_MS, zone).replace(tzinfo=None) != read.replace(microsecond=0):
        raise UserMistake(
            f"{text} does not exist in {zone.key}: the clocks are put forward then; give it with an offset"
        )
    return ms


def scoped(word: str, desk: Desk) -> str:
    """The class or the symbol that a word means. Raises what ``resolve`` raises, :class:`UserMistake` for a bad span."""
    if word.casefold() in list(AssetClass):
        return word.casefold()
    try:
        return resolve(word, desk.universe, desk.settings.chat.argument_most).symbol
    except UnknownSymbol:
        if not word[0].isalpha():
            raise UserMistake(f"{word!r} is neither a span nor a market; 30m, 2h or 1d would be right") from None
        raise


def words_of(one: Blackout) -> str:
    """What would have to be typed, with the time in UTC."""
    at = datetime.fromtimestamp(one.at_ms / SECOND_MS, UTC)
    words = (one.name, f"{at:%Y-%m-%dT%H:%M:%S}Z", span_words(one.before_ms), span_words(one.after_ms), one.scope)
    return " ".join(words).strip()


def span_words(ms: int) -> str:
    """A span as it is typed.

    >>> span_words(1_800_000), span_words(90_000)
    ('30m', '90s')
    """
    return f"{ms // SECOND_MS}s" if ms % MINUTE_MS else f"{ms // MINUTE_MS}m"

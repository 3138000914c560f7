"""Events around which nothing new is entered: the list, what was changed of it, and what is told of that."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Text

from core import events as e
from core.risk.blackouts import Blackout
from handlers.views.figures import age
from handlers.views.footer import footer
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.times import day_moment


def blackouts_view(found: Sequence[Blackout], now_ms: int, reader: Reader, wall_ms: int, most: int) -> Text:
    """The list, what stands now marked; how to add to it below."""
    texts = reader.texts
    more = len(found) - most
    return lines(
        verdict(texts("blackouts-headline", count=len(found))),
        *(blackout_line(one, reader, now_ms) for one in found[:most]),
        texts("list-more", count=more) if more > 0 else None,
        texts("blackouts-how"),
        footer(reader, wall_ms),
    )


def blackout_line(one: Blackout, reader: Reader, now_ms: int | None = None) -> Text:
    """``🌑 FOMC · 09 Dec 19:00 (18:00 UTC) −30m +30m · crypto``; 🌒 while it is still to come."""
    badge = "🌑" if now_ms is not None and one.begins_ms <= now_ms else "🌒"
    spans = f"−{age(one.before_ms)} +{age(one.after_ms)}"
    return Text(f"{badge} {one.name} · ", day_moment(one.at_ms, reader.zone), f" {spans} · {scope(one, reader)}")


def scope(one: Blackout, reader: Reader) -> str:
    """Classes in the reader's words, symbols as they are."""
    if not one.scope:
        return reader.texts("blackout-all")
    return ", ".join(reader.texts.find(f"class-{word}") or word for word in one.scope.split())


def listed_record(one: Blackout, reader: Reader) -> Text:
    """An event is on the list."""
    return lines(verdict(reader.texts("blackout-listed", name=one.name)), blackout_line(one, reader))


def lifted_record(found: Sequence[Blackout], reader: Reader) -> Text:
    """Events are on it no more."""
    head = verdict(reader.texts("blackout-lifted", name=found[0].name))
    return lines(head, *(blackout_line(one, reader) for one in found))


def blackout_set(event: e.BlackoutSet, reader: Reader) -> Text:
    """Somebody listed an event."""
    one = event.blackout
    return lines(verdict(reader.texts("alert-blackout", name=one.name, by=one.by)), blackout_line(one, reader))


def blackout_lifted(event: e.BlackoutLifted, reader: Reader) -> Text:
    """Somebody took an event off the list."""
    head = verdict(reader.texts("alert-blackout-lifted", name=event.blackout.name, by=event.by))
    return lines(head, blackout_line(event.blackout, reader))

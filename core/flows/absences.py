"""Opinions that went missing, told at the edge: once when one fails, once when it is back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.desk import Desk
from core.events import Degraded, Event, Recovered
from core.sifting import Missed


async def tell_absences(desk: Desk, stage: str, asked: Iterable[str], missed: Sequence[Missed]) -> None:
    """Say once that an opinion is missing, and once that it is back."""
    changes = desk.absences.after(stage, asked, missed)
    events: list[Event] = [
        *(Degraded(f"{one.stage} {one.what}", one.error) for one in changes.failed),
        *(Recovered(f"{stage} {what}") for what in changes.recovered),
    ]
    if events:
        await desk.ledger.store(events=events, at_ms=desk.clock.now_ms())

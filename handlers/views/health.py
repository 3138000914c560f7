"""Whether everything that Vektor relies on is there."""

from __future__ import annotations

from dataclasses import dataclass

from aiogram.utils.formatting import Text

from core.flows.status import Status
from handlers.views.badge import venue_badge
from handlers.views.figures import age
from handlers.views.footer import footer
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.table import pairs


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the chat side itself can say of its health."""

    up_ms: int
    waiting: int
    strangers: int
    conflicts: int


def health_view(status: Status, pulse: Pulse, reader: Reader, wall_ms: int) -> Text:
    """The screen: verdict first."""
    texts = reader.texts
    well = not status.degraded and not pulse.conflicts
    head = texts("health-well") if well else texts("health-degraded", count=len(status.degraded) or 1)
    rows = [
        (texts("label-up"), age(pulse.up_ms)),
        (texts("label-markets"), str(status.market_count)),
        (texts("label-last-scan"), age(status.at_ms - status.last_scan_ms) if status.last_scan_ms else "–"),
        (texts("label-waiting"), str(pulse.waiting)),
        (texts("label-strangers"), str(pulse.strangers)),
    ]
    return lines(
        verdict(f"{'🟢' if well else '🟠'} {venue_badge(status.venue_name)} · {head}"),
        texts("status-degraded", what=", ".join(status.degraded)) if status.degraded else None,
        texts("health-conflict", count=pulse.conflicts) if pulse.conflicts else None,
        pairs(rows, reader.columns),
        footer(reader, wall_ms, status.at_ms),
    )

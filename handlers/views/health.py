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
from handlers.views.times import day_moment


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
        wallet_line(status, reader),
        footer(reader, wall_ms, status.at_ms),
    )


def wallet_line(status: Status, reader: Reader) -> Text | None:
    """Until when the API wallet is good; ``None`` where the account's own key signs."""
    texts, vigil = reader.texts, status.vigil
    if not vigil.wallet or not reader.full:
        return None
    if not vigil.until_ms:
        return Text(texts("health-wallet-unlisted"))
    key = "health-wallet-ended" if vigil.until_ms <= status.at_ms else "health-wallet"
    return Text(texts(key), " ", day_moment(vigil.until_ms, reader.zone))

"""Our book beside the exchange's, to the cent (SPEC V2)."""

from __future__ import annotations

from aiogram.utils.formatting import Text

from core.flows.reconcile import Audit
from handlers.views.badge import venue_badge
from handlers.views.figures import gain, money
from handlers.views.footer import footer
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.table import pairs


def audit_view(found: Audit, venue_name: str, reader: Reader, wall_ms: int) -> Text:
    """Whether they agree, both figures, and what else differs."""
    texts = reader.texts
    rows = [
        (texts("audit-ours"), money(found.ours)),
        (texts("audit-theirs"), money(found.theirs)),
        (texts("audit-difference"), gain(found.difference)),
    ]
    head = texts("audit-clean" if found.clean else "audit-apart")
    return lines(
        verdict(f"{head} · {venue_badge(venue_name)}"),
        pairs(rows, reader.columns),
        *found.words,
        footer(reader, wall_ms),
    )

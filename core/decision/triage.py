"""Who may be judged at all: what no score can outweigh (SPEC T1). Refuses to rank; a refusal here is final."""

from __future__ import annotations

from collections.abc import Sequence

from core.sifting import Refusal, Sifted
from core.signals.view import MarketView

STAGE = "triage"


def eligible(views: Sequence[MarketView]) -> Sifted[MarketView]:
    """The sided views that no fresh sweep opposes; the others with their reasons."""
    verdicts = [(view, refuse_opposing_sweep(view)) for view in views]
    return Sifted(
        [view for view, refusal in verdicts if refusal is None],
        [refusal for _, refusal in verdicts if refusal is not None],
    )


def refuse_opposing_sweep(view: MarketView) -> Refusal | None:
    """A fresh sweep that points against the side; measured is the side it points to, limit the side of the view."""
    seen, side = view.dimensions, view.side
    if side is None or seen.sweep_direction != -side.sign:
        return None
    words = f"{seen.sweep} {seen.sweep_level:g}, age {seen.sweep_age_bars}"
    return Refusal(view.symbol, STAGE, "opposing_sweep", float(seen.sweep_direction), float(side.sign), words)

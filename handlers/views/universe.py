"""The markets that are read, by class, and those that operators left out."""

from __future__ import annotations

from aiogram.utils.formatting import Text

from core.flows.watching import Universe
from core.market.symbols import AssetClass
from handlers.views.footer import footer
from handlers.views.plain import details, lines, verdict
from handlers.views.reader import Reader


def universe_view(seen: Universe, reader: Reader, wall_ms: int) -> Text:
    """The screen; the names are folded away."""
    texts = reader.texts
    by_class = {one: [m.symbol for m in seen.markets if m.asset_class is one] for one in AssetClass}
    counts = " · ".join(f"{texts(f'class-{one.value}')} {len(found)}" for one, found in by_class.items() if found)
    names = [f"{texts(f'class-{one.value}')}: {', '.join(found)}" for one, found in by_class.items() if found]
    left_out = texts("universe-left-out", symbols=", ".join(seen.left_out)) if seen.left_out else None
    return lines(
        verdict(texts("universe-headline", count=len(seen.markets))),
        counts,
        details(names),
        left_out,
        texts("universe-how"),
        footer(reader, wall_ms),
    )

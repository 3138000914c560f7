"""Who is crowded: funding a year, open interest over a day, and the score of both."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Text

from core.settings import CrowdingRules
from core.signals.crowding import Crowd, CrowdingReading, degree, display_label
from handlers.views.figures import percent
from handlers.views.footer import footer
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.status import more
from handlers.views.table import grid
from handlers.views.words import side_word

WIDTHS = (8, -7, -5, -5)
Crowded = Sequence[tuple[str, CrowdingReading]]


def funding_view(shown: Crowded, total: int, reader: Reader, wall_ms: int, rules: CrowdingRules) -> Text:
    """The table, the most crowded first, and what the extremes cost."""
    texts = reader.texts
    head = [texts("funding-market"), texts("funding-year"), texts("funding-interest"), texts("funding-score")]
    rows = [row(symbol, one) for symbol, one in shown]
    return lines(
        verdict(texts("funding-headline", count=len(of_degree(shown, Crowd.EXTREME, rules)))),
        grid([head, *rows], WIDTHS),
        *(
            named(kind, of_degree(shown, kind, rules), reader)
            for kind in (Crowd.EXTREME, Crowd.MODERATE)
            if of_degree(shown, kind, rules)
        ),
        labelled(shown, reader, rules),
        more(total - len(shown), reader),
        footer(reader, wall_ms),
    )


def row(symbol: str, one: CrowdingReading) -> tuple[str, ...]:
    """``SOL +43% −12% +0.71``."""
    change = "–" if one.interest_change is None else percent(one.interest_change, 0)
    return symbol, percent(one.funding_a_year, 0), change, f"{one.score:+.2f}".replace("-", "−")


def of_degree(shown: Crowded, kind: Crowd, rules: CrowdingRules) -> Crowded:
    """Those whose crowded side is crowded to a degree."""
    return [(symbol, one) for symbol, one in shown if degree(one, rules) is kind]


def named(kind: Crowd, crowded: Crowded, reader: Reader) -> str:
    """What the degree costs, and whom."""
    names = ", ".join(f"{symbol} {side_word(one.side, reader.texts)}" for symbol, one in crowded)
    return reader.texts(f"funding-{kind.value}", names=names)


def labelled(shown: Crowded, reader: Reader, rules: CrowdingRules) -> str | None:
    """Whose funding alone would be called extreme; for the eye only."""
    names = ", ".join(symbol for symbol, one in shown if display_label(one, rules) is Crowd.EXTREME)
    return reader.texts("funding-label", names=names) if names else None

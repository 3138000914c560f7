"""The leverage that an entry in one market would have, factor by factor (SPEC R3)."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Text

from core.flows.risk import Prospect
from core.market.symbols import Market
from handlers.views.figures import percent, points
from handlers.views.footer import footer
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.table import pairs
from handlers.views.words import rule_word, side_word


def leverage_view(market: Market, found: Prospect | Sequence[str], reader: Reader, wall_ms: int) -> Text:
    """From the confidence to the whole number that would be set, or what stands in the way of a view."""
    texts = reader.texts
    most = (texts("leverage-market"), f"{market.max_leverage}×")
    if not isinstance(found, Prospect) or found.levered is None:
        rules = ("liquidation_before_stop",) if isinstance(found, Prospect) else found
        why = ", ".join(rule_word("", rule, texts) for rule in rules)
        head = texts("size-none", symbol=market.symbol, why=why)
        return lines(verdict(head), pairs([most], reader.columns), footer(reader, wall_ms))
    judged, read = found.judged, found.levered
    name = f"{market.symbol} {side_word(judged.side, texts)}"
    rows = [
        most,
        (texts("label-confidence"), points(judged.consensus.for_leverage)),
        (read.tier.capitalize(), f"{read.raw:.1f}×"),
        (texts("leverage-range"), percent(judged.view.range_24h, 1).lstrip("+")),
        (texts("leverage-volatility"), f"×{read.volatility_factor:g}"),
        (texts("leverage-wins"), f"×{read.win_factor:g}"),
        (texts("leverage-cap"), f"≤ {read.liquidation_cap:.1f}×"),
        (texts("leverage-given"), f"{read.leverage}×"),
    ]
    return lines(
        verdict(texts("leverage-headline", name=name, leverage=read.leverage)),
        pairs(rows, reader.columns),
        footer(reader, wall_ms),
    )

"""A position is near its liquidation, or was moved away from it, as it is told."""

from __future__ import annotations

from aiogram.utils.formatting import Text

from core import events as e
from core.risk.liquidation import Nearness
from handlers.views.figures import money, price
from handlers.views.margin import margin_record, share
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.table import pairs
from handlers.views.words import side_word


def liquidation_near(event: e.LiquidationNear, reader: Reader) -> Text:
    """How near, and what would move it away."""
    texts, position = reader.texts, event.position
    key = "alert-liquidation-critical" if event.level >= Nearness.CRITICAL else "alert-liquidation-warning"
    name = f"{position.symbol} {side_word(position.side, texts)}"
    rows = [
        (texts("label-mark"), price(event.mark)),
        (texts("label-liquidation"), price(event.liquidation)),
        (texts("label-stop"), price(position.stop)),
    ]
    cure = "alert-liquidation-cure" if event.isolated else "alert-liquidation-deposit"
    return lines(
        verdict(texts(key, name=name, distance=share(event.distance))),
        pairs(rows, reader.columns),
        texts(cure, amount=money(event.needed), goal=share(event.goal)),
    )


def margin_added(event: e.MarginAdded, reader: Reader) -> Text:
    """It was moved away."""
    return margin_record(event, reader)

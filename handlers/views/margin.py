"""How far away a position's liquidation is, the question whether to add margin, and what came of it."""

from __future__ import annotations

from decimal import Decimal

from aiogram.utils.formatting import Text

from core.desk import Decision
from core.events import MarginAdded
from core.flows.guard import Danger
from core.risk.liquidation import distance_with
from handlers.views.badge import arrow
from handlers.views.figures import money, price
from handlers.views.plain import lines, verdict
from handlers.views.questions import expiry
from handlers.views.reader import Reader
from handlers.views.table import pairs
from handlers.views.words import side_word


def margin_view(danger: Danger, free: Decimal, reader: Reader) -> Text:
    """The distance and what it is measured by."""
    key = "margin-far" if danger.isolated else "margin-cross"
    return lines(
        head(danger, reader, key),
        pairs(figures(danger, free, reader), reader.columns),
        reader.texts("margin-levels", warn=share(danger.limits.warn), critical=share(danger.limits.critical)),
    )


def margin_question(danger: Danger, amount: Decimal, free: Decimal, decision: Decision, reader: Reader) -> Text:
    """Add this much?"""
    after = share(distance_with(danger.held, amount, danger.rate))
    return lines(
        head(danger, reader, "margin-ask"),
        pairs(figures(danger, free, reader), reader.columns),
        reader.texts("margin-ask-what", amount=money(amount), after=after),
        expiry(decision, reader),
    )


def head(danger: Danger, reader: Reader, key: str) -> Text:
    """Which position, and what about it."""
    position, texts = danger.position, reader.texts
    name = f"{position.symbol} {side_word(position.side, texts)}"
    return verdict(f"{arrow(position.side)} {texts(key, name=name)}")


def figures(danger: Danger, free: Decimal, reader: Reader) -> list[tuple[str, str]]:
    """Mark, liquidation, distance, margin."""
    texts, held = reader.texts, danger.held
    return [
        (texts("label-mark"), price(held.mark)),
        (texts("label-liquidation"), price(held.liquidation)),
        (texts("label-distance"), share(held.distance)),
        (texts("label-stop"), price(danger.position.stop)),
        (texts("label-margin"), money(held.margin)),
        (texts("label-free"), money(free)),
    ]


def share(distance: float) -> str:
    """A distance without a sign.

    >>> share(0.0512)
    '5.1%'
    """
    return f"{distance * 100:.1f}%"


def margin_record(added: MarginAdded, reader: Reader) -> Text:
    """What was added, and where the liquidation lies now."""
    texts = reader.texts
    said = verdict(texts("margin-added", symbol=added.symbol, amount=money(added.amount), by=added.by))
    if added.liquidation is None or added.distance is None:
        return lines(said)
    return lines(said, texts("margin-now", liquidation=price(added.liquidation), distance=share(added.distance)))

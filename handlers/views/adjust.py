"""The questions whether a stop, a target or a size shall change, and what came of it."""

from __future__ import annotations

from decimal import Decimal

from aiogram.utils.formatting import Text

from core.desk import Decision
from core.events import PositionReduced, StopMoved, TargetMoved
from core.flows.adjust import Adjustable
from handlers.views.badge import arrow
from handlers.views.figures import gain, money, multiple, percent, plain, price
from handlers.views.plain import lines, verdict
from handlers.views.questions import expiry
from handlers.views.reader import Reader
from handlers.views.table import pairs
from handlers.views.words import side_word


def level_question(kind: str, found: Adjustable, level: Decimal, decision: Decision, reader: Reader) -> Text:
    """Rest the ``stop`` or ``target`` at another price? With what it comes to if it is hit."""
    texts, position, held = reader.texts, found.position, found.held
    before = position.stop if kind == "stop" else position.target
    result = position.side.sign * (level - position.entry) * abs(held.size)
    head = texts(f"ask-{kind}", symbol=position.symbol, side=side_word(position.side, texts))
    rows = [
        (texts("label-before"), price(before)),
        (texts("label-after"), f"{price(level)} {percent(float(level / held.mark) - 1, 1)}"),
        (texts("label-mark"), price(held.mark)),
        (texts("label-entry"), price(position.entry)),
        (texts("label-if-hit"), gain(result)),
        ("", f"{percent(float(result / found.account.equity))}  {multiple(position.r_multiple(level))}"),
    ]
    return lines(verdict(f"{arrow(position.side)} {head}"), pairs(rows, reader.columns), expiry(decision, reader))


def part_question(found: Adjustable, size: Decimal, decision: Decision, reader: Reader) -> Text:
    """Close a part of a position?"""
    texts, position, held = reader.texts, found.position, found.held
    left = abs(held.size) - size
    head = texts("ask-part", symbol=position.symbol, side=side_word(position.side, texts))
    rows = [
        (texts("label-part"), plain(size)),
        (texts("label-notional"), money(size * held.mark)),
        (texts("label-left"), plain(left)),
        (texts("label-mark"), price(held.mark)),
        (texts("label-pnl"), gain(held.unrealised * size / abs(held.size))),
    ]
    return lines(
        verdict(f"{arrow(position.side)} {head}"),
        pairs(rows, reader.columns),
        texts("ask-part-what"),
        expiry(decision, reader),
    )


def stop_record(event: StopMoved, reader: Reader) -> Text:
    """Where the stop rests now."""
    return moved_line("stop-moved", event.position.symbol, event.before, event.position.stop, event.by, reader)


def target_record(event: TargetMoved, reader: Reader) -> Text:
    """Where the target rests now."""
    return moved_line("target-moved", event.position.symbol, event.before, event.position.target, event.by, reader)


def moved_line(key: str, symbol: str, before: Decimal, after: Decimal, by: str | None, reader: Reader) -> Text:
    """``🔒 BTC stop 59,000 → 59,500 · Ann``."""
    line = reader.texts(f"alert-{key}", symbol=symbol, before=price(before), after=price(after))
    return Text(f"{line} · {by}" if by else line)


def reduced_record(event: PositionReduced, reader: Reader) -> Text:
    """How much was closed, at what price, and what is left."""
    texts = reader.texts
    at = price(event.average) if event.average is not None else "–"
    name = f"{event.symbol} {side_word(event.side, texts)}"
    said = texts("alert-reduced", name=name, size=plain(event.size), price=at, left=plain(event.left))
    return verdict(f"{said} · {event.by}" if event.by else said)

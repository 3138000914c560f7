"""What became of the desk itself, as it is told: money, the governor, blocks, faults, starts."""

from __future__ import annotations

from aiogram.utils.formatting import Text

from core import events as e
from handlers.views.badge import venue_badge
from handlers.views.figures import gain, money, percent
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.times import day_moment


def started(event: e.Started, reader: Reader) -> Text:
    """The program is up."""
    texts = reader.texts
    head = f"🚀 {venue_badge(event.venue)} · {texts('alert-started', count=event.positions)}"
    money_line = f"{texts('label-equity')}: {money(event.equity)} USDC" if reader.full else None
    looked_up = texts("alert-resolved", count=event.resolved) if event.resolved else None
    return lines(verdict(head), money_line, looked_up)


def flattened(event: e.Flattened, reader: Reader) -> Text:
    """Everything was closed."""
    texts = reader.texts
    still = texts("alert-flattened-open", symbols=", ".join(event.still_open)) if event.still_open else None
    return lines(verdict(texts("alert-flattened", by=event.by, count=len(event.closed))), still)


def money_moved(event: e.MoneyMoved, reader: Reader) -> Text:
    """Money came in or went out."""
    key = "alert-money-in" if event.amount > 0 else "alert-money-out"
    equity = f"{reader.texts('label-equity')}: {money(event.equity)} USDC"
    return lines(verdict(reader.texts(key, amount=money(abs(event.amount)))), equity)


def governor_moved(event: e.GovernorMoved, reader: Reader) -> Text:
    """The governor dares less, or more again."""
    key = "alert-governor-tighter" if event.after > event.before else "alert-governor-looser"
    figures = reader.texts(
        "alert-governor-figures",
        positions=str(event.positions),
        risk=f"{event.risk:g}",
        threshold=f"{event.threshold * 100:g}",
    )
    return lines(verdict(reader.texts(key, drawdown=percent(-event.drawdown, 1))), figures)


def edge_turned(event: e.EdgeTurned, reader: Reader) -> Text:
    """The track record shows no edge any more, or one again."""
    figures = {"trades": str(event.trades), "kelly": percent(event.kelly, 1), "risk": f"{event.share * 100:g}"}
    key = "probing" if event.probing else "edge"
    return lines(verdict(reader.texts(f"alert-{key}", **figures)), reader.texts(f"alert-{key}-risk", **figures))


def entries_halted(event: e.EntriesHalted, reader: Reader) -> Text:
    """No entries, for today or until confirmed."""
    figures = {"measured": percent(-event.measured, 1), "limit": percent(-event.limit, 0)}
    return verdict(reader.texts(f"alert-halt-{event.kind}", **figures))


def symbol_protected(event: e.SymbolProtected, reader: Reader) -> Text:
    """A symbol that kept losing is left alone."""
    texts = reader.texts
    head = texts("alert-protected", symbol=event.symbol, why=texts(f"protected-{event.why}"), number=str(event.number))
    return lines(verdict(head), Text(texts("alert-protected-until"), " ", day_moment(event.until_ms, reader.zone)))


def mismatch(event: e.BookMismatch, reader: Reader) -> Text:
    """Our book is not the venue's."""
    return lines(verdict(reader.texts("alert-mismatch", difference=gain(event.difference))), event.words or None)


def degraded(event: e.Degraded, reader: Reader) -> Text:
    """Something is missing."""
    return lines(verdict(reader.texts("alert-degraded", what=event.what)), event.words or None)


def recovered(event: e.Recovered, reader: Reader) -> Text:
    """It is back."""
    return verdict(reader.texts("alert-recovered", what=event.what))

"""What is asked before something that cannot be undone: exactly what will happen, how much hangs on it, until when."""

from __future__ import annotations

from aiogram.utils.formatting import Code, Text

from core.desk import Decision
from core.flows.close import FlattenReport
from core.flows.status import PositionLine, Status
from core.trading.positions import ClosedTrade
from handlers.views.badge import arrow, light, venue_badge
from handlers.views.figures import SECOND_MS, age, gain, money, multiple, percent, plain, price
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.status import position_table
from handlers.views.table import pairs
from handlers.views.times import moment
from handlers.views.words import reason_word, side_word


def close_question(line: PositionLine, venue_name: str, decision: Decision, reader: Reader) -> Text:
    """Close one position?"""
    texts, position = reader.texts, line.position
    side = side_word(position.side, texts)
    head = f"{arrow(position.side)} " + texts("ask-close", symbol=position.symbol, side=side)
    rows = [
        (texts("label-size"), plain(position.size)),
        (texts("label-notional"), money(line.notional)),
        (texts("label-mark"), price(line.mark)),
        (texts("label-pnl"), gain(line.unrealised)),
        ("", f"{percent(line.pnl_share)}  {multiple(line.r)}"),
    ]
    return lines(
        verdict(f"{head} · {venue_badge(venue_name)}"),
        pairs(rows, reader.columns),
        texts("ask-close-what"),
        expiry(decision, reader),
    )


def flatten_question(status: Status, decision: Decision, reader: Reader, most: int) -> Text:
    """Close everything?"""
    texts = reader.texts
    shown = status.positions[:most]
    return lines(
        verdict("🛑 " + texts("ask-flatten", count=len(status.positions)) + f" · {venue_badge(status.venue_name)}"),
        position_table(shown, reader) if shown else None,
        texts("ask-flatten-what", amount=gain(status.unrealised)),
        expiry(decision, reader),
    )


def resume_question(status: Status, decision: Decision, reader: Reader) -> Text:
    """Trade again after a halt?"""
    texts = reader.texts
    return lines(
        verdict("▶️ " + texts("ask-resume") + f" · {venue_badge(status.venue_name)}"),
        texts("ask-resume-what", count=status.market_count),
        expiry(decision, reader),
    )


def expiry(decision: Decision, reader: Reader) -> Text:
    """Until when, and how to answer from elsewhere."""
    seconds = (decision.expires_ms - decision.created_ms) // SECOND_MS
    return Text(
        "⏳ ",
        reader.texts("ask-expires", seconds=seconds),
        " ",
        moment(decision.expires_ms, reader.zone, "%H:%M:%S"),
        "\n",
        reader.texts("ask-elsewhere"),
        " ",
        Code(f"/confirm {decision.code}"),
    )


def closed_record(trade: ClosedTrade, by: str, reader: Reader) -> Text:
    """What a close came to."""
    texts = reader.texts
    head = f"{light(float(trade.pnl))} {trade.symbol} {side_word(trade.side, texts)} {texts('record-closed')}"
    rows = [
        (texts("label-entry"), price(trade.entry)),
        (texts("label-exit"), price(trade.exit)),
        (texts("label-size"), plain(trade.size)),
        (texts("label-gross"), gain(trade.gross)),
        (texts("label-fees"), gain(-trade.fees)),
        (texts("label-funding"), gain(trade.funding)),
        (texts("label-result"), gain(trade.pnl)),
        (texts("label-held"), age(trade.closed_ms - trade.opened_ms)),
    ]
    return lines(
        verdict(f"{head} · {gain(trade.pnl)} · {multiple(trade.r)}"),
        pairs(rows, reader.columns),
        texts("record-by", reason=reason_word(trade.reason, texts), by=by),
    )


def flattened_record(report: FlattenReport, by: str, reader: Reader) -> Text:
    """What a flatten came to."""
    texts = reader.texts
    rows = [(trade.symbol, gain(trade.pnl)) for trade in report.closed]
    badge = "⚠️" if report.still_open else "🛑"
    return lines(
        verdict(f"{badge} {texts('record-flattened', count=len(report.closed))}"),
        pairs(rows, reader.columns) if rows else None,
        texts("record-still-open", symbols=", ".join(report.still_open)) if report.still_open else None,
        texts("record-halted", by=by),
    )

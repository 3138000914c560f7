"""What happened to a position, as it is told: opened, moved, closed, displaced, or not as it should be."""

from __future__ import annotations

from typing import Any

from aiogram.utils.formatting import Text

from core import events as e
from core.trading.positions import ClosedTrade, Position
from handlers.views.badge import arrow, light
from handlers.views.figures import age, gain, money, multiple, percent, plain, points, price
from handlers.views.plain import details, lines, verdict
from handlers.views.reader import Reader
from handlers.views.table import pairs
from handlers.views.words import reason_word, regime_word, side_word


def opened(event: e.TradeOpened, reader: Reader) -> Text:
    """A trade began: levels, size, risk, reasons."""
    texts, position = reader.texts, event.position
    side = side_word(position.side, texts)
    head = texts("alert-opened", symbol=position.symbol, side=side, leverage=position.leverage)
    rows = levels(position, reader)
    if reader.full:
        rows += [
            (texts("label-size"), plain(position.size)),
            (texts("label-notional"), money(event.notional)),
            (texts("label-margin"), money(event.margin)),
            (texts("label-risk"), percent(event.risk_share).lstrip("+")),
        ]
    rows.append((texts("label-confidence"), f"{points(position.confidence)} ≥ {points(event.threshold)}"))
    return lines(
        verdict(f"{arrow(position.side)} {head}"),
        pairs(rows, reader.columns),
        texts("status-regime", regime=regime_word(event.regime, texts)),
        details(list(event.reasons)) if reader.full else None,
    )


def levels(position: Position, reader: Reader) -> list[tuple[str, str]]:
    """Entry, stop and target, with their distance."""
    texts = reader.texts
    return [
        (texts("label-entry"), price(position.entry)),
        (texts("label-stop"), f"{price(position.stop)} {distance(position, position.stop)}"),
        (texts("label-target"), f"{price(position.target)} {distance(position, position.target)}"),
    ]


def distance(position: Position, level: Any) -> str:
    """How far a level lies from the entry, in percent of price."""
    return percent(float(level / position.entry) - 1.0, 1) if position.entry else ""


def closed(event: e.TradeClosed, reader: Reader) -> Text:
    """A trade ended: the result first."""
    texts, trade = reader.texts, event.trade
    result = gain(trade.pnl) if reader.full else percent(price_share(trade))
    lead = f"{light(float(trade.pnl))} {trade.symbol} {side_word(trade.side, texts)}"
    rows = [(texts("label-entry"), price(trade.entry)), (texts("label-exit"), price(trade.exit))]
    if reader.full:
        rows += [
            (texts("label-size"), plain(trade.size)),
            (texts("label-gross"), gain(trade.gross)),
            (texts("label-fees"), gain(-trade.fees)),
            (texts("label-funding"), gain(trade.funding)),
        ]
    rows.append((texts("label-held"), age(trade.closed_ms - trade.opened_ms)))
    by = f" · {event.by}" if event.by and reader.full else ""
    return lines(
        verdict(f"{lead} · {result} · {multiple(trade.r)}"),
        f"{reason_word(trade.reason, texts)}{by}",
        pairs(rows, reader.columns),
    )


def price_share(trade: ClosedTrade) -> float:
    """Price result as a share of the entry, before leverage and costs."""
    return trade.side.sign * float((trade.exit - trade.entry) / trade.entry) if trade.entry else 0.0


def displaced(event: e.Displaced, reader: Reader) -> Text:
    """A position went for a better newcomer."""
    texts = reader.texts
    old = f"{event.symbol} {side_word(event.side, texts)}"
    new = f"{event.newcomer} {side_word(event.newcomer_side, texts)}"
    figures = texts(
        "alert-displaced-figures",
        old=points(event.confidence),
        new=points(event.newcomer_confidence),
        result=percent(event.pnl),
        age=age(event.age_ms),
        ways=" + ".join(event.ways),
    )
    return lines(verdict(texts("alert-displaced", old=old, new=new)), figures)


def adopted(event: e.PositionAdopted, reader: Reader) -> Text:
    """A stranger's position was found."""
    position = event.position
    side = side_word(position.side, reader.texts)
    return verdict(reader.texts("alert-adopted", symbol=position.symbol, side=side, stop=price(position.stop)))


def stray_order(event: e.StrayOrder, reader: Reader) -> Text:
    """An order that belongs to no position."""
    values = {"symbol": event.symbol, "size": plain(event.size), "price": price(event.price)}
    side = reader.texts("word-buy" if event.is_buy else "word-sell")
    return verdict(reader.texts("alert-stray-ours" if event.ours else "alert-stray-foreign", side=side, **values))


def unprotected(event: e.Unprotected, reader: Reader) -> Text:
    """No stop rests."""
    return lines(verdict(reader.texts("alert-unprotected", symbol=event.position.symbol)), event.words or None)


def order_failed(event: e.OrderFailed, reader: Reader) -> Text:
    """A decided order was not carried out."""
    intent = reader.texts.find(f"intent-{event.intent}") or event.intent
    head = reader.texts("alert-order-failed", symbol=event.symbol, intent=intent)
    return lines(verdict(head), event.words or None)

"""What happened, as it is told: full for operators, without sizes and amounts for followers.

One function per event class; an event that a reader need not hear of draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiogram.utils.formatting import Text

from core import events as e
from core.signals.cascade import MARKET, HitRate
from core.trading.positions import ClosedTrade, CloseReason, Position
from handlers.views.badge import arrow, light, venue_badge
from handlers.views.figures import age, gain, money, multiple, percent, plain, points, price
from handlers.views.liq import rate, tier_word, totals
from handlers.views.plain import details, lines, verdict
from handlers.views.reader import Reader
from handlers.views.regime import breadth
from handlers.views.table import pairs
from handlers.views.times import day_moment
from handlers.views.words import reason_word, regime_word, side_word


def alert_view(event: e.Event, at_ms: int, reader: Reader, venue_name: str) -> Text | None:
    """The message for one event; ``None`` when this reader is not told of it."""
    draw = DRAWN.get(type(event))
    if draw is None or (not reader.full and type(event) not in FOR_FOLLOWERS):
        return None
    return lines(draw(event, reader), Text(f"{venue_badge(venue_name)} · 🕒 ", day_moment(at_ms, reader.zone)))


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


def stop_moved(event: e.StopMoved, reader: Reader) -> Text:
    """A stop came nearer."""
    position = event.position
    line = reader.texts(
        "alert-stop-moved", symbol=position.symbol, before=price(event.before), after=price(position.stop)
    )
    return Text(line)


def adopted(event: e.PositionAdopted, reader: Reader) -> Text:
    """A stranger's position was found."""
    position = event.position
    side = side_word(position.side, reader.texts)
    return verdict(reader.texts("alert-adopted", symbol=position.symbol, side=side, stop=price(position.stop)))


def unprotected(event: e.Unprotected, reader: Reader) -> Text:
    """No stop rests."""
    return lines(verdict(reader.texts("alert-unprotected", symbol=event.position.symbol)), event.words or None)


def order_failed(event: e.OrderFailed, reader: Reader) -> Text:
    """A decided order was not carried out."""
    intent = reader.texts.find(f"intent-{event.intent}") or event.intent
    head = reader.texts("alert-order-failed", symbol=event.symbol, intent=intent)
    return lines(verdict(head), event.words or None)


def flattened(event: e.Flattened, reader: Reader) -> Text:
    """Everything was closed."""
    texts = reader.texts
    still = texts("alert-flattened-open", symbols=", ".join(event.still_open)) if event.still_open else None
    return lines(verdict(texts("alert-flattened", by=event.by, count=len(event.closed))), still)


def degraded(event: e.Degraded, reader: Reader) -> Text:
    """Something is missing."""
    return lines(verdict(reader.texts("alert-degraded", what=event.what)), event.words or None)


def recovered(event: e.Recovered, reader: Reader) -> Text:
    """It is back."""
    return verdict(reader.texts("alert-recovered", what=event.what))


def regime_changed(event: e.RegimeChanged, reader: Reader) -> Text:
    """The whole market is in another state."""
    before, after = regime_word(event.before, reader.texts), regime_word(event.after, reader.texts)
    counts = breadth(event.bullish, event.bearish, event.neutral, event.correlation, reader)
    return lines(verdict(reader.texts("alert-regime", before=before, after=after)), counts)


def crowding_extreme(event: e.CrowdingExtreme, reader: Reader) -> Text:
    """One side of a market is extremely crowded."""
    texts = reader.texts
    head = texts("alert-crowded", symbol=event.symbol, side=side_word(event.side, texts))
    change = "–" if event.interest_change is None else percent(event.interest_change, 0)
    figures = texts(
        "alert-crowded-figures",
        funding=percent(event.funding_a_year, 0),
        interest=change,
        score=f"{event.score:+.2f}".replace("-", "−"),
    )
    return lines(verdict(head), figures)


def cascade_exhausted(event: e.CascadeExhausted, reader: Reader) -> Text:
    """A liquidation cascade is over."""
    texts = reader.texts
    name = texts("liq-market") if event.symbol == MARKET else event.symbol
    way = side_word(event.direction, texts) or "–"
    head = texts("alert-cascade", symbol=name, tier=tier_word(event.tier, reader), side=way)
    measured = rate(HitRate(event.hits, event.followed))
    return lines(
        verdict(head),
        " · ".join(totals(event.long_usd, event.short_usd, reader)),
        texts("alert-cascade-rate", rate=measured),
    )


def mismatch(event: e.BookMismatch, reader: Reader) -> Text:
    """Our book is not the venue's."""
    return lines(verdict(reader.texts("alert-mismatch", difference=gain(event.difference))), event.words or None)


def started(event: e.Started, reader: Reader) -> Text:
    """The program is up."""
    texts = reader.texts
    head = f"🚀 {venue_badge(event.venue)} · {texts('alert-started', count=event.positions)}"
    money_line = f"{texts('label-equity')}: {money(event.equity)} USDC" if reader.full else None
    looked_up = texts("alert-resolved", count=event.resolved) if event.resolved else None
    return lines(verdict(head), money_line, looked_up)


def said_by(key: str) -> Callable[[Any, Reader], Text]:
    """A sentence that names who did it, and to which symbol."""

    def draw(event: Any, reader: Reader) -> Text:
        values = {name: getattr(event, name) for name in ("by", "symbol") if hasattr(event, name)}
        return verdict(reader.texts(key, **values))

    return draw


DRAWN: dict[type, Callable[[Any, Reader], Text]] = {
    e.TradeOpened: opened,
    e.TradeClosed: closed,
    e.StopMoved: stop_moved,
    e.PositionAdopted: adopted,
    e.Unprotected: unprotected,
    e.OrderFailed: order_failed,
    e.TradingPaused: said_by("alert-paused"),
    e.TradingResumed: said_by("alert-resumed"),
    e.SymbolBlocked: said_by("alert-blocked"),
    e.SymbolUnblocked: said_by("alert-unblocked"),
    e.Flattened: flattened,
    e.Degraded: degraded,
    e.Recovered: recovered,
    e.RegimeChanged: regime_changed,
    e.CrowdingExtreme: crowding_extreme,
    e.CascadeExhausted: cascade_exhausted,
    e.BookMismatch: mismatch,
    e.Started: started,
}
FOR_FOLLOWERS = {e.TradeOpened, e.TradeClosed, e.Started, e.RegimeChanged}
"""What followers hear of: the trades and the market, not the workings."""
SILENT = {
    e.TradeOpened,
    e.StopMoved,
    e.OrderFailed,
    e.TradingPaused,
    e.TradingResumed,
    e.SymbolBlocked,
    e.SymbolUnblocked,
    e.Recovered,
    e.Started,
    e.RegimeChanged,
    e.CrowdingExtreme,
}
"""What makes no sound: sound is a budget."""
LOUD_REASONS = {CloseReason.STOP, CloseReason.UNPROTECTED, CloseReason.LIQUIDATION, CloseReason.FOREIGN}


def is_silent(event: e.Event) -> bool:
    """Whether the message comes without a sound."""
    if isinstance(event, e.TradeClosed):
        return event.trade.reason not in LOUD_REASONS
    return type(event) in SILENT

"""What a position came to, from the venue's own fills and funding (SPEC V2). Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from core.trading.orders import Fill, FundingPayment, Intent
from core.trading.positions import ClosedTrade, CloseReason, Position

REASONS = {
    Intent.STOP: CloseReason.STOP,
    Intent.TARGET: CloseReason.TARGET,
    Intent.REDUCE: CloseReason.OPERATOR,
}


@dataclass(frozen=True, slots=True)
class Passage:
    """The fills of one position: those that opened it and those that reduced it, oldest first."""

    opened: tuple[Fill, ...]
    reduced: tuple[Fill, ...]

    @property
    def flat(self) -> bool:
        """Whether the last fill left nothing of it (it may have opened the other side)."""
        return bool(self.reduced) and ends(self.reduced[-1])


def signed_after(fill: Fill) -> Decimal:
    """Signed position after a fill."""
    return fill.start_position + (fill.size if fill.is_buy else -fill.size)


def in_sequence(fills: Sequence[Fill]) -> list[Fill]:
    """Fills of one coin as they happened.

    The venue's trade ids bear no order, and one order that takes several levels makes several fills of the same
    millisecond: each follows the one that left the position it starts from.
    """
    ordered: list[Fill] = []
    for _, same in groupby(sorted(fills, key=lambda f: f.time_ms), key=lambda f: f.time_ms):
        waiting = list(same)
        while waiting:
            left = {signed_after(f) for f in waiting}
            reached = signed_after(ordered[-1]) if ordered else None
            first = next((f for f in waiting if f.start_position not in left), waiting[0])
            following = next((f for f in waiting if f.start_position == reached), first)
            waiting.remove(following)
            ordered.append(following)
    return ordered


def adds(fill: Fill) -> bool:
    """Whether a fill opened or enlarged the position that it met."""
    return fill.start_position == 0 or (fill.start_position > 0) is fill.is_buy


def ends(fill: Fill) -> bool:
    """Whether nothing is left of the position that a fill met: flat, or turned to the other side."""
    return fill.start_position != 0 and fill.start_position * signed_after(fill) <= 0


def share_of(fill: Fill) -> Decimal:
    """The part of a fill that belongs to the position it met; what went beyond flat opened another one."""
    return fill.size if adds(fill) else min(fill.size, abs(fill.start_position))


def average_price(fills: Sequence[Fill]) -> Decimal:
    """Size-weighted mean price. ``fills`` is not empty."""
    size = sum((share_of(f) for f in fills), Decimal(0))
    return sum((f.price * share_of(f) for f in fills), Decimal(0)) / size


def passage(fills: Sequence[Fill], ours: Collection[str]) -> Passage:
    """The fills of one coin from the first that bears one of our ids until the coin is flat again.

    Ids rather than times bound it, so that a clock that differs from the venue's cannot cut a fill off. A position
    that was adopted has no entry of ours: its passage begins with whatever reduced it.
    """
    opened: list[Fill] = []
    reduced: list[Fill] = []
    for fill in in_sequence(fills):
        if not opened and not reduced and fill.client_id not in ours:
            continue
        (opened if adds(fill) else reduced).append(fill)
        if ends(fill):
            break
    return Passage(tuple(opened), tuple(reduced))


def foreign_passage(fills: Sequence[Fill], position: Position) -> Passage:
    """The fills that reduced an adopted position to nothing: those of its side after its adoption."""
    since = position.opened_ms or position.decided_ms
    own = [f for f in in_sequence(fills) if f.time_ms >= since and f.start_position * position.side.sign > 0]
    return Passage((), tuple(f for f in own if not adds(f)))


def close_reason(position: Position, last: Fill, intents: Mapping[str, Intent]) -> CloseReason:
    """Who closed: liquidation, auto-deleveraging, our stop, our target, what we asked for, or an order that is not ours."""
    if last.liquidation:
        return CloseReason.LIQUIDATION
    if last.deleveraged:
        return CloseReason.DELEVERAGED
    intent = intents.get(last.client_id or "")
    if intent is Intent.CLOSE:
        return position.reason or CloseReason.OPERATOR
    return REASONS.get(intent, CloseReason.FOREIGN) if intent else CloseReason.FOREIGN


def closed_trade(
    position: Position, path: Passage, funding: Sequence[FundingPayment], intents: Mapping[str, Intent]
) -> ClosedTrade:
    """The booked trade. ``path`` is flat; ``funding`` covers the coin from the decision on."""
    fills = path.opened + path.reduced
    opened_ms, closed_ms = fills[0].time_ms, path.reduced[-1].time_ms
    gross = sum((f.closed_pnl for f in fills), Decimal(0))
    fees = sum((f.fee for f in fills), Decimal(0))
    paid = sum((p.amount for p in funding if opened_ms <= p.time_ms <= closed_ms), Decimal(0))
    size = sum((share_of(f) for f in path.reduced), Decimal(0))
    entry = average_price(path.opened) if path.opened else position.entry
    risk = position.risk_per_unit * size
    pnl = gross - fees + paid
    return ClosedTrade(
        trade_id=position.position_id,
        symbol=position.symbol,
        coin=position.coin,
        side=position.side,
        opened_ms=opened_ms,
        closed_ms=closed_ms,
        entry=entry,
        exit=average_price(path.reduced),
        size=size,
        leverage=position.leverage,
        gross=gross,
        fees=fees,
        funding=paid,
        pnl=pnl,
        r=float(pnl / risk) if risk else 0.0,
        reason=close_reason(position, path.reduced[-1], intents),
        confidence=position.confidence,
        strategy=position.strategy,
    )

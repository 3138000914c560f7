"""Displacement carried out: the weakest goes, confirmed, before the newcomer's order is made (SPEC D1).

Whatever goes wrong on the way leaves the newcomer outside and breaks nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.decision.judge import Judged
from core.desk import Desk
from core.errors import VektorError
from core.events import Displaced
from core.flows.close import close_out
from core.flows.governor import allowed
from core.flows.truth import Truth, read_truth
from core.risk.entry import taker_fee
from core.settings import Settings
from core.trading.displacement import Holding, Newcomer, Victim, displace
from core.trading.ports import Account, VenuePosition
from core.trading.positions import CloseReason, Position, PositionState

log = logging.getLogger(__name__)

ROOM_RULES = ("max_positions", "max_same_direction")
"""Refusals that a displacement can lift."""


@dataclass(slots=True)
class Room:
    """Whether room was made in this scan already; once is all."""

    made: bool = False


async def find_victim(desk: Desk, judged: Judged, live: Sequence[Position], account: Account) -> Victim | None:
    """Who would go for this newcomer."""
    return displace(
        [holding_of(p, account) for p in live],
        Newcomer(judged.view.symbol, judged.side, judged.consensus.after),
        desk.clock.now_ms(),
        positions=(await allowed(desk)).positions,
        same_direction=desk.settings.limits.same_direction,
        rules=desk.settings.displacement,
        confidence=desk.settings.confidence,
    )


def holding_of(position: Position, account: Account) -> Holding:
    """A position as displacement sees it; one that is not surely open is as young as can be, so that it stays."""
    held = account.position(position.coin)
    if position.state is not PositionState.OPEN or held is None or position.opened_ms is None:
        return Holding(position.symbol, position.side, position.confidence, 0.0, account.time_ms)
    basis = held.entry * abs(held.size)
    pnl = float(held.unrealised / basis) if basis else 0.0
    return Holding(position.symbol, position.side, position.confidence, pnl, position.opened_ms)


def without(truth: Truth, coin: str) -> Truth:
    """The account as it would stand once a position is closed at its mark, fees aside."""
    account = truth.account
    gone = account.position(coin)
    free = account.free + (gone.margin if gone is not None else 0)
    kept = tuple(p for p in account.positions if p.coin != coin)
    return Truth(truth.orders, replace(account, free=free, positions=kept))


def surely_freed(held: VenuePosition | None, settings: Settings) -> Decimal:
    """What closing a position leaves free on its dex, even at the worst price that a close accepts, fee paid."""
    if held is None:
        return Decimal(0)
    cost = settings.execution.slippage + taker_fee(held.coin, settings.exchange, growth=False)
    return max(Decimal(0), held.margin - abs(held.size) * held.mark * Decimal(str(cost)))


async def close_victim(desk: Desk, judged: Judged, victim: Victim, live: Sequence[Position]) -> bool:
    """Close the victim and tell of it; whether it is surely gone. The caller holds ``desk.trading``.

    It is told with the wish to close: whatever comes between, the victim goes, and nobody could tell later for whom.
    """
    position = next(p for p in live if p.symbol == victim.holding.symbol)
    notice = displaced(judged, victim, desk.clock.now_ms())
    try:
        after = await close_out(desk, position, CloseReason.DISPLACED, None, [notice])
    except VektorError as trouble:
        log.warning("%s is not gone yet for %s: %s", position.symbol, judged.view.symbol, trouble)
        return False
    if after.state is not PositionState.CLOSED:
        return False
    return (await read_truth(desk)).account.position(position.coin) is None


def displaced(judged: Judged, victim: Victim, now_ms: int) -> Displaced:
    """What is told of it."""
    old = victim.holding
    return Displaced(
        symbol=old.symbol,
        side=old.side,
        newcomer=judged.view.symbol,
        newcomer_side=judged.side,
        confidence=old.confidence,
        newcomer_confidence=judged.consensus.after,
        pnl=old.pnl,
        age_ms=now_ms - old.opened_ms,
        ways=victim.ways,
    )

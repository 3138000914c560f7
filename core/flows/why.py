"""Why is there no trade in SOL? Only reads what is stored."""

from __future__ import annotations

from dataclasses import dataclass

from core.decision.record import Outcome
from core.desk import Desk
from core.market.symbols import Market
from core.market.universe import resolve
from core.risk.switches import Block
from core.trading.positions import Position


@dataclass(frozen=True, slots=True)
class Why:
    """What is known of one symbol: its way through the last scan, its position, its block."""

    market: Market
    outcome: Outcome | None
    report_at_ms: int | None
    position: Position | None
    block: Block | None


async def why(desk: Desk, symbol_text: str) -> Why:
    """Answer for a symbol as a person types it. Raises the :class:`core.errors.UserMistake` of ``resolve``."""
    market = resolve(symbol_text, desk.universe)
    report = await desk.ledger.last_scan()
    live = await desk.ledger.live_positions()
    switches = await desk.ledger.switches()
    return Why(
        market=market,
        outcome=report.of(market.symbol) if report is not None else None,
        report_at_ms=report.at_ms if report is not None else None,
        position=next((p for p in live if p.symbol == market.symbol), None),
        block=switches.blocks.get(market.symbol),
    )

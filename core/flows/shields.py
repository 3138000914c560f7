"""Symbol protection at work: every booked trade is heard, and a symbol that keeps losing is blocked (SPEC R6).

The block is one of the operators' kind, so that it shows, holds and is lifted as those are; probation stays.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from core.desk import Desk
from core.events import Event, SymbolProtected
from core.risk.protection import Shield, after_trade, shield_of
from core.risk.switches import Block, Switches
from core.trading.positions import ClosedTrade

TRADES_READ = 20_000
"""Newest trades from which a start makes the shields."""
BY = "protection"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a booked trade does to its symbol; ``switches`` are those to store, ``None`` where nothing is blocked."""

    shield: Shield
    switches: Switches | None
    events: tuple[Event, ...]


async def remember_shields(desk: Desk) -> None:
    """How every symbol stands after all trades of the book."""
    by_symbol: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for trade in reversed(await desk.ledger.trades(TRADES_READ)):
        by_symbol[trade.symbol].append((trade.closed_ms, float(trade.pnl)))
    desk.shields = {symbol: shield_of(rows, desk.settings.protection) for symbol, rows in by_symbol.items()}


async def heard_of(desk: Desk, trade: ClosedTrade) -> Verdict:
    """What one more trade comes to; the caller holds ``desk.deciding`` and stores it together with the trade."""
    before = desk.shields.get(trade.symbol, Shield())
    after = after_trade(before, trade.closed_ms, float(trade.pnl), desk.settings.protection)
    if len(after.blocks) == len(before.blocks):
        return Verdict(after, None, ())
    until, number = after.until_ms or 0, len(after.blocks)
    switches = await desk.ledger.switches()
    standing = switches.blocks.get(trade.symbol)
    if standing is None or (standing.until_ms is not None and standing.until_ms < until):
        block = Block(trade.symbol, trade.closed_ms, until, BY, after.why)
        switches = replace(switches, blocks={**switches.blocks, trade.symbol: block})
    return Verdict(after, switches, (SymbolProtected(trade.symbol, until, after.why, number),))

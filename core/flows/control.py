"""Operators' standing decisions: pause, resume, block, unblock. They survive everything and are told."""

from __future__ import annotations

from dataclasses import replace

from core.desk import Desk
from core.errors import AlreadyDone
from core.events import Event, SymbolBlocked, SymbolUnblocked, TradingPaused, TradingResumed
from core.risk.governor import confirmed
from core.risk.switches import Block, Switches


async def pause(desk: Desk, by: str) -> Switches:
    """No new entries until resumed; open positions go on being managed. Raises :class:`AlreadyDone`."""
    async with desk.deciding:
        switches = await desk.ledger.switches()
        if switches.paused:
            raise AlreadyDone(f"trading has been paused since {switches.since_ms} by {switches.by}", what="paused")
        return await keep(desk, replace(switches, paused=True, by=by, since_ms=desk.clock.now_ms()), TradingPaused(by))


async def resume(desk: Desk, by: str) -> Switches:
    """Allow entries again, after a pause or a halt; after that of a drawdown its peak is the present equity (SPEC R4).

    Raises :class:`AlreadyDone`.
    """
    async with desk.deciding:
        switches = await desk.ledger.switches()
        standing = await desk.ledger.standing()
        drawdown_halt = standing is not None and standing.drawdown_halt  # it refuses entries by itself
        if not switches.paused and not switches.halted and not drawdown_halt:
            raise AlreadyDone("trading is neither paused nor halted", what="running")
        running = replace(switches, paused=False, halted=False, flattening=False, by=by, since_ms=desk.clock.now_ms())
        if standing is not None and standing.drawdown_halt:
            standing = confirmed(standing)
        now = desk.clock.now_ms()
        await desk.ledger.store(switches=running, standing=standing, events=[TradingResumed(by)], at_ms=now)
        return running


async def block(desk: Desk, symbol: str, by: str, why: str = "operator", until_ms: int | None = None) -> Switches:
    """No entries in a symbol, for ever or until ``until_ms`` (market time). Raises :class:`AlreadyDone`."""
    async with desk.deciding:
        switches, now = await desk.ledger.switches(), desk.clock.now_ms()
        standing = switches.blocks.get(symbol)
        if standing is not None and (standing.until_ms is None or now < standing.until_ms):
            raise AlreadyDone(f"{symbol} is blocked already", what=symbol)
        blocks = {**switches.blocks, symbol: Block(symbol, now, until_ms, by, why)}
        return await keep(desk, replace(switches, blocks=blocks), SymbolBlocked(symbol, by))


async def unblock(desk: Desk, symbol: str, by: str) -> Switches:
    """Allow entries in a symbol again. Raises :class:`AlreadyDone` when it is not blocked."""
    async with desk.deciding:
        switches = await desk.ledger.switches()
        if symbol not in switches.blocks:
            raise AlreadyDone(f"{symbol} is not blocked", what=symbol)
        blocks = {s: b for s, b in switches.blocks.items() if s != symbol}
        return await keep(desk, replace(switches, blocks=blocks), SymbolUnblocked(symbol, by))


async def keep(desk: Desk, switches: Switches, *events: Event) -> Switches:
    """Store the decision and what is told of it, together."""
    await desk.ledger.store(switches=switches, events=events, at_ms=desk.clock.now_ms())
    return switches

"""Keeping watch over what real money depends on: that a person is there, and that the key is still good (SPEC V4).

Only something that an operator did in the chat counts as being there. That Telegram took a message for a phone says
nothing of who reads it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from core.desk import Desk
from core.events import Event, OperatorAway, OperatorBack, WalletEnding
from core.risk.vigil import HOUR_MS, due_warning
from core.trading.ports import Wallet


async def hear(desk: Desk, by: str) -> None:
    """An operator has just done something in the chat. Stored now and then; its news at once."""
    there = desk.attendance
    if there is None:
        return
    there.heard_ms = there.wall_ms()
    async with desk.keeping:
        vigil = await desk.ledger.vigil()
        if not vigil.away and there.heard_ms - vigil.heard_ms < desk.settings.live.heard_ms:
            return
        events: list[Event] = [OperatorBack(by)] if vigil.away else []
        fresh = replace(vigil, heard_ms=there.heard_ms, away=False)
        await desk.ledger.store(vigil=fresh, events=events, at_ms=desk.clock.now_ms())


async def attend(desk: Desk) -> None:
    """Say once that nobody was heard of for too long. The first look ever begins the time."""
    there = desk.attendance
    if there is None:
        return
    async with desk.keeping:
        vigil = await desk.ledger.vigil()
        if not vigil.heard_ms:
            await desk.ledger.store(vigil=replace(vigil, heard_ms=there.heard_ms), at_ms=desk.clock.now_ms())
        elif there.is_away(desk.settings.live) and not vigil.away:
            event = OperatorAway(there.absent_ms / HOUR_MS)
            await desk.ledger.store(vigil=replace(vigil, away=True), events=[event], at_ms=desk.clock.now_ms())


async def watch_wallet(desk: Desk, ask: Callable[[], Awaitable[Wallet | None]]) -> None:
    """Warn once per mark before the API wallet ends, and once when it has.

    One that the venue lists no more keeps the end that was known. Raises :class:`core.errors.VenueUnavailable`.
    """
    wallet = await ask()
    if wallet is None:
        return
    async with desk.keeping:
        vigil, now = await desk.ledger.vigil(), desk.clock.now_ms()
        until = wallet.until_ms or (vigil.until_ms if vigil.wallet == wallet.address else 0)
        fresh = vigil
        if (vigil.wallet, vigil.until_ms) != (wallet.address, until):
            fresh = replace(vigil, wallet=wallet.address, until_ms=until, warned=None)
        days = due_warning(fresh, now, desk.settings.live)
        events: list[Event] = []
        if days is not None:
            fresh = replace(fresh, warned=days)
            events.append(WalletEnding(wallet.address, until, days))
        if fresh != vigil:
            await desk.ledger.store(vigil=fresh, events=events, at_ms=now)

"""Trading with real money: who confirmed it, and whether anything may be signed at all (SPEC V4).

Until the environment allows mainnet and an operator has confirmed it in chat the desk reads only: it books what
happens, and leaves positions and orders alone. The adapter asks the same question before every signature.
"""

from __future__ import annotations

from dataclasses import replace

from core.desk import Desk
from core.errors import AlreadyDone, NotLive, UserMistake
from core.events import LiveRevoked, ModeChanged, StrangerHeld
from core.flows.control import keep
from core.flows.truth import Truth
from core.risk.switches import Mode, Switches

MAINNET = "mainnet"
"""The venue where money is real."""


def withheld(venue_name: str, allowed: bool, switches: Switches) -> str:
    """Why nothing may be signed; empty where it may.

    >>> withheld("testnet", False, Switches()), withheld("mainnet", True, Switches(live_by="Ann"))
    ('', '')
    """
    if venue_name != MAINNET:
        return ""
    if not allowed:
        return "LIVE_TRADING does not allow mainnet"
    return "" if switches.live_by else "no operator has confirmed trading on mainnet; /live asks for it"


async def reads_only(desk: Desk) -> str:
    """Why this desk may only look; empty where it may act."""
    if desk.venue_name != MAINNET:
        return ""
    return withheld(desk.venue_name, desk.live_allowed, await desk.ledger.switches())


async def must_be_live(desk: Desk) -> None:
    """Raises :class:`NotLive` where nothing may be signed, before any wish is stored."""
    words = await reads_only(desk)
    if words:
        raise NotLive(words, words=words)


async def tell_strangers(desk: Desk, known: set[str], truth: Truth) -> None:
    """Say once of each position that is not ours that it is there, and whether a stop rests: it is left alone."""
    found = {p.coin: p for p in truth.account.positions if p.coin not in known}
    new = [held for coin, held in found.items() if coin not in desk.left_alone]
    events = [
        StrangerHeld(
            held.coin,
            held.side,
            abs(held.size),
            any(order.is_stop and order.reduces(held.side) for order in truth.of(held.coin)),
        )
        for held in new
    ]
    if events:
        await desk.ledger.store(events=events, at_ms=desk.clock.now_ms())
    desk.left_alone = set(found)


async def set_mode(desk: Desk, mode: Mode, by: str) -> Mode:
    """Change what becomes of candidates without a person; the mode before. Raises :class:`AlreadyDone`."""
    async with desk.deciding:
        switches = await desk.ledger.switches()
        if switches.mode is mode:
            raise AlreadyDone(f"the mode is {mode} already", what=mode.value)
        await keep(desk, replace(switches, mode=mode), ModeChanged(mode.value, by))
        return switches.mode


async def revoke_live(desk: Desk, by: str, *, forced: bool = False) -> None:
    """Sign nothing on mainnet any more, and forget that full size was confirmed.

    Raises :class:`AlreadyDone`, and :class:`UserMistake` while positions are open that would then be left alone
    (unless ``forced``: a key that others know is worse).
    """
    async with desk.deciding:
        switches = await desk.ledger.switches()
        if not switches.live_by:
            raise AlreadyDone("trading on mainnet is not confirmed", what="read only")
        held = [] if forced else [p.symbol for p in await desk.ledger.live_positions()]
        if held:
            raise UserMistake(f"{', '.join(held)} would be left alone; /flatten first, or /pause to enter nothing")
        after = replace(switches, live_by="", live_since_ms=0, full_by="")
        await keep(desk, after, LiveRevoked(by))

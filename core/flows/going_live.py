"""The acts of going live: what is shown before real money trades, and what before it trades at full size (SPEC V4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.desk import Desk
from core.errors import AlreadyDone, NotLive, UserMistake
from core.events import FullSizeConfirmed, LiveConfirmed
from core.flows.control import keep
from core.flows.live import MAINNET
from core.reports.edge import Edge, counted, edges
from core.reports.slippage import Slippage, slippage
from core.risk.switches import Switches

ADOPTED = "adopted"
TRADES_READ = 1_000
"""Newest live trades among which the first ones are counted."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was measured elsewhere: by where the trades were made, and over those that count."""

    by_origin: Mapping[str, Edge]
    counted: Edge


@dataclass(frozen=True, slots=True)
class LiveStanding:
    """Where going live stands. ``slippage`` is by venue, this one's among them."""

    switches: Switches
    trades: int
    slippage: Mapping[str, Slippage]

    def is_ripe(self, first_trades: int) -> bool:
        """Whether full size may be confirmed."""
        return self.trades >= first_trades and not self.switches.full_by


async def evidence(desk: Desk) -> Evidence:
    """The measured edge. Raises :class:`core.errors.BadData` for a replay that cannot be read."""
    lived = await desk.experience.lived() if desk.experience is not None else []
    rules = desk.settings.live
    return Evidence(await desk.offload(edges, lived, rules), await desk.offload(counted, lived, rules))


async def live_standing(desk: Desk) -> LiveStanding:
    """What was done live so far, and what executing cost here and elsewhere."""
    done = await desk.experience.executions() if desk.experience is not None else []
    origins = sorted({one.origin for one in done})
    costs = {origin: slippage([one for one in done if one.origin == origin]) for origin in origins}
    return LiveStanding(await desk.ledger.switches(), await live_trades(desk), costs)


async def live_trades(desk: Desk) -> int:
    """How many trades of ours were closed on this book; adopted positions are not ours."""
    return sum(t.strategy != ADOPTED for t in await desk.ledger.trades(TRADES_READ))


async def confirm_live(desk: Desk, by: str, *, acknowledged: bool) -> Evidence:
    """Let the desk trade on mainnet, on the evidence as it is now.

    Raises :class:`NotLive` off mainnet, :class:`AlreadyDone`, and :class:`UserMistake` where no edge is shown and that
    was not acknowledged.
    """
    if desk.venue_name != MAINNET:
        raise NotLive(f"this is {desk.venue_name}; only mainnet is confirmed", words=desk.venue_name)
    shown = await evidence(desk)
    if not shown.counted.is_shown and not acknowledged:
        raise UserMistake("no edge is shown any more; /live asks again, with the sentence to acknowledge that")
    async with desk.deciding:
        switches = await desk.ledger.switches()
        if switches.live_by:
            raise AlreadyDone(f"{switches.live_by} has confirmed it already", what="live")
        after = replace(switches, live_by=by, live_since_ms=desk.clock.now_ms(), full_by="")
        told = LiveConfirmed(by, shown.counted.trades, shown.counted.mean, shown.counted.low, shown.counted.high)
        await keep(desk, after, told)
    return shown


async def confirm_full(desk: Desk, by: str) -> int:
    """Let entries be as large as the risk rules say; the live trades until now.

    Raises :class:`UserMistake` before the first trades are done, :class:`AlreadyDone`, :class:`NotLive`.
    """
    async with desk.deciding:
        switches, trades = await desk.ledger.switches(), await live_trades(desk)
        first = desk.settings.live.first_trades
        if not switches.live_by:
            raise NotLive("trading on mainnet is not confirmed", words="/live")
        if switches.full_by:
            raise AlreadyDone(f"{switches.full_by} has confirmed full size already", what="full size")
        if trades < first:
            raise UserMistake(f"{trades} of the first {first} live trades are closed; full size can be confirmed then")
        await keep(desk, replace(switches, full_by=by), FullSizeConfirmed(by, trades))
        return trades


def at_least_size(desk: Desk, switches: Switches) -> bool:
    """Whether an entry must be as small as can be."""
    return desk.venue_name == MAINNET and not switches.full_by

"""The host's verbs that close, where no bot runs: no watch follows that would go on, so they press until all is flat."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from bot.clock import wall_ms
from bot.host import COMPROMISED, NOT_FLATTENED, Verb, described, do_compromised, is_flat
from core.desk import Desk
from core.errors import NotLive, OutcomeUnknown, Unavailable, VenueRefused
from core.flows.close import flatten, halt
from core.flows.live import reads_only
from core.flows.reconcile import recover
from core.flows.watch import watch
from core.trading.positions import PositionState
from handlers.pace import SECOND_MS

log = logging.getLogger(__name__)

NOBODY_GOES_ON = (
    "no bot runs that would go on closing: give `vektor flatten` again, or close it on the exchange's own page; "
    "the stops that rest there stay"
)


async def flatten_alone(desk: Desk, by: str) -> str:
    """Close everything and halt; what is open in the end, and what to do about it."""
    text = await until_flat(desk, by)
    return text if is_flat(text) else f"{text}\n{NOBODY_GOES_ON}"


async def until_flat(
    desk: Desk,
    by: str,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    now_ms: Callable[[], int] = wall_ms,
) -> str:
    """Flatten, and press again once an order without an answer can no longer arrive, until nothing is open or time is up.

    Halted whatever the venue says: no later start trades on its own. Raises :class:`NotLive` where nothing may be signed:
    waiting changes nothing about that.
    """
    rules, ours, press = desk.settings.execution, set[str](), recovered_and_flattened
    await halt(desk, by, flattening=not await reads_only(desk))
    end_ms = now_ms() + rules.alone_ms
    while True:
        try:
            ours |= {p.position_id for p in await desk.ledger.live_positions()}
            left = await press(desk, by)
            closed = [t for t in await desk.ledger.trades(max(1, len(ours))) if t.trade_id in ours]
            text, press = described(closed, left), pressed_again
        except NotLive:
            raise
        except (OutcomeUnknown, Unavailable, VenueRefused) as trouble:
            text = f"{NOT_FLATTENED}: {trouble}"
        if is_flat(text) or now_ms() >= end_ms:
            return text
        await pause((rules.protective_expires_ms + rules.lookup_ms) / SECOND_MS)


async def recovered_and_flattened(desk: Desk, by: str) -> Sequence[str]:
    """Bring the book to the venue's truth, then flatten; a book that cannot be brought there wholly keeps nothing open."""
    try:
        await recover(desk)
    except (OutcomeUnknown, VenueRefused) as trouble:
        log.warning("closing although %s", trouble)
    return await flattened(desk, by)


async def flattened(desk: Desk, by: str) -> Sequence[str]:
    """Flatten; what is open yet."""
    return (await flatten(desk, by)).still_open


async def pressed_again(desk: Desk, by: str) -> Sequence[str]:
    """Look once while all that is left is being closed, which asks little of the venue; flatten anew when that is done,
    or when something else has turned up. What is open yet."""
    if await all_closing(desk):
        await watch(desk)
        if await all_closing(desk):
            held = (await desk.venue.account()).positions
            return sorted({p.coin for p in held} | {p.coin for p in await desk.ledger.live_positions()})
    return await flattened(desk, by)


async def all_closing(desk: Desk) -> bool:
    """Whether there are positions in the book, all of them on their way out."""
    live = await desk.ledger.live_positions()
    return bool(live) and all(p.state is PositionState.CLOSING for p in live)


ALONE: Mapping[str, Verb] = {
    "flatten": flatten_alone,
    COMPROMISED: partial(do_compromised, flat=until_flat),
}
"""The verbs that do more where no bot runs."""

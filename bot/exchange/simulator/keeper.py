"""The keeper: takes the venue up where its state file left it, and saves it whole now and then.

Time that passed while the venue was dead does not pass in it. It refuses a market that cannot be put back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from bot.exchange.simulator.journal import checkpoint, replay, resume
from bot.exchange.simulator.pump import Pump
from bot.exchange.simulator.state import VenueState
from bot.exchange.simulator.store import Saved, Store
from core.errors import StartRefused


@runtime_checkable
class Restorable(Protocol):
    """A market that can be put back where it stood."""

    def snapshot(self) -> dict[str, Any]:
        """Where it stands, JSON-able."""
        ...

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Stand there again."""
        ...


class Keeper:
    """State file and venue, kept together. ``round_off`` collects what just happened.

    A ``live`` market is put nowhere and nothing is done again on it: time has passed, and the file holds the whole.
    """

    def __init__(
        self, state: VenueState, pump: Pump, store: Store, round_off: Callable[[], None], *, live: bool = False
    ) -> None:
        if not isinstance(state.market.under, Restorable):
            raise StartRefused("this market cannot be put back where it stood; run the venue without a state file")
        self._market: Restorable = state.market.under
        self._state = state
        self._pump = pump
        self._store = store
        self._round_off = round_off
        self._live = live
        self._saved_ms = -1
        state.unsaved = []

    async def open(self) -> None:
        """Go on where the file ends, or begin it. Raises :class:`StartRefused`."""
        saved = await self._store.open()
        if saved is None:
            self._pump.allowed(self._state.now_ms)
            await self.save()
            return
        await self._resume(saved)

    async def run(self) -> None:
        """Save the whole at intervals until cancelled."""
        while True:
            await asyncio.sleep(self._state.wire.checkpoint_ms / 1000)
            if self._state.now_ms != self._saved_ms:
                await self.save()

    async def close(self) -> None:
        """Save once more, and close the file."""
        self._pump.settle()
        await self.save()
        await self._store.close()

    async def _resume(self, saved: Saved) -> None:
        await asyncio.to_thread(self._market.restore, saved.market)
        await asyncio.to_thread(resume, self._state, saved.state, saved.past)
        if self._live:
            return
        self._pump.allowed(saved.reserved_ms)
        await replay(self._state, saved.lines, self._pump.go_to)
        await self._pump.go_to(saved.reserved_ms)

    async def save(self) -> None:
        """Save the whole as it is at this moment; returns when it is durable."""
        self._round_off()
        past, self._state.unsaved = self._state.unsaved or [], []
        self._saved_ms = self._state.now_ms
        reserved_ms = self._state.now_ms if self._live else self._pump.reserved_ms
        await self._store.checkpoint(reserved_ms, checkpoint(self._state), self._market.snapshot(), past)

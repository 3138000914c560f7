"""The pump: moves market and exchange along the clock, a little at a time, so that requests get in between.

The market never goes past the time that the state file allows. When it cannot keep up with the clock's speed the clock
slows down; it refuses to leave price changes out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.exchange.simulator.rates import HOUR_MS
from bot.exchange.simulator.state import VenueState

Reserve = Callable[[int], Awaitable[None]]


class Pump:
    """``reserve`` makes a market time durable before the market may go there; ``moved`` is told after every move."""

    def __init__(self, state: VenueState, *, reserve: Reserve, moved: Callable[[], None]) -> None:
        self._state = state
        self._reserve = reserve
        self._moved = moved
        self._reserved_ms = self._reserving_ms = state.now_ms
        self._steps = asyncio.Lock()

    @property
    def reserved_ms(self) -> int:
        """How far the market may go, or may soon: a reservation that is being written counts."""
        return max(self._reserved_ms, self._reserving_ms)

    async def run(self) -> None:
        """Follow the clock until cancelled; a stepped clock is waited out."""
        beat = self._state.wire.beat_ms / 1000
        if self._state.clock.stepped:
            await asyncio.Event().wait()
        while True:
            async with self._steps:
                await self._allow()
                caught_up = self.catch_up()
            await asyncio.sleep(beat if caught_up else 0)

    def catch_up(self) -> bool:
        """Move as far as the clock says, the state file allows and one slice of wall time permits; whether that did."""
        clock = self._state.clock
        if clock.stepped:
            return True
        reached = self._slice(self._bounded(min(clock.target_ms(), self._reserved_ms)))
        behind = clock.target_ms() - self._state.now_ms
        if behind > self._state.wire.lag_ms * (clock.speed or 1):
            clock.anchor(self._state.now_ms)
        self._moved()
        return reached

    async def go_to(self, to_ms: int) -> None:
        """Move all the way to ``to_ms``, in slices."""
        async with self._steps:
            to_ms = self._bounded(to_ms)
            if to_ms > self._reserved_ms:
                await self._extend(to_ms)
            while not self._slice(to_ms):
                self._moved()
                await asyncio.sleep(0)
            self._state.clock.anchor(self._state.now_ms)
            self._moved()

    async def skew(self, ms: int) -> None:
        """Let the venue's clock leap ahead of everybody else's by ``ms`` of market time, or (negative) fall behind."""
        if ms > 0:
            await self.go_to(self._state.now_ms + ms)
        else:
            self._state.clock.hold(self._state.now_ms, -ms)

    def allowed(self, reserved_ms: int) -> None:
        """Take over a reservation that is durable already."""
        self._reserved_ms = max(self._reserved_ms, reserved_ms)

    def settle(self) -> None:
        """Give back what was reserved and not used: the venue stops here."""
        self._reserved_ms = self._reserving_ms = self._state.now_ms

    async def _allow(self) -> None:
        """Reserve ahead, so that the clock seldom waits for the disk."""
        clock = self._state.clock
        ahead = int(self._state.wire.reserve_ms * (clock.speed or 0))
        if clock.target_ms() + ahead // 2 > self._reserved_ms:
            await self._extend(max(self._state.now_ms, clock.target_ms()) + max(1, ahead))

    async def _extend(self, until_ms: int) -> None:
        self._reserving_ms = until_ms
        await self._reserve(until_ms)
        self._reserved_ms = until_ms

    def _bounded(self, to_ms: int) -> int:
        end = self._state.source.end_ms
        return to_ms if end is None else min(to_ms, end)

    def _slice(self, to_ms: int) -> bool:
        """Move towards ``to_ms`` for one slice of wall time; whether it was reached."""
        state, clock = self._state, self._state.clock
        deadline = clock.wall_seconds() + state.wire.slice_ms / 1000
        while state.now_ms < to_ms:
            hour = (state.now_ms // HOUR_MS + 1) * HOUR_MS
            change = state.source.next_change()
            step = min(to_ms, hour, to_ms if change is None else max(change, state.now_ms + 1))
            state.running.advance_to(step)
            if step == hour:
                state.passed(state.rates.note(hour, state.source))
            if clock.wall_seconds() > deadline:
                return state.now_ms >= to_ms
        return True

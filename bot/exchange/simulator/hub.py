"""The hub: every socket, and the rounds in which they are told what happened. It refuses to wait for any of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from aiohttp import web

from bot.exchange.simulator.faults import Faults
from bot.exchange.simulator.sockets import Client, Post, Surroundings
from bot.exchange.simulator.state import VenueState
from bot.exchange.simulator.streams import News
from core.trading.exchange.records import BalanceChanged, Filled, FundingPaid, Happening, Liquidated, OrderChanged


class Hub:
    """All sockets of the venue.

    Accounts hear their own news at once; what everybody may follow is swept in turns, so that requests get in between.
    """

    def __init__(self, state: VenueState, faults: Faults) -> None:
        self._state = state
        self._faults = faults
        self._clients: set[Client] = set()
        self._holding = 0
        self._happenings: list[Happening] = []
        self._stirred_coins: set[str] = set()
        self._stirred = asyncio.Event()

    async def connect(self, request: web.Request, post: Post) -> web.StreamResponse:
        """Serve ``GET /ws`` to its end; ``post`` answers what is posted over it."""
        client = Client(Surroundings(self._state, self._faults, post), request)
        self._clients.add(client)
        try:
            return await client.serve()
        finally:
            self._clients.discard(client)

    def hold(self) -> None:
        """Say nothing until :meth:`release`: something happened that is not on disk yet."""
        self._holding += 1

    def release(self) -> None:
        """It is on disk now; tell what was held back, in order."""
        self._holding -= 1
        self.round()

    def round(self) -> None:
        """Tell accounts what happened to them since the last round, and have the rest swept soon."""
        self._collect()
        if not self._holding:
            self.tell(self.take())

    def take(self) -> list[Happening]:
        """What happened and was not told yet; whoever takes it tells it."""
        self._collect()
        taken, self._happenings = self._happenings, []
        return taken

    def tell(self, happenings: Sequence[Happening]) -> None:
        """Tell accounts what happened to them."""
        if not happenings:
            return
        happened: dict[str, list[Happening]] = {}
        for one in happenings:
            happened.setdefault(one.address, []).append(one)
            self._stirred_coins.update(_coins(one))
        news = News(frozenset(), happened, self._state.clock.wall_seconds())
        for client in tuple(self._clients):
            client.tell(news)

    def _collect(self) -> None:
        fresh = self._state.exchange.drain()
        self._state.passed(*fresh)
        self._happenings += fresh
        self._stirred.set()

    async def run(self) -> None:
        """Sweep whenever something stirred, and now and then for the silent sockets, until cancelled."""
        beat = self._state.wire.beat_ms / 1000
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._state.wire.context_ms / 1000):
                    await self._stirred.wait()
            self._stirred.clear()
            await self._sweep()
            await asyncio.sleep(beat)

    def close(self) -> None:
        """Hang up on everybody."""
        for client in tuple(self._clients):
            client.drop()

    async def _sweep(self) -> None:
        """What is due on every stream of every socket, a slice of wall time at a time."""
        moved = frozenset(self._state.running.drain_moved() | self._stirred_coins)
        self._stirred_coins = set()
        clock, slice_s = self._state.clock, self._state.wire.slice_ms / 1000
        deadline = clock.wall_seconds() + slice_s
        for client in tuple(self._clients):
            news = News(moved, {}, clock.wall_seconds())
            client.check(news.wall)
            for stream in client.streams():
                client.send(*stream.later(news))
                if clock.wall_seconds() > deadline:
                    await asyncio.sleep(0)
                    deadline = clock.wall_seconds() + slice_s


def _coins(one: Happening) -> tuple[str, ...]:
    """Coins whose book may look different now."""
    match one:
        case Filled(fill=fill):
            return (fill.coin,)
        case OrderChanged(order=order):
            return (order.coin,)
        case FundingPaid() | Liquidated() | BalanceChanged():
            return ()

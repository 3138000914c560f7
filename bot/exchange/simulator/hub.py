"""The hub: every socket, and the rounds in which they are told what happened. It refuses to wait for any of them."""

from __future__ import annotations

from aiohttp import web

from bot.exchange.simulator.faults import Faults
from bot.exchange.simulator.sockets import Client, Post, Surroundings
from bot.exchange.simulator.state import VenueState
from bot.exchange.simulator.streams import News
from core.trading.exchange.records import BalanceChanged, Filled, FundingPaid, Happening, Liquidated, OrderChanged


class Hub:
    """All sockets of the venue."""

    def __init__(self, state: VenueState, faults: Faults) -> None:
        self._state = state
        self._faults = faults
        self._clients: set[Client] = set()
        self._holding = 0
        self._happenings: list[Happening] = []
        self._moved: set[str] = set()

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
        """Tell everybody what happened since the last round."""
        self._happenings += self._state.exchange.drain()
        self._moved |= self._state.running.drain_moved()
        if self._holding:
            return
        happenings, self._happenings = self._happenings, []
        moved, self._moved = self._moved, set()
        if not self._clients:
            return
        moved |= {coin for one in happenings for coin in _coins(one)}
        happened: dict[str, list[Happening]] = {}
        for one in happenings:
            happened.setdefault(one.address, []).append(one)
        news = News(frozenset(moved), happened, self._state.clock.wall_seconds())
        for client in tuple(self._clients):
            client.tell(news)

    def close(self) -> None:
        """Hang up on everybody."""
        for client in tuple(self._clients):
            client.drop()


def _coins(one: Happening) -> tuple[str, ...]:
    """Coins whose book may look different now."""
    match one:
        case Filled(fill=fill):
            return (fill.coin,)
        case OrderChanged(order=order):
            return (order.coin,)
        case FundingPaid() | Liquidated() | BalanceChanged():
            return ()

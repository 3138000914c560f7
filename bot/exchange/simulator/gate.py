"""The gate: one way in for ``/info`` and ``/exchange``, over HTTP or a socket. What it answers is on disk before it leaves.

It weighs requests, lets the market catch up, asks or acts, writes the journal, and only then lets sockets know.
"""

from __future__ import annotations

import asyncio
from decimal import Decimal
from inspect import isawaitable
from typing import Any

from bot.exchange.simulator.account_actions import deposit
from bot.exchange.simulator.actions import Performed, perform
from bot.exchange.simulator.answers import Busy, Unsuitable
from bot.exchange.simulator.hub import Hub
from bot.exchange.simulator.info import table
from bot.exchange.simulator.journal import Line
from bot.exchange.simulator.limits import Budget, action_weight, info_weight, rows_weight
from bot.exchange.simulator.live import LiveMarket, Saver, coins_of
from bot.exchange.simulator.pump import Pump
from bot.exchange.simulator.state import VenueState
from bot.exchange.simulator.store import Store
from bot.exchange.simulator.upsets import Upset, befall


class Gate:
    """Requests of clients. Without ``store`` nothing is kept; without ``budget`` nothing is weighed.

    On a ``live`` market its ``saver`` keeps what happens, in place of the journal.
    """

    def __init__(
        self,
        state: VenueState,
        pump: Pump,
        hub: Hub,
        store: Store | None,
        budget: Budget | None,
        live: tuple[LiveMarket, Saver] | None = None,
    ) -> None:
        self._state = state
        self._pump = pump
        self._hub = hub
        self._store = store
        self._budget = budget
        self._market = live[0] if live is not None else None
        self._saver = live[1] if live is not None else None
        self._writing: set[asyncio.Future[None]] = set()

    async def post(self, kind: str, payload: Any, client: str) -> Any:
        """A request posted over a socket."""
        if kind == "info":
            return await self.info(payload, client)
        if kind == "action":
            return await self.act(payload, client)
        raise Unsuitable

    async def info(self, body: Any, client: str) -> Any:
        """Answer a read. Raises ``Unsuitable``, ``Broken`` and ``Busy``."""
        kind = str(body.get("type")) if isinstance(body, dict) else ""
        self._weigh(client, info_weight(kind))
        self._pump.catch_up()
        answer = table.answer(self._state, body)
        if isawaitable(answer):
            answer = await answer
        if self._budget is not None:
            self._budget.charge(client, rows_weight(kind, answer), self._state.now_ms)
        if self._saver is not None:
            await self._saver.settle()
        elif self._store is not None:
            await self._store.durable()
        return answer

    async def act(self, body: Any, client: str) -> Any:
        """Carry out a signed request. Raises ``Unsuitable`` and ``Busy``."""
        action = body.get("action") if isinstance(body, dict) else None
        self._weigh(client, action_weight(action) if isinstance(action, dict) else 1)
        if self._market is not None and (coins := coins_of(action, self._state.assets)):
            await self._market.look(coins)
        self._pump.catch_up()
        self._hub.hold()
        try:
            performed = perform(self._state, body)
            await self._keep(performed)
        finally:
            self._hub.release()
        return performed.answer

    async def upset(self, order: Upset) -> None:
        """Let something befall the market; returns when it is on disk."""
        self._pump.catch_up()
        self._hub.hold()
        try:
            befall(self._state, order)
            if self._store is not None:
                await self._store.append(Line(self._state.now_ms, "", upset=order))
        finally:
            self._hub.release()

    async def calm(self) -> None:
        """Fill the books that are thin."""
        if self._state.exchange.thinned():
            await self.upset(Upset("thin", lots=0))

    def fund(self, address: str, usd: Decimal) -> None:
        """Open an account with money; nothing happens when it is open already."""
        address = address.lower()
        if self._state.exchange.has_account(address):
            return
        deposit(self._state, address, usd)
        if self._saver is not None:
            return
        if self._store is not None:
            self._store.note(Line(self._state.now_ms, address, usd=str(usd)))
            writing = asyncio.ensure_future(self._store.durable())
            self._writing.add(writing)
            writing.add_done_callback(self._writing.discard)

    async def _keep(self, performed: Performed) -> None:
        if self._saver is not None:
            await self._saver.settle(acted=True)
            return
        if self._store is None or performed.who is None or performed.envelope is None:
            return
        who, envelope = performed.who, performed.envelope
        line = Line(
            self._state.now_ms,
            who.account,
            signer=who.signer,
            nonce=envelope.nonce,
            action=envelope.action,
            answer=performed.answer,
        )
        await self._store.append(line)

    def _weigh(self, client: str, weight: int) -> None:
        if self._budget is not None and not self._budget.allows(client, weight, self._state.now_ms):
            raise Busy("too many requests")

"""Ties the pieces of one local chat together: state, file, queue readers, watchers, troubles.

Its one rule is :meth:`Switchboard.commit`: first the file, then the bot's queue and the page. Nobody is told what a crash
could still undo.
"""

from __future__ import annotations

import asyncio

from bot.emulator.cards import filled_in
from bot.emulator.courier import Courier
from bot.emulator.faults import Faults
from bot.emulator.flood import Flood
from bot.emulator.journal import Journal
from bot.emulator.methods import METHODS
from bot.emulator.polling import Polling
from bot.emulator.store import Store
from bot.emulator.stream import Stream
from bot.emulator.wire import ApiError, Json, Params
from bot.emulator.world import World


class Switchboard:
    """One running local chat."""

    def __init__(self, world: World, store: Store) -> None:
        self.world = world
        self.store = store
        self.stream = Stream()
        self.polling = Polling(world)
        self.courier = Courier(world, self.commit, self.answer_in_body)
        self.faults = Faults()
        self.flood = Flood(world.now_ms)
        self.journal = Journal()

    async def open(self) -> None:
        """Read the state file and start delivering."""
        await self.store.open(self.world)
        await self.commit()
        self.courier.start()

    async def close(self) -> None:
        """End polls, deliveries and watchers; close the file."""
        self.polling.close()
        self.stream.close()
        await self.courier.stop()
        await self.store.save(self.world)
        await self.store.close()

    async def commit(self) -> None:
        """Make all changes durable, then let the bot and the page know."""
        news, self.world.news = filled_in(self.world, self.world.news), []
        # Shielded: a client that hangs up must not leave a change half told.
        await asyncio.shield(self._commit(news))

    async def _commit(self, news: list[Json]) -> None:
        await self.store.save(self.world)
        self.polling.wake()
        self.courier.wake()
        self.stream.publish(news)

    async def call(self, method: str, params: Params) -> object:
        """Carry out one Bot API call; ApiError when it is refused."""
        name = method.lower()
        if name == "getupdates":
            updates = await self.polling.get_updates(params)
            await self.commit()
            return updates
        if name not in METHODS:
            raise ApiError(404, "Not Found: method not found")
        if self.faults.flood_limits:
            self.flood.check(name, params.text("chat_id"))
        result = METHODS[name](self.world, params)
        if name == "setwebhook" and self.world.desk.webhook_url:
            self.polling.webhook_was_set()
        await self.commit()
        return result

    async def logged_call(self, method: str, params: Params) -> object:
        """A call that leaves an entry in the journal; empty polls leave none."""
        outcome: object
        try:
            outcome = await self.call(method, params)
        except ApiError as error:
            self.note(method, params, error)
            raise
        if outcome != []:
            self.note(method, params, outcome)
        return outcome

    def note(self, method: str, params: Params, outcome: object) -> None:
        """Write a call into the journal and show it on the page."""
        entry = self.journal.note(self.world.now_ms(), method, params.described(), outcome)
        self.stream.publish([{"type": "call", "call": entry}])

    async def answer_in_body(self, body: Json) -> None:
        """Carry out the call that a webhook's reply carried; a refusal is only journalled, as by Telegram."""
        method = str(body.pop("method"))
        try:
            await self.call(method, Params(body))
        except ApiError as error:
            self.note(method, Params(body), error)
        else:
            self.note(method, Params(body), True)

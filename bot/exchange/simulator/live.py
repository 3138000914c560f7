"""A market of the real world under the venue: it cannot be played again, and its books are looked at before an order.

A simulated market leads from a checkpoint to the same state again, so that a journal of actions is enough. A real one
does not: whatever happens on it is saved whole before anybody hears of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import Any, Protocol, runtime_checkable

from bot.exchange.simulator.assets import Assets
from bot.exchange.simulator.clock import VenueClock
from bot.exchange.simulator.hub import Hub
from bot.exchange.simulator.keeper import Keeper
from bot.exchange.simulator.state import VenueState


@runtime_checkable
class LiveMarket(Protocol):
    """What a market of the real world can do beside being a price source. Neither call raises for an outage."""

    async def look(self, coins: Sequence[str]) -> None:
        """Learn the books of these markets anew: an order for them is about to be matched."""
        ...

    async def catch_up(self, held: Collection[str], since_ms: int) -> None:
        """Learn what ``held`` markets paid since then: their positions were not looked after meanwhile."""
        ...


class WorldClock(VenueClock):
    """The clock of a real market: it waits for nobody."""

    def anchor(self, now_ms: int) -> None:
        """Nothing to go on from: the world's time has passed whatever the venue did."""


class Saver:
    """Saves what happened and then tells it. ``keeper`` is ``None`` where nothing is kept."""

    def __init__(self, state: VenueState, hub: Hub, keeper: Keeper | None) -> None:
        self._state, self._hub, self._keeper = state, hub, keeper
        self._one_at_a_time = asyncio.Lock()
        hub.hold()

    async def run(self) -> None:
        """Let nobody wait long for what the market did, until cancelled."""
        while True:
            await asyncio.sleep(self._state.wire.beat_ms / 1000)
            await self.settle()

    async def settle(self, *, acted: bool = False) -> None:
        """Everything that happened so far is durable, and told, when this returns.

        ``acted`` says that something was done that may have changed more than what is told.
        """
        async with self._one_at_a_time:
            news = self._hub.take()
            if self._keeper is not None and (acted or self._state.unsaved):
                await self._keeper.save()
            self._hub.tell(news)


def coins_of(action: Any, assets: Assets) -> list[str]:
    """Coins for which an action places or replaces orders; none for what cannot be read."""
    if not isinstance(action, dict):
        return []
    changes = [one.get("order") for one in _rows(action, "modifies")] + [action.get("order")]
    rows = [*_rows(action, "orders"), *(one for one in changes if isinstance(one, dict))]
    numbers = {one["a"]: None for one in rows if isinstance(one.get("a"), int)}
    found = (assets.of_asset(number) for number in numbers)
    return [row.terms.coin for row in found if row is not None and not row.terms.delisted]


def _rows(action: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = action.get(name)
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []

"""What makes fault points happen that trading alone reaches seldom or never: the operator's commands, a stranger's deeds.

Looks at the points that are left and does what leads there, again and again, until the bot has died of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from core.errors import VektorError
from tests.chaos.chat_operator import Operator, Unanswered
from tests.chaos.stage import Life, Stage
from tests.chaos.stranger import Stranger

Point = tuple[str, str]
IN_RECOVERY = (
    "protect.without_surplus",
    "protect.give_up",
    "press_close < advance",
    "reconcile.adopt",
    "place < protect",
)
"""Reached when a start finds what a crash or a stranger left behind: armed from the start on."""
AT_START = ("reconcile.recover", "running.begin")
FRESH = ("recover:venue.account", "recover:ledger.opening", "recover:ledger.begin")
"""Passed before there is a book: struck first, on the fresh state."""
REFUSED = ("enter.drop", "tickets.send:ledger.store#2")
"""Reached when the venue surely did not act."""
PATIENT = ("start_close", "watch.manage:ledger.tickets")
"""Reached when a position grows old: stops must lie far away for that."""
PRELUDES = {
    "protect.without_surplus": ("watch.move_stop:venue.cancel", "before"),
    "press_close < advance": ("exits.start_close:ledger.store", "after"),
}
"""A death that leaves behind what the point needs."""


def touches(left: Iterable[Point], *parts: str) -> bool:
    """Whether any point that is left bears one of these in its name."""
    return any(part in point for point, _ in left for part in parts)


@dataclass(slots=True)
class Provoker:
    """Operator and stranger of one campaign."""

    stage: Stage
    operator: Operator
    stranger: Stranger

    def deeds(self, left: Iterable[Point]) -> list[Callable[[], Awaitable[object]]]:
        """What leads to the points that are left."""
        left = list(left)
        found: list[Callable[[], Awaitable[object]]] = []
        if touches(left, "control."):
            found += [self.pause_and_resume, self.block_and_unblock]
        if touches(left, "close_position", "close_out", "start_close", "press_close"):
            found.append(self.operator.close)
        if touches(left, "close.flatten"):
            found += [self.operator.flatten, self.operator.resume]
        if touches(left, "place < protect"):
            found.append(lambda: self.stranger.take_stops(1))
        if touches(left, "reconcile.adopt"):
            found.append(self.stranger.open)
        if touches(left, *REFUSED):
            found.append(self.refuse_orders)
        return found

    async def until_death(self, left: Iterable[Point], life: Life) -> None:
        """Do it all, again and again."""
        deeds = self.deeds(left)
        while deeds and not life.dead:
            for deed in deeds:
                if life.dead:
                    return
                with suppress(Unanswered, VektorError):
                    await deed()

    async def pause_and_resume(self) -> None:
        """Both, so that trading goes on."""
        paused, halted, _ = self.operator.book.switches()
        if not paused and not halted:
            await self.operator.pause()
        await self.operator.resume()

    async def block_and_unblock(self) -> None:
        """Both, in a symbol that matters little."""
        _, _, blocks = self.operator.book.switches()
        if "XRP" not in blocks:
            await self.operator.block("XRP")
        await self.operator.unblock("XRP")

    async def refuse_orders(self) -> None:
        """The venue carries out none of the next orders and says so, while the operator wants to be out."""
        fault = {"kind": "status", "path": "/exchange", "action": "order", "count": 4, "status": 403}
        url = f"{self.stage.witness.venue.base_url}/faults"
        async with self.stage.http.post(url, json=fault) as answer:
            answer.raise_for_status()
        try:
            await self.operator.close()
        finally:
            async with self.stage.http.delete(url) as answer:
                answer.raise_for_status()

    async def lay_bare(self) -> bool:
        """With the bot dead: take every stop away and wait until one could not be placed any more."""
        stops = await self.stranger.take_stops()
        return await self.stranger.wait_beyond(stops, 20.0)

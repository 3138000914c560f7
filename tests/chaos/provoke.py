"""What makes fault points happen that trading alone reaches seldom or never: the operator's commands, a stranger's deeds.

Looks at the points that are left and does what leads there, again and again, until the bot has died of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from core.errors import VektorError
from tests.chaos.chat_operator import Operator, Unanswered
from tests.chaos.stage import ELSEWHERE, Life, Stage
from tests.chaos.stranger import LOST, Stranger

Point = tuple[str, str]
IN_RECOVERY = (
    "protect.without_surplus",
    "protect.give_up",
    "press_close < advance",
    "adopt.adopt",
    "adopt.own_triggers",
    "place < protect",
    "advance.without_holding",
    "inject.settle_injections:ledger.live_positions",
    "inject.settle_injections:ledger.store",
    "protect.without_old_targets",
    "governor.watch_equity",
    "follow.follow",
    "stray_orders",
)
"""Reached when a start finds what a crash or a stranger left behind: armed from the start on."""
AT_START = ("reconcile.recover", "running.begin")
FRESH = ("recover:venue.account", "recover:ledger.opening", "recover:ledger.begin")
"""Passed before there is a book: struck first, on the fresh state."""
REFUSED = ("enter.drop", "tickets.send:ledger.store#2")
"""Reached when the venue surely did not act."""
PATIENT = ("start_close", "watch.manage:ledger.tickets")
"""Reached when a position grows old: stops must lie far away for that, and nobody may close it before."""
CROWDED = ("enter.enter:ledger", "enter.displaceable")
"""Reached when a position makes room for another: places must be few and anyone may go, so last of all."""
CLOSED = ("close_position", "close_out", "press_close < advance")
"""Reached when the operator closes."""
NEAR = ("guard.look_out", "guard.resting_stop")
"""Reached when a position comes near its liquidation: the levels must be wide for that."""
HALTING = ("governor.watch_equity:ledger.switches",)
"""Reached when the drawdown halts trading: a small one must do."""
FLATTENING = ("close.flatten", "sweep.")
"""Reached when the operator flattens."""
PRELUDES = {
    "protect.without_surplus": ("watch.move_stop:venue.cancel", "before"),
    "press_close < advance": ("exits.start_close:ledger.store", "after"),
    "inject.settle_injections:ledger.live_positions": ("inject.inject:venue.add_margin", "after"),
    "inject.settle_injections:ledger.store": ("inject.inject:venue.add_margin", "after"),
    "protect.without_old_targets": ("adjust.set_target:ledger.store", "after"),
    "advance.without_holding": ("tickets.send:venue.submit < open_position", "before"),
}
"""A death that leaves behind what the point needs."""
NO_ORDERS = {"kind": "status", "path": "/exchange", "action": "order", "count": 1_000_000, "status": 403}
NO_MARGIN = {"kind": "status", "path": "/exchange", "action": "updateIsolatedMargin", "count": 1, "status": 403}
ONE_REFUSAL = {"kind": "refuse", "path": "/exchange", "action": "order"}
NO_STOPS = {**ONE_REFUSAL, "count": 1_000_000}
OLD_TRANSFERS = {"kind": "stale", "path": "/info", "action": "userNonFundingLedgerUpdates", "count": 1_000_000}
OLD_NEWS = {"kind": "stale", "path": "/info", "action": "frontendOpenOrders", "count": 1_000_000}
REFUSED_S, LOOK_S, SEEN_S = 25.0, 0.2, 2.0


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
        left, operator, stranger = list(left), self.operator, self.stranger
        deeds: list[tuple[tuple[str, ...], list[Callable[[], Awaitable[object]]]]] = [
            (("control.",), [self.pause_and_resume, self.block_and_unblock]),
            (CLOSED, [operator.close]),
            (("",), self.adjustments(left)),
            (("cancel_leftovers",), [self.close_on_old_news]),
            (("reconcile.audit",), [self.take_unseen]),
            (HALTING, [self.lose_unseen, operator.resume]),
            (("sweep.",), [stranger.rest]),
            (FLATTENING, [operator.flatten, operator.resume]),
            (("place < protect",), [lambda: stranger.take_stops(1)]),
            (("adopt.adopt",), [stranger.open]),
            (("adopt.own_triggers",), [lambda: stranger.open(as_ours=True)]),
            (("follow.follow",), [lambda: stranger.open(ELSEWHERE)]),
            (("stray_orders",), [stranger.rest, lambda: stranger.rest(as_ours=True)]),
            (REFUSED, [lambda: self.refuse_orders(left)]),
        ]
        return [deed for parts, some in deeds if touches(left, *parts) for deed in some]

    def adjustments(self, left: Iterable[Point]) -> list[Callable[[], Awaitable[object]]]:
        """The operator's changes of open positions that are left."""
        operator = self.operator
        deeds = {
            "set_stop": [operator.stop],
            "adjust.set_stop:ledger.tickets": [self.refuse_stop],
            "adjust.risk_of_others": [operator.stop],
            "set_target": [operator.target],
            "cancel_old": [operator.target],
            "reduce": [operator.part],
            "adjust.adjustable": [operator.part],
            "inject": [operator.margin],
            "guard.danger_of": [operator.margin],
            "inject.inject:ledger.store#2": [self.refuse_margin],
        }
        return [deed for part, some in deeds.items() if touches(left, part) for deed in some]

    async def refuse_stop(self) -> None:
        """The venue takes no new stop and says so."""
        await self.order(NO_STOPS)
        try:
            await self.operator.stop()
        finally:
            await self.clear()

    async def take_unseen(self) -> None:
        """Money leaves the account, and the venue's list of transfers goes on showing none."""
        await self.order(OLD_TRANSFERS)
        await asyncio.sleep(SEEN_S)
        await self.stranger.take_money()

    async def lose_unseen(self) -> None:
        """So much leaves the account unseen that it is a drawdown; then it comes back, to be lost again."""
        await self.order(OLD_TRANSFERS)
        await asyncio.sleep(SEEN_S)
        await self.stranger.take_money(LOST)
        await asyncio.sleep(SEEN_S)
        await self.put_right()

    async def refuse_margin(self) -> None:
        """The venue adds no margin and says so."""
        await self.order(NO_MARGIN)
        await self.operator.margin()

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

    async def refuse_orders(self, left: Iterable[Point]) -> None:
        """For a while the venue carries out no order and says so, while positions grow old and stops are to move."""
        if not self.operator.book.symbols():
            await asyncio.sleep(LOOK_S)
            return
        await self.order(NO_ORDERS)
        try:
            asked = self.adjustments([point for point in left if touches([point], *REFUSED)])
            if touches(left, "close < advance"):
                asked.append(self.operator.close)
            for deed in asked:
                await deed()
            if not asked:
                await asyncio.sleep(REFUSED_S)
        finally:
            await self.clear()

    async def close_on_old_news(self) -> None:
        """The venue goes on showing orders that are gone, while the operator closes what they protected."""
        await self.order(OLD_NEWS)
        try:
            await asyncio.sleep(1.0)
            await self.operator.close()
        finally:
            await self.clear()

    async def lay_bare(self) -> None:
        """With the bot dead: take the stop of one position away and let the venue refuse the next one."""
        if await self.stranger.take_stops(1):
            await self.order(ONE_REFUSAL)

    async def put_right(self) -> None:
        """With the bot dead: what must not outlast a life."""
        await self.clear()
        await self.stranger.put_money_back()

    async def order(self, fault: Mapping[str, Any]) -> None:
        """Ask the venue for trouble."""
        async with self.stage.http.post(f"{self.stage.witness.venue.base_url}/faults", json=fault) as answer:
            answer.raise_for_status()

    async def clear(self) -> None:
        """No more trouble."""
        async with self.stage.http.delete(f"{self.stage.witness.venue.base_url}/faults") as answer:
            answer.raise_for_status()

"""A crash at every await of the order path, before and after the other side acted; then a new start.

The fault points are not listed by hand: a first run counts every call that the flows make to venue and ledger, then
one run per call and phase dies there. What must hold after recovery is always the same.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.desk import Desk
from core.errors import OutcomeUnknown
from core.flows.close import close_position
from core.flows.reconcile import audit, recover
from core.flows.watch import watch
from core.market.symbols import Side
from core.replay.run import ACCOUNT
from core.trading.positions import CloseReason
from tests.core.flows.stage import Stage


class Killed(BaseException):
    """The process is gone: nothing may catch it."""


class Fated:
    """A port that dies at its n-th call: before the other side acts, after it acted, or with the answer lost."""

    def __init__(self, real: Any, fate: Fate) -> None:
        self._real, self._fate = real, fate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found):
            return found

        async def call(*args: Any, **kwargs: Any) -> Any:
            return await self._fate.meet(name, lambda: found(*args, **kwargs))

        return call


class Fate:
    """Counts calls over all ports of one desk and strikes at one of them."""

    def __init__(self, at: int | None = None, phase: str = "before") -> None:
        self.at, self.phase, self.calls = at, phase, list[str]()

    async def meet(self, name: str, act: Callable[[], Awaitable[Any]]) -> Any:
        self.calls.append(name)
        mine = len(self.calls) - 1 == self.at
        if mine and self.phase == "before":
            raise Killed(name)
        answer = await act()
        if mine and self.phase == "after":
            raise Killed(name)
        if mine and self.phase == "lost" and name == "submit":
            raise OutcomeUnknown("the answer was lost")
        return answer


async def life(stage: Stage, desk: Desk) -> None:
    """Open, move the stop, close: the whole order path."""
    await stage.open(desk=desk)
    await stage.move("BTC", "60700")
    desk.nudged = True
    await watch(desk)
    if await stage.ledger.live_positions():
        await close_position(desk, "BTC", CloseReason.OPERATOR)


async def lived(stage: Stage, fate: Fate) -> Desk:
    desk = stage.new_desk(venue=Fated(stage.venue, fate), ledger=Fated(stage.ledger, fate))
    try:
        await recover(desk)
        await life(stage, desk)
    except (Killed, OutcomeUnknown):
        return desk
    return desk


async def count() -> list[str]:
    fate = Fate()
    await lived(Stage(), fate)
    return fate.calls


def check_never_doubled(stage: Stage) -> None:
    exchange = stage.running.exchange
    ids = [o.client_id for o in exchange.history(ACCOUNT)]
    assert len(ids) == len(set(ids))
    entries = [f for f in exchange.fills(ACCOUNT) if f.start_position == 0]
    assert len(entries) <= 1


async def check_protected(stage: Stage) -> None:
    for position in stage.running.exchange.positions(ACCOUNT):
        resting = sum((o.size for o in stage.stops(position.coin)), start=position.size * 0)
        assert resting >= abs(position.size)


PHASES = ("before", "after", "lost")


@pytest.mark.parametrize("phase", PHASES)
async def test_whatever_await_the_process_dies_at_the_next_start_puts_it_right(phase: str) -> None:
    calls = await count()
    assert calls.count("submit") >= 3
    for at, name in enumerate(calls):
        stage = Stage()
        await lived(stage, Fate(at, phase))
        reborn = stage.desk = stage.new_desk()
        await recover(reborn)
        await check_protected(stage)
        await stage.pass_time(stage.settings.execution.expires_ms + 1_000)
        for _ in range(4):
            await stage.look()
        check_never_doubled(stage)
        await check_protected(stage)
        result = await audit(reborn)
        assert result.clean, (at, name, phase, result)
        held = {p.coin for p in stage.running.exchange.positions(ACCOUNT)}
        assert {p.coin for p in await stage.ledger.live_positions()} == held, (at, name, phase)
        told = [type(e).__name__ for _, e in stage.ledger.events]
        opened = bool(stage.running.exchange.fills(ACCOUNT))
        assert told.count("TradeOpened") + told.count("TradeClosed") >= (1 if opened else 0), (at, name, phase, told)
        assert told.count("TradeClosed") == len(await stage.ledger.trades(10)) == (1 if opened and not held else 0)
        assert told.count("TradeOpened") <= 1


async def test_a_short_lives_the_same_life() -> None:
    stage = Stage()
    desk = await stage.begin()
    await stage.open(side=Side.SHORT, desk=desk)
    await stage.move("BTC", "59300")
    await stage.look()
    await close_position(desk, "BTC", CloseReason.OPERATOR)
    assert (await audit(desk)).clean


async def test_of_two_stops_left_by_a_crash_the_nearer_one_stays() -> None:
    stage = Stage()
    desk = await stage.begin()
    await stage.open()
    fate = Fate()
    stage.desk = stage.new_desk(venue=Fated(stage.venue, fate), ledger=Fated(stage.ledger, fate))
    await stage.move("BTC", "60700")
    fate.at, fate.phase = None, "before"
    cancels = fate.calls.count("cancel")

    async def die_before_cancel() -> None:
        fate.meet = dying(fate.meet)  # type: ignore[method-assign]
        await stage.look()

    with pytest.raises(Killed):
        await die_before_cancel()
    assert fate.calls.count("cancel") == cancels
    assert len(stage.stops("BTC")) == 2
    stage.desk = stage.new_desk()
    await recover(stage.desk)
    (stop,) = stage.stops("BTC")
    (position,) = await stage.ledger.live_positions()
    assert stop.trigger.price == position.stop == 60100
    assert desk.settings == stage.desk.settings


def dying(meet: Callable[[str, Callable[[], Awaitable[Any]]], Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The same, but a cancel is never reached."""

    async def guarded(name: str, act: Callable[[], Awaitable[Any]]) -> Any:
        if name == "cancel":
            raise Killed(name)
        return await meet(name, act)

    return guarded

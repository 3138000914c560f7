"""The timetable runs the real verbs on market time; an outage is told once and its end once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import MarketClock
from core.desk import Desk
from core.errors import BrokenInvariant, VenueRefused, VenueUnavailable
from core.events import Degraded, Recovered, TradingPaused
from core.replay.run import ACCOUNT
from jobs.attempt import attempt
from jobs.streams import follow_account, supervise
from jobs.timetable import Timetable
from tests.core.flows.stage import START, Stage


@pytest.fixture
async def stage() -> Stage:
    one = Stage()
    await one.begin()
    return one


def told(stage: Stage) -> list[object]:
    return [event for _, event in stage.ledger.events]


async def failing(_: Desk) -> None:
    raise VenueUnavailable("the venue does not answer")


async def fine(_: Desk) -> None:
    """Nothing is wrong."""


async def test_an_outage_is_told_when_it_begins_and_when_it_ends(stage: Stage) -> None:
    for verb in (failing, failing, failing, fine, fine):
        await attempt(stage.desk, "watch", verb)
    assert told(stage) == [Degraded("watch", "the venue does not answer"), Recovered("watch")]


async def test_a_broken_invariant_pauses_trading_and_is_told(stage: Stage) -> None:
    async def impossible(_: Desk) -> None:
        raise BrokenInvariant("two and two are five")

    assert not await attempt(stage.desk, "scan", impossible)
    assert (await stage.ledger.switches()).paused
    assert TradingPaused("vektor") in told(stage)
    await attempt(stage.desk, "scan", impossible)
    assert told(stage).count(TradingPaused("vektor")) == 1


@pytest.mark.parametrize(("name", "seconds"), [("watch", 5), ("reconcile", 60), ("audit", 86_400)])
async def test_a_job_is_due_at_its_mark_and_not_before(stage: Stage, name: str, seconds: int) -> None:
    clock, now = MarketClock(lambda: 0), datetime(2026, 1, 6, tzinfo=UTC)
    clock.sync(START - START % 86_400_000, 1.0)
    due = Timetable(stage.desk, clock).scheduler.get_job(name).trigger.get_next_fire_time(None, now)
    assert due - now == timedelta(seconds=seconds)


async def test_jobs_run_on_the_market_clock_and_stopping_waits_for_them(stage: Stage) -> None:
    clock = MarketClock()
    clock.sync(START, 1_000.0)
    timetable = Timetable(stage.desk, clock)
    begun, finished = asyncio.Event(), asyncio.Event()
    release = asyncio.Event()

    async def slow(_: Desk) -> None:
        begun.set()
        await release.wait()
        finished.set()

    for name in ("scan", "watch", "look again", "reconcile", "audit"):
        timetable.scheduler.remove_job(name)
    timetable.add("slow", slow, 5_000)
    timetable.start()
    async with asyncio.timeout(10):
        await begun.wait()
        stopping = asyncio.ensure_future(timetable.stop())
        await asyncio.sleep(0)
        assert not stopping.done()
        release.set()
        await stopping
    assert finished.is_set()


async def test_what_a_look_left_open_is_looked_at_again_and_nothing_else_is(stage: Stage) -> None:
    await stage.open()
    await stage.look()
    timetable = Timetable(stage.desk, MarketClock())
    (stop,) = stage.stops("BTC")
    stage.running.exchange.cancel(ACCOUNT, "BTC", stop.oid)
    await timetable.look_again(stage.desk)
    assert stage.stops("BTC") == [], "nothing called for a look"
    stage.desk.nudged = True
    await timetable.look_again(stage.desk)
    assert len(stage.stops("BTC")) == 1
    assert timetable.scheduler.get_job("look again").trigger.every_ms == stage.settings.execution.lookup_ms


async def test_a_stream_that_fails_is_begun_again(stage: Stage) -> None:
    begun = 0
    enough = asyncio.Event()

    async def stream() -> None:
        nonlocal begun
        begun += 1
        if begun == 3:
            enough.set()
            await asyncio.Event().wait()
        raise VenueUnavailable("hung up")

    task = asyncio.create_task(supervise(stage.desk, "account stream", stream))
    async with asyncio.timeout(10):
        await enough.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told(stage).count(Degraded("account stream", "hung up")) == 1


async def test_a_refusal_of_the_venue_is_told_like_an_outage_and_ends_nothing(stage: Stage) -> None:
    async def refused(_: Desk) -> None:
        raise VenueRefused("User or API Wallet does not exist.", words="")

    assert not await attempt(stage.desk, "watch", refused)
    assert told(stage) == [Degraded("watch", "User or API Wallet does not exist.")]


async def test_a_job_that_crashes_is_told_once(stage: Stage) -> None:
    async def wrong(_: Desk) -> None:
        raise ZeroDivisionError("division by zero")

    timetable = Timetable(stage.desk, MarketClock())
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await timetable.run("watch", wrong)
    assert told(stage) == [Degraded("watch", "crashed: ZeroDivisionError: division by zero")]


async def test_a_look_that_the_account_stream_began_is_not_cut_off_by_its_end(stage: Stage) -> None:
    timetable = Timetable(stage.desk, MarketClock())
    begun, release, finished = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(_: Desk) -> None:
        begun.set()
        await release.wait()
        finished.set()

    async def fills() -> AsyncIterator[str]:
        yield "fill"
        await asyncio.Event().wait()

    async def look() -> None:
        await timetable.run("watch", slow)

    stage.venue.changes = fills  # type: ignore[method-assign]
    stream = asyncio.create_task(supervise(stage.desk, "account", lambda: follow_account(stage.desk, "account", look)))
    async with asyncio.timeout(10):
        await begun.wait()
        stream.cancel()
        await asyncio.gather(stream, return_exceptions=True)
        assert not finished.is_set()
        release.set()
        timetable.start()
        await timetable.stop()
    assert finished.is_set()

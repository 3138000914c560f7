"""The timetable: which verb runs when, on market time (SPEC cadence)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core.desk import Desk
from core.flows.delistings import look_for_delistings
from core.flows.reconcile import audit, reconcile
from core.flows.scan import scan
from core.flows.watch import watch
from jobs.attempt import attempt, degrade
from jobs.market_trigger import MarketTrigger, RunningClock

log = logging.getLogger(__name__)

Verb = Callable[[Desk], Awaitable[object]]


class Timetable:
    """The jobs of a desk. ``start`` needs a running event loop."""

    def __init__(self, desk: Desk, clock: RunningClock) -> None:
        self.desk = desk
        self.clock = clock
        self.scheduler = AsyncIOScheduler(timezone="UTC")
        self.scheduler.add_listener(report_crash, EVENT_JOB_ERROR)
        self.running: set[asyncio.Task[object]] = set()
        cadence = desk.settings.cadence
        self.add("scan", scan, cadence.scan_ms, cadence.scan_delay_ms)
        self.add("watch", watch, cadence.watch_ms)
        self.add("look again", self.look_again, desk.settings.execution.lookup_ms)
        self.add("reconcile", reconcile, cadence.reconcile_ms)
        self.add("audit", audit, cadence.audit_ms)
        self.add("listings", look_for_delistings, cadence.listings_ms)

    def add(self, name: str, verb: Verb, every_ms: int, delay_ms: int = 0) -> None:
        """One verb at every mark of market time; late marks are coalesced, one run at a time."""
        cadence = self.desk.settings.cadence
        self.scheduler.add_job(
            self.on_time,
            MarketTrigger(
                self.clock, every_ms=every_ms, delay_ms=delay_ms, least_wall_ms=min(cadence.least_wall_ms, every_ms)
            ),
            args=(name, verb),
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=cadence.misfire_ms // 1000,
        )

    def start(self) -> None:
        """Begin."""
        self.scheduler.start()

    async def on_time(self, name: str, verb: Verb) -> None:
        """What the scheduler calls: it must hear of the end as well, or it takes a clean stop for a crash."""
        if (caller := asyncio.current_task()) is not None:
            self.note(caller)
        await self.run(name, verb)

    async def look_again(self, desk: Desk) -> None:
        """Look soon at what the last look left open, so that no position waits for its stop (SPEC R2)."""
        if desk.nudged:
            await self.run("watch", watch)

    def note(self, task: asyncio.Task[object]) -> None:
        """Remember a task until it is done."""
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    async def run(self, name: str, verb: Verb) -> None:
        """One run of one job, in a task of its own, so that stopping can wait for it."""
        task: asyncio.Task[object] = asyncio.create_task(attempt(self.desk, name, verb), name=name)
        self.note(task)
        await asyncio.wait([task])
        bug = None if task.cancelled() else task.exception()
        if bug is not None:
            await degrade(self.desk, name, f"crashed: {type(bug).__name__}: {bug}")
            raise bug

    async def stop(self) -> None:
        """No job starts any more; those that run come to their end."""
        self.scheduler.pause()
        await asyncio.sleep(0)  # what was handed over before the pause begins now, and is waited for like the rest
        while self.running:
            await asyncio.wait(list(self.running))
        self.scheduler.shutdown(wait=False)


def report_crash(event: JobExecutionEvent) -> None:
    """A job that raised what nobody foresaw is a bug: it was told, and the whole trace goes to the log."""
    log.error("job %s crashed", event.job_id, exc_info=event.exception)

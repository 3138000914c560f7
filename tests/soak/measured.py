"""The bot as ``vektor run`` runs it, in a process that tells each market hour what it takes: ``python -m … ARGUMENTS``.

A line of JSON per hour: resident memory, the interpreter's blocks, and the least number of tasks, threads and open
files that were seen in the hour (what comes and goes is not counted, what stays is).
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bot.__main__ import parser
from bot.environment import read_environment
from bot.heap import share_one_heap
from bot.lifetime import until_interrupted
from bot.running import asked_for, run
from bot.state import read_settings
from core.desk import Desk
from tests.soak.limits import HOUR_MS

TOLD = "soak "
FILES = Path("/proc/self/fd")
BEAT_S = 0.05
BEGINS = "soak begins"
SHARED = "asyncio_"
"""Threads of the loop's own pool, not counted: one is made when all others are busy, up to a bound, and none ever goes."""


@dataclass(slots=True)
class Least:
    """What was counted in an hour: the least of what stays, the longest of what stalls."""

    tasks: int = sys.maxsize
    names: tuple[str, ...] = ()
    threads: int = sys.maxsize
    files: int = sys.maxsize
    late_s: float = 0.0
    turn_s: float = 0.0

    def see(self, late_s: float, turn_s: float) -> None:
        """Once."""
        tasks = asyncio.all_tasks()
        if len(tasks) < self.tasks:
            self.tasks, self.names = len(tasks), tuple(task.get_name() for task in tasks)
        self.threads = min(self.threads, sum(not one.name.startswith(SHARED) for one in threading.enumerate()))
        self.files = min(self.files, sum(1 for _ in FILES.iterdir()))
        self.late_s = max(self.late_s, late_s)
        self.turn_s = max(self.turn_s, turn_s)


async def meter(desk: Desk) -> None:
    """Tell at each full hour of the market, until cancelled."""
    least, hour = Least(), desk.clock.now_ms() // HOUR_MS
    os.write(sys.stdout.fileno(), f"{BEGINS}\n".encode())
    while True:
        slept, used = time.perf_counter(), time.thread_time()
        await asyncio.sleep(BEAT_S)
        late_s = max(0.0, time.perf_counter() - slept - BEAT_S)
        least.see(late_s, min(late_s, time.thread_time() - used))
        now = desk.clock.now_ms() // HOUR_MS
        if now > hour:
            tell(desk, least)
            least, hour = Least(), now


def tell(desk: Desk, least: Least) -> None:
    """The line of an hour."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    line = {
        "at_ms": desk.clock.now_ms(),
        "rss_mib": pages * resource.getpagesize() / 2**20,
        "blocks": sys.getallocatedblocks(),
        "tasks": least.tasks,
        "names": dict(Counter(least.names)),
        "threads": least.threads,
        "files": least.files,
        "late_s": round(least.late_s, 4),
        "turn_s": round(least.turn_s, 4),
        "cpu_s": round(time.process_time(), 2),
    }
    os.write(sys.stdout.fileno(), f"{TOLD}{json.dumps(line)}\n".encode())


async def live(arguments: list[str]) -> None:
    """Run until told to stop."""
    options = parser().parse_args(["run", *arguments])
    environment = read_environment()
    settings, _ = read_settings(options.state)
    meters: list[asyncio.Task[None]] = []

    def dressed(desk: Desk) -> Desk:
        meters.append(asyncio.create_task(meter(desk), name="meter"))
        return desk

    try:
        await until_interrupted(run(asked_for(options, environment), environment, settings, dressed))
    finally:
        for one in meters:
            one.cancel()


def main() -> None:
    """The process, set up as the command line sets it up."""
    share_one_heap()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    asyncio.run(live(sys.argv[1:]))


if __name__ == "__main__":
    main()

"""One soak: the market runs, an operator asks now and then, and whatever must hold is looked at all the time."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from tests.chaos.chat_operator import Operator, Unanswered
from tests.chaos.messages import Count
from tests.soak.judge import Hour, figures, grown, leaked
from tests.soak.limits import HOUR_MS, QUARTER_MS, Accepted
from tests.soak.measured import TOLD
from tests.soak.world import START_S, World

BEAT_S = 0.1
TELL_S = 120.0
ANSWER_S = 30.0
COMMANDS = ("/status", "/positions", "/why BTC", "/risk", "/chart BTC", "/regime", "/audit", "/top", "/health")
BAD = (" ERROR ", " CRITICAL ", "Traceback", "never retrieved", "never awaited")


@dataclass(slots=True)
class Soak:
    """What was looked at and what was wrong. ``say`` prints a line of progress."""

    world: World
    accepted: Accepted
    say: Callable[[str], object]
    findings: list[str] = field(default_factory=list)
    quarters: int = 0
    asked: int = 0
    waiting: int = 0
    seconds: float = 0.0
    ending: str = ""
    count: Count | None = None
    _read: int = 0
    _hours: list[Hour] = field(default_factory=list)

    async def run(self, hours: float) -> None:
        """Let it live so long, then flatten, wait for every message, and stop it in order."""
        world, began = self.world, time.monotonic()
        await world.bot.line(r"^soak begins", START_S)
        commands, quarter = cycle(COMMANDS), world.began_ms // QUARTER_MS
        while world.hours < hours and world.bot.process.returncode is None:
            await asyncio.sleep(BEAT_S)
            now = world.venue.state.now_ms // QUARTER_MS
            if now > quarter:
                quarter = now
                await self.look(f"hour {world.hours:.2f}")
                if now * QUARTER_MS % HOUR_MS == 0:
                    await self.ask(next(commands))
        self.seconds = time.monotonic() - began
        await self.end()

    async def look(self, when: str) -> None:
        """Book, venue and chat; the venue alone is judged at every motion by the guard."""
        self.quarters += 1
        witness = self.world.witness
        await witness.never_twice(when)
        await witness.booked(when)
        waiting = witness.book.waiting()
        self.waiting = max(self.waiting, waiting)
        if waiting > self.accepted.waiting_most:
            self.findings.append(f"{when}: {waiting} messages wait")
        self.listen()

    def listen(self) -> None:
        """Take up what the bot wrote: its figures, and nothing that smells of a bug."""
        lines = self.world.bot.lines
        for line in lines[self._read :]:
            if line.startswith(TOLD + "{"):
                self._hours.append(Hour(**json.loads(line.removeprefix(TOLD))))
                self.say(self.progress())
            elif any(mark in line for mark in BAD):
                self.findings.append(f"the log: {line}")
        self._read = len(lines)

    def progress(self) -> str:
        """A line an hour."""
        hour, guard = self._hours[-1], self.world.guard
        return (
            f"{self.world.hours:5.1f} h  {hour.rss_mib:6.1f} MiB  {hour.blocks:8d} blocks  {hour.tasks:3d} tasks  "
            f"turn {hour.turn_s:.3f} s  {guard.entries:4d} entries  full {guard.full_share():.0%}  "
            f"{len(self.found())} findings"
        )

    async def ask(self, command: str) -> None:
        """An operator's command must be answered."""
        chat = self.world.chat
        last = max((body["message_id"] for body in chat.messages("private")), default=0)
        await chat.say("operator", command)
        self.asked += 1
        try:
            await chat.wait_for(lambda body: body["message_id"] > last + 1, timeout=ANSWER_S)
        except AssertionError:
            self.findings.append(f"{command} was not answered in {ANSWER_S:.0f} s")

    async def end(self) -> None:
        """Nothing open, everything told, and the last line says that book and venue are equal."""
        world = self.world
        if world.bot.process.returncode is not None:
            self.findings.append("the bot ended by itself: " + " | ".join(world.bot.lines[-20:]))
            return
        with suppress(Unanswered):
            await Operator(world.chat, world.witness.book).flatten()
        self.count = await world.witness.all_told(TELL_S)
        await self.look("the end")
        code = await world.bot.stop()
        self.listen()
        closing = [line for line in world.bot.lines if line.startswith("book ")]
        self.ending = closing[-1] if closing else "no closing words"
        if code != 0 or not self.ending.endswith("equal"):
            self.findings.append(f"the end: exit code {code}, {self.ending}")

    def hours(self) -> list[Hour]:
        """Those that began after the warm-up."""
        return [one for one in self._hours if one.at_ms >= self.world.guard.warm_ms + HOUR_MS]

    def found(self) -> list[str]:
        """Everything that was wrong so far."""
        return [*sorted(self.world.guard.findings), *self.world.witness.findings.lines(), *self.findings]

    def judged(self) -> list[str]:
        """The same, and what the whole came to."""
        hours, guard, accepted = self.hours(), self.world.guard, self.accepted
        found = self.found()
        if not hours:
            return [*found, "it never came past its warm-up"]
        found += [*grown(hours, accepted), *leaked(hours)]
        if guard.full_share() < accepted.full_share:
            found.append(f"all places were taken {guard.full_share():.0%} of the time, not {accepted.full_share:.0%}")
        stall = max(one.turn_s for one in hours)
        if stall > accepted.stall_s:
            found.append(f"the event loop stood still for {stall} s")
        return found

    def table(self) -> dict[str, Any]:
        """Every figure by name."""
        guard, witness = self.world.guard, self.world.witness
        kinds = [kind for _, kind, _, _ in witness.book.events()]
        return {
            "market hours": round(self.world.hours, 2),
            "seconds": round(self.seconds),
            "markets": len(self.world.venue.state.source.terms),
            "invariants checked, times": guard.looks,
            "book against venue, times": self.quarters,
            "entries": guard.entries,
            "orders at the venue": len(witness.venue.orders),
            "fills": len(witness.venue.fills),
            "trades": sum(witness.book.trades().values()),
            "displacements": kinds.count("Displaced"),
            "stops moved": kinds.count("StopMoved"),
            "times with all places taken, share": round(guard.full_share(), 3),
            "events": len(kinds),
            "outages told": kinds.count("Degraded"),
            "messages of events": self.count.once if self.count else 0,
            "said twice": self.count.twice if self.count else 0,
            "most messages waiting at a look": self.waiting,
            "commands asked": self.asked,
            "largest difference of book and venue, USDC": float(witness.worst_difference),
            "longest in passing, market ms": dict(sorted(guard.lasted.items())),
            "largest measures": {name: round(value, 4) for name, value in sorted(guard.most.items())},
            **(figures(self.hours(), self.accepted) if self.hours() else {}),
        }

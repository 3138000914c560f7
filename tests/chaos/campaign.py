"""One campaign: lives of the bot, each ended by SIGKILL, each next one looked at when its recovery is done."""

from __future__ import annotations

import asyncio
import math
import random
import re
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from tests.chaos.chat_operator import Operator, Unanswered
from tests.chaos.provoke import (
    AT_START,
    CROWDED,
    FRESH,
    HALTING,
    IN_RECOVERY,
    NEAR,
    PATIENT,
    PRELUDES,
    Point,
    Provoker,
    touches,
)
from tests.chaos.stage import Life, Stage

REACH_S = 30.0
HARD_S = 90.0
STRIKES = 4
"""Lives in a row that reach nothing new, until what is left is given up."""
DEATH_AT_START_S = 90.0
TELL_S = 420.0
START_UP_SHARE = 0.3
LIVES_S = 8.0
BACKLOG_S = 3.0
"""A group is told no more than 20 messages a minute."""


@dataclass(slots=True)
class Campaign:
    """Kills and what they came to. ``say`` prints a line of progress."""

    stage: Stage
    operator: Operator
    provoker: Provoker
    say: Callable[[str], object]
    random_kills: int = 0
    struck: list[Point] = field(default_factory=list)
    unreached: list[Point] = field(default_factory=list)
    told_twice: int = 0
    ending: str = ""

    def tell(self, line: str) -> None:
        """A line of progress."""
        self.say(line)

    @property
    def kills(self) -> int:
        """All of them."""
        return self.random_kills + len(self.struck)

    # --- lives -------------------------------------------------------------------------------------------------------

    async def reborn(self, when: str, fatal: Iterable[Point] = ()) -> Life | None:
        """Start after a death; look when recovery is done. ``None`` when it died before (of ``fatal``)."""
        life = await self.stage.start(fatal)
        if not await self.stage.recovered(life):
            await self.stage.death(life, DEATH_AT_START_S)
            return None
        findings = self.stage.witness.findings
        known = set(findings.lines())
        await self.stage.witness.look(when)
        findings.switches |= {f"{when}: {one}" for one in self.operator.lost_switches()}
        for line in sorted(set(findings.lines()) - known):
            self.tell(f"      FOUND {line}")
        if any(self.operator.book.switches()[:2]):
            with suppress(Unanswered):
                await self.operator.resume()
        return life

    async def struck_down(self, life: Life, seconds: float) -> bool:
        """Wait for a death by fault point and write it down."""
        if not await self.stage.death(life, seconds):
            return False
        died = life.died_at()
        if died is not None:
            self.struck.append(died)
            self.tell(f"{self.kills:4d}  {died[1]:6s} {died[0]}")
        return True

    # --- fault points ------------------------------------------------------------------------------------------------

    async def strike_all(self, points: Iterable[Point], until: float = math.inf) -> None:
        """One death at every point, in the order in which they are reached, until the loop's clock says ``until``."""
        left = list(points)
        for point in [one for one in left if touches([one], *FRESH)]:
            await self.strike_at_start([point])
        left = [point for point in left if point not in self.struck and point not in self.unreached]
        at_start = [p for p in left if touches([p], *AT_START)]
        later = [p for p in left if p not in at_start]
        strikes = 0
        now = asyncio.get_running_loop().time
        while (later or at_start) and strikes < STRIKES and now() < until:
            before = len(self.struck)
            if at_start:
                await self.strike_at_start(at_start)
            if later:
                await self.strike_running(later, hard=strikes > 0)
            gone = set(self.struck)
            at_start = [p for p in at_start if p not in gone and p not in self.unreached]
            later = [p for p in later if p not in gone]
            strikes = 0 if len(self.struck) > before else strikes + 1
        self.unreached += [*at_start, *later]

    async def strike_at_start(self, left: list[Point]) -> None:
        """A start that is armed from its first instruction."""
        point = left[0]
        life = await self.stage.start([point])
        with suppress(TimeoutError):
            async with asyncio.timeout(DEATH_AT_START_S):
                if await self.stage.recovered(life):
                    self.unreached.append(point)
                    await self.kill(life)
                    return
        await self.struck_down(life, DEATH_AT_START_S)

    async def strike_running(self, left: list[Point], *, hard: bool) -> None:
        """A start, a look, then arm what is left and lead there."""
        await self.provoker.put_right()
        in_recovery = [p for p in left if touches([p], *IN_RECOVERY)]
        self.stage.rules(
            patient=hard and touches(left, *PATIENT),
            crowded=all(touches([p], *CROWDED) for p in left),
            near=touches(left, *NEAR),
            halting=hard and touches(left, *HALTING),
        )
        if hard and touches(in_recovery, "give_up") and self.kills:
            await self.provoker.lay_bare()
        life = await self.reborn(self.last(), in_recovery if self.kills else ())
        if life is None:
            return self.note_early_death()
        fatal = list(left)
        if hard:
            fatal += [prelude for part, prelude in PRELUDES.items() if touches(left, part)]
        self.stage.set_off(life, fatal)
        deeds = asyncio.ensure_future(self.provoker.until_death(fatal, life))
        try:
            seconds = HARD_S if hard else REACH_S
            if not await self.struck_down(life, seconds):
                self.tell(f"      {len(left)} points not reached in {seconds:.0f} s")
                await self.kill(life)
        finally:
            deeds.cancel()
            await asyncio.gather(deeds, return_exceptions=True)

    def note_early_death(self) -> None:
        """It died in recovery: ask the life that the stage saw last."""
        life = self.stage.last
        died = life.died_at() if life is not None else None
        if died is not None:
            self.struck.append(died)
            self.tell(f"{self.kills:4d}  {died[1]:6s} {died[0]} (in recovery)")

    def last(self) -> str:
        """How the last life ended."""
        return " ".join(reversed(self.struck[-1])) if self.struck else "kill at random"

    async def kill(self, life: Life) -> None:
        """A kill from outside."""
        await self.stage.kill(life)
        self.random_kills += 1

    # --- at random ---------------------------------------------------------------------------------------------------

    async def strike_at_random(self, kills: int, chance: random.Random) -> None:
        """Kill at seeded random moments, during start-up or while trading and talking."""
        for number in range(kills):
            when = f"random kill {number}"
            if chance.random() < START_UP_SHARE:
                life = await self.stage.start()
                await self.lived(life, chance.uniform(0.2, LIVES_S * 0.75))
                await self.kill(life)
                self.tell(f"{self.kills:4d}  during start-up")
                continue
            life_or_none = await self.reborn(when)
            assert life_or_none is not None, "an unarmed bot died by itself"
            talk = asyncio.ensure_future(self.talk(chance))
            await self.lived(life_or_none, chance.uniform(0.0, LIVES_S))
            talk.cancel()
            await asyncio.gather(talk, return_exceptions=True)
            await self.kill(life_or_none)
            self.tell(f"{self.kills:4d}  while running")

    async def lived(self, life: Life, seconds: float) -> None:
        """Let it live so long."""
        with suppress(TimeoutError):
            await life.process.ended(seconds)
            raise AssertionError("it ended by itself:\n" + "\n".join(life.process.lines[-30:]))

    async def talk(self, chance: random.Random) -> None:
        """The operator does this and that."""
        deeds = [self.operator.close, self.operator.close, self.provoker.pause_and_resume]
        deeds += [self.provoker.block_and_unblock, self.operator.pause]
        while True:
            with suppress(Unanswered):
                await chance.choice(deeds)()

    # --- the end -----------------------------------------------------------------------------------------------------

    async def end(self) -> None:
        """A last start, everything told, a clean stop whose last line says that book and venue are equal."""
        await self.provoker.put_right()
        life = await self.reborn(self.last())
        assert life is not None
        witness = self.stage.witness
        with suppress(Unanswered):
            await self.operator.flatten()
        count = await witness.all_told(TELL_S + witness.book.waiting() * BACKLOG_S)
        self.told_twice = count.twice
        code = await life.process.stop(signal.SIGTERM)
        books = [line for line in life.process.lines if re.match(r"book .* venue", line)]
        self.ending = books[-1] if books else "no closing words"
        if code != 0 or not self.ending.endswith("equal"):
            witness.findings.audit.add(f"the end: exit code {code}, {self.ending}")

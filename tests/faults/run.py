"""Bad days of a venue, one after the other, in one life of the bot: what must hold once each is over.

A scenario is a file in ``scenarios``: what happens, for how long, and which events an operator must have been told.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.chat_operator import Operator, Unanswered
from tests.chaos.checks import agreed
from tests.chaos.stage import Life, Stage

FOLDER = Path(__file__).parent / "scenarios"
TRADING_S, SETTLED_S = 45.0, 60.0
"""How long a bot may take until it holds something; how long after a bad day until everything is right again."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One bad day. ``tells`` are kinds of events that it must give rise to."""

    name: str
    what: str
    seconds: float
    faults: tuple[dict[str, Any], ...]
    tells: tuple[str, ...]


@dataclass(slots=True)
class Outcome:
    """What one came to. ``healed_s`` is the time from the end of the trouble until book and venue were equal."""

    scenario: Scenario
    orders: int
    fills: int
    trades: int
    healed_s: float
    findings: list[str] = field(default_factory=list)


def scenarios() -> tuple[Scenario, ...]:
    """All of them, by name."""
    return tuple(read(file) for file in sorted(FOLDER.glob("*.toml")))


def read(file: Path) -> Scenario:
    """One of them."""
    body = tomllib.loads(file.read_text(encoding="utf-8"))
    return Scenario(file.stem, body["what"], float(body["seconds"]), tuple(body["fault"]), tuple(body["tells"]))


async def played(stage: Stage, some: Sequence[Scenario], say: Callable[[str], object]) -> list[Outcome]:
    """Each scenario in turn, in one life; a clean stop at the end. What is found is in the outcomes."""
    life = await stage.start()
    assert await stage.recovered(life), "the bot did not start"
    found = []
    for scenario in some:
        await until_held(stage)
        found.append(await play(stage, life, scenario))
        say(line_of(found[-1]))
    found[-1].findings += await ended(stage, life)
    return found


async def until_held(stage: Stage) -> None:
    """Wait until there is a position that trouble could harm."""

    async def nothing() -> list[str]:
        return [] if stage.witness.book.symbols() else ["nothing is held"]

    await agreed(nothing, TRADING_S)


async def play(stage: Stage, life: Life, scenario: Scenario) -> Outcome:
    """One scenario: trouble for so long, then none, then everything that must hold."""
    witness, before = stage.witness, counts(stage)
    told = len(witness.book.events())
    known = set(witness.findings.lines())
    for fault in scenario.faults:
        async with stage.http.post(f"{witness.venue.base_url}/faults", json=fault) as answer:
            answer.raise_for_status()
    await lived(life, scenario.seconds)
    async with stage.http.delete(f"{witness.venue.base_url}/faults") as answer:
        answer.raise_for_status()
    began = time.monotonic()
    await agreed(witness.disagreements, SETTLED_S)
    healed = time.monotonic() - began
    await witness.look(scenario.name)
    kinds = {kind for _, kind, _, _ in witness.book.events()[told:]}
    findings = [one for one in witness.findings.lines() if one not in known]
    findings += [f"{scenario.name}: nobody was told {kind}" for kind in scenario.tells if kind not in kinds]
    after = counts(stage)
    orders, fills, trades = (now - then for now, then in zip(after, before, strict=True))
    return Outcome(scenario, orders, fills, trades, healed, findings)


async def lived(life: Life, seconds: float) -> None:
    """Let it live so long; a bot that ends by itself has failed."""
    with suppress(TimeoutError):
        await life.process.ended(seconds)
        raise AssertionError("it ended by itself:\n" + "\n".join(life.process.lines[-30:]))


def counts(stage: Stage) -> tuple[int, int, int]:
    """Orders sent, fills, trades so far."""
    book = stage.witness.book
    return len(book.client_ids()), len(book.fills()), sum(book.trades().values())


async def ended(stage: Stage, life: Life) -> list[str]:
    """Flatten, stop in order; the last line must say that book and venue are equal."""
    with suppress(Unanswered):
        await Operator(stage.chat, stage.witness.book).flatten()
    code = await life.process.stop()
    last = [line for line in life.process.lines if line.startswith("book ")]
    if code == 0 and last and last[-1].endswith("equal"):
        return []
    return [f"the end: exit code {code}, {last[-1] if last else 'no closing words'}"]


def line_of(one: Outcome) -> str:
    """A row of the table."""
    said = "; ".join(one.findings) or "nothing found"
    figures = f"{one.orders:4d} orders {one.fills:4d} fills {one.trades:3d} trades, healed in {one.healed_s:5.1f} s"
    return f"{one.scenario.name:24s} {figures}: {said}"

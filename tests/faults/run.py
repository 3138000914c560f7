"""Bad days of a venue, one after the other, in one life of the bot: what must hold once each is over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from tests.chaos.chat_operator import Operator, Unanswered
from tests.chaos.checks import agreed
from tests.chaos.stage import Life, Stage
from tests.faults.figures import FIGURES
from tests.faults.scenario import Bound, Scenario
from tests.faults.trouble import DEEDS, Trouble, market_ms

TRADING_S, SETTLED_S, MARKET_S = 60.0, 60.0, 480.0
"""How long a bot may take until it holds something; how long after a bad day until everything is right again; how long
the market may take to a time that a scenario waits for."""
LOOK_S = 0.2


@dataclass(slots=True)
class Outcome:
    """What one came to. ``healed_s`` is the time from the end of the trouble until book and venue were equal."""

    scenario: Scenario
    orders: int
    fills: int
    trades: int
    healed_s: float
    figures: dict[str, float]
    findings: list[str] = field(default_factory=list)


async def played(stage: Stage, some: Sequence[Scenario], say: Callable[[str], object]) -> list[Outcome]:
    """Each scenario in turn, in one life where it does not end it; a clean stop at the end."""
    await begun(stage)
    found = []
    for scenario in some:
        await until_held(stage)
        found.append(await play(stage, scenario))
        say(line_of(found[-1]))
    found[-1].findings += await ended(stage)
    return found


async def begun(stage: Stage) -> None:
    """Start the bot and wait until its recovery is done."""
    assert await stage.recovered(await stage.start()), "the bot did not start"


async def until_held(stage: Stage) -> None:
    """Wait until there is a position that trouble could harm, and venue and book agree on it."""

    async def nothing() -> list[str]:
        return [] if stage.witness.book.symbols() else ["nothing is held"]

    await agreed(nothing, TRADING_S)
    await agreed(stage.witness.disagreements, SETTLED_S)


async def play(stage: Stage, scenario: Scenario) -> Outcome:
    """One scenario: trouble for so long, then none, then everything that must hold."""
    witness, before = stage.witness, counts(stage)
    told, known = len(witness.book.events()), set(witness.findings.lines())
    trouble = Trouble(stage, await market_ms(stage))
    await suffered(trouble, scenario)
    await trouble.end()
    began = time.monotonic()
    await agreed(witness.disagreements, SETTLED_S)
    healed = time.monotonic() - began
    await witness.look(scenario.name)
    findings = await wrong_figures(trouble, scenario)
    findings += await untold(stage, scenario, told, trouble)
    findings += [one for one in witness.findings.lines() if one not in known]
    figures = {bound.figure: await FIGURES[bound.figure](trouble) for bound in scenario.bounds}
    after = counts(stage)
    orders, fills, trades = (now - then for now, then in zip(after, before, strict=True))
    return Outcome(scenario, orders, fills, trades, healed, figures, findings)


async def suffered(trouble: Trouble, scenario: Scenario) -> None:
    """The trouble from its first moment to its last."""
    stage = trouble.stage
    if scenario.down:
        await stage.kill(living(stage))
    for deed in scenario.deeds:
        await DEEDS[deed](trouble)
    for fault in scenario.faults:
        await trouble.order(fault)
    trouble.struck_ms = await market_ms(stage)
    if scenario.down:
        await agreed(lambda: still_held(trouble), SETTLED_S)
        await begun(stage)
    if scenario.until is not None:
        await lived_until(stage, scenario.until)
    await lived(living(stage), scenario.seconds)


async def still_held(trouble: Trouble) -> list[str]:
    """What the venue still holds of that which was hit."""
    standing = await trouble.stage.witness.venue.standing()
    return [coin for coin in trouble.aims if coin in standing.sizes]


async def wrong_figures(trouble: Trouble, scenario: Scenario) -> list[str]:
    """Bounds that do not hold, and do not come to hold while the bot is given time."""

    async def wrong() -> list[str]:
        measured = [(bound, await FIGURES[bound.figure](trouble)) for bound in scenario.bounds]
        return [f"{scenario.name}: {said(bound, value)}" for bound, value in measured if not bound.holds(value)]

    return await agreed(wrong, SETTLED_S)


def said(bound: Bound, value: float) -> str:
    """A figure out of its bounds."""
    return f"{bound.figure} is {value}, not between {bound.least} and {bound.most}"


async def untold(stage: Stage, scenario: Scenario, told: int, trouble: Trouble) -> list[str]:
    """What an operator should have heard since, and did not; what should have ended a trade, and did not."""

    async def missing() -> list[str]:
        events = stage.witness.book.events()[told:]
        kinds = {kind for _, kind, _, _ in events}
        trades = [body["trade"] for _, kind, body, _ in events if kind == "TradeClosed"]
        reasons = {trade["reason"] for trade in trades if not trouble.aims or trade["coin"] in trouble.aims}
        return [f"{scenario.name}: nobody was told {kind}" for kind in scenario.tells if kind not in kinds] + [
            f"{scenario.name}: no trade ended by {one}, only by {sorted(reasons)}"
            for one in scenario.closes
            if one not in reasons
        ]

    return await agreed(missing, SETTLED_S)


def living(stage: Stage) -> Life:
    """The bot's present life."""
    assert stage.last is not None, "the bot was never started"
    return stage.last


async def lived(life: Life, seconds: float) -> None:
    """Let it live so long; a bot that ends by itself has failed."""
    with suppress(TimeoutError):
        await life.process.ended(seconds)
        raise AssertionError("it ended by itself:\n" + "\n".join(life.process.lines[-30:]))


async def lived_until(stage: Stage, when: str) -> None:
    """Let it live until the market's time is there; what the account is worth on the way is noted."""
    at_ms, deadline = datetime.fromisoformat(when).timestamp() * 1000, time.monotonic() + MARKET_S
    while (now_ms := await market_ms(stage)) < at_ms:
        assert time.monotonic() < deadline, f"the market did not come to {when}"
        stage.equities.append((now_ms, await stage.witness.venue.equity()))
        await asyncio.sleep(LOOK_S)


def counts(stage: Stage) -> tuple[int, int, int]:
    """Orders sent, fills, trades so far."""
    book = stage.witness.book
    return len(book.client_ids()), len(book.fills()), sum(book.trades().values())


async def ended(stage: Stage) -> list[str]:
    """Flatten, stop in order; the last line must say that book and venue are equal."""
    life = living(stage)
    with suppress(Unanswered):
        await Operator(stage.chat, stage.witness.book).flatten()
    code = await life.process.stop()
    last = [line for line in life.process.lines if line.startswith("book ")]
    if code == 0 and last and last[-1].endswith("equal"):
        return []
    return [f"the end: exit code {code}, {last[-1] if last else 'no closing words'}"]


def line_of(one: Outcome) -> str:
    """A row of the table."""
    words = "; ".join(one.findings) or "nothing found"
    figures = f"{one.orders:4d} orders {one.fills:4d} fills {one.trades:3d} trades, healed in {one.healed_s:5.1f} s"
    own = "".join(f", {name} {value:g}" for name, value in one.figures.items())
    return f"{one.scenario.name:24s} {figures}{own}: {words}"

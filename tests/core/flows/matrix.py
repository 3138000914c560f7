"""The crash matrix: every await of the seven flows and of recovery, with everything that can happen to it.

Cells are found by playing each story once; which awaits a flow has is read from the source, so that one that no story
reaches is known by name.
"""

from __future__ import annotations

import ast
import asyncio
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from core.errors import BrokenInvariant, VektorError
from core.flows.reconcile import reconcile
from core.settings import Settings
from tests.chaos.points import FILES, Site, functions_of, sites
from tests.core.flows.fates import Fate, Killed, Mode, modes_of
from tests.core.flows.judges import findings, in_flight
from tests.core.flows.plots import PLOTS, Plot
from tests.core.flows.world import State, World

ROOTS = {
    "open": ("enter", "renew"),
    "protect": ("protect",),
    "move stop": ("manage", "set_stop", "set_target"),
    "close": ("close_position", "reduce", "start_close", "press_close", "without_holding"),
    "displace": ("displaceable", "close_victim"),
    "inject": ("danger_of", "inject", "settle_injections"),
    "flatten": ("flatten",),
    "recover": ("recover", "reconcile", "audit", "watch"),
}
"""The functions with which each flow begins. What they call is theirs, up to where another flow begins."""
NO_FLOW = ("running", "control")
"""Not of these flows: what a start says, and operators' switches."""
REPEATS = 2
"""How often the same call with the same callers is struck within a story."""
LIFE_MS = 6_000
"""How long a struck bot lives on at least: every watch has come by then."""
LONGEST_MS = 30_000
"""And at most, while anything is in flight: an entry without an answer has expired by then and was looked at again."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One await of one story, by its number there, and what happens to it."""

    plot: Plot
    at: int
    chain: str
    mode: Mode

    def __str__(self) -> str:
        return f"{self.plot.flow} ({self.plot.name}): {self.mode} at {self.at}: {self.chain}"


@dataclass(frozen=True, slots=True)
class Lived:
    """What a life came to. ``recovered_ms`` is market time of the recovery after a death."""

    calls: tuple[tuple[str, str, str], ...]
    findings: tuple[str, ...]
    bare_ms: int
    recovered_ms: int | None


async def live(plot: Plot, state: State, at: int | None = None, mode: Mode = Mode.KILLED_BEFORE) -> Lived:
    """Play a story, struck at its ``at``-th await; live on, and be judged."""
    await state.clear()
    world = World(state, Settings.overridden(plot.rules) if plot.rules else Settings())
    await plot.arrange(world)
    fate = world.fate
    fate.at, fate.mode = at, mode
    wrong, recovered_ms = await play(world, plot, fate)
    end_ms = world.clock.now_ms() + LONGEST_MS
    await world.live_on(LIFE_MS)
    while world.clock.now_ms() < end_ms and in_flight(world):
        await world.live_on(LIFE_MS)
    await reconcile(world.desk)
    wrong += await findings(world, plot)
    return Lived(tuple(fate.calls), tuple(wrong), world.longest_bare_ms, recovered_ms)


async def play(world: World, plot: Plot, fate: Fate) -> tuple[list[str], int | None]:
    """The story itself, and the next start if it was deadly."""
    fate.armed = True
    try:
        await plot.play(world)
        died = False
    except Killed:
        died = True
    except BrokenInvariant as bug:
        return [f"an invariant was broken: {bug}"], None
    except VektorError:
        died = plot.flow == "recover"  # a start that fails is the end of the process
    finally:
        fate.armed = False
    if not died:
        await world.settled()
        return [], None
    await world.die()
    return [], await world.rise()


async def strike(cell: Cell, state: State) -> Lived:
    """Play a cell's story and strike at its await."""
    lived = await live(cell.plot, state, cell.at, cell.mode)
    chain = lived.calls[cell.at][0] if cell.at < len(lived.calls) else None
    assert chain == cell.chain, f"{cell}: reached {chain}"
    return lived


async def strike_all(chosen: Sequence[Cell], states: Sequence[State], tell: Callable[[Cell, Lived], object]) -> None:
    """Strike at each cell, several at a time, one per state: while one waits for its database, another goes on."""
    left = iter(chosen)

    async def work(state: State) -> None:
        for cell in left:
            tell(cell, await strike(cell, state))

    async with asyncio.TaskGroup() as tasks:
        for state in states:
            tasks.create_task(work(state))


async def cells(state: State) -> list[Cell]:
    """Every cell, in the order of stories, awaits and modes. A call that an earlier story of the flow makes from the
    same callers as often is not struck again."""
    found: list[Cell] = []
    struck: set[tuple[str, str, int]] = set()
    for plot in PLOTS:
        counts: dict[str, int] = {}
        lived = await live(plot, state)
        assert not lived.findings, (plot.flow, plot.name, lived.findings)
        for at, (chain, port, method) in enumerate(lived.calls):
            counts[chain] = counts.get(chain, 0) + 1
            key = (plot.flow, chain, counts[chain])
            if counts[chain] <= REPEATS and key not in struck:
                struck.add(key)
                found += [Cell(plot, at, chain, mode) for mode in modes_of(port, method)]
    return found


def sampled(every: Sequence[Cell], of_each: int, chance: random.Random) -> list[Cell]:
    """So many cells of each flow."""
    found: list[Cell] = []
    for flow in ROOTS:
        own = [cell for cell in every if cell.plot.flow == flow]
        found += chance.sample(own, min(of_each, len(own)))
    return found


def own_sites(flow: str) -> frozenset[str]:
    """Names of the awaits that are a flow's, read from the source."""
    others = {root for name, roots in ROOTS.items() if name != flow for root in roots}
    found, left = set[str](), list(ROOTS[flow])
    while left:
        function = left.pop()
        if function not in found:
            found.add(function)
            left += [one for one in calls()[function] if one not in others]
    return frozenset(site.name for site in flow_sites() if site.function in found)


@cache
def calls() -> dict[str, tuple[str, ...]]:
    """Which functions of the flows each of them calls by name."""
    functions = {
        node.name: node for file in FILES.values() for node in functions_of(ast.parse(file.read_text(encoding="utf-8")))
    }
    return {name: tuple(called(node) & functions.keys()) for name, node in functions.items()}


def called(function: ast.AsyncFunctionDef) -> set[str]:
    """Every bare name that a function calls."""
    return {n.func.id for n in ast.walk(function) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}


def flow_sites() -> Iterable[Site]:
    """Every await of the order path that belongs to these flows."""
    return (site for site in sites() if site.module not in NO_FLOW)


def unreached(flow: str, chains: Iterable[str]) -> list[str]:
    """Awaits of a flow that none of these chains passes below one of its roots."""
    reached = set()
    for chain in chains:
        site, *callers = chain.split(" < ")
        if {site.partition(":")[0].partition(".")[2], *callers} & set(ROOTS[flow]):
            reached.add(site)
    return sorted(own_sites(flow) - reached)

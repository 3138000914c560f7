"""The crash proof: ``python -m tests.chaos.crash``. Not zero when anything was found.

First the matrix, in process on a stepped clock: every await of every flow with everything that can happen to it
(:mod:`tests.core.flows.matrix`). Then processes killed by ``kill -9`` at seeded random moments, against a venue whose
time goes on at the campaign's speed meanwhile: a second without a bot is a minute of the market.

It is carried on: ``--skip`` names the evidence of earlier runs, whose kills count and whose matrix is not played again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.campaign import Campaign
from tests.chaos.points import ROOT
from tests.chaos.proof import Figures, campaign, earlier, say
from tests.chaos.stage import SPEED
from tests.core.flows.fates import Mode
from tests.core.flows.judges import BARE_MS
from tests.core.flows.matrix import ROOTS, Cell, Lived, cells, sampled, strike_all, unreached
from tests.core.flows.world import DOWNTIME_MS, state_in

EVIDENCE = ROOT / "docs" / "evidence" / "crash.json"
AT_ONCE = 4
"""Cells that are played side by side."""
BATCH = 40
"""Random kills on one world; what a batch came to is written down before the next begins."""


@dataclass(slots=True)
class Matrix:
    """What the cells came to."""

    awaits: int = 0
    seconds: float = 0.0
    struck: Counter[tuple[str, str]] = field(default_factory=Counter)
    bare_ms: list[int] = field(default_factory=list)
    recovered_ms: list[int] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def add(self, cell: Cell, lived: Lived) -> None:
        """Take up a cell."""
        self.struck[cell.plot.flow, cell.mode] += 1
        self.bare_ms.append(lived.bare_ms)
        if lived.recovered_ms is not None:
            self.recovered_ms.append(lived.recovered_ms)
        for one in lived.findings:
            self.findings.append(f"{cell}: {one}")
            say(f"FOUND {cell}: {one}")

    def table(self) -> dict[str, Any]:
        """Every figure by name."""
        return {
            "cells": self.struck.total(),
            "awaits": self.awaits,
            "by flow and mode": {
                flow: {m: self.struck[flow, m] for m in Mode if self.struck[flow, m]} for flow in ROOTS
            },
            "downtime after a kill, ms of venue time": DOWNTIME_MS,
            "longest time without a stop, ms of venue time": max(self.bare_ms, default=0),
            **spread("ms of venue time from start to recovered", self.recovered_ms),
            "seconds": round(self.seconds),
            "findings": self.findings,
        }


def spread(name: str, values: Sequence[float]) -> dict[str, float]:
    """Median and worst."""
    known = list(values) or [0]
    return {f"{name}, median": round(statistics.median(known), 2), f"{name}, worst": round(max(known), 2)}


async def play_matrix(folder: Path, how_many: str, seed: int) -> Matrix:
    """All cells, or so many of each flow."""
    matrix, began = Matrix(), time.monotonic()
    async with AsyncExitStack() as stack:
        states = []
        for number in range(AT_ONCE):
            place = folder / f"state{number}"
            place.mkdir(parents=True)
            states.append(await stack.enter_async_context(state_in(place)))
        every = await cells(states[0])
        chains = {cell.chain for cell in every}
        matrix.findings += [f"{flow}: {one} is never reached" for flow in ROOTS for one in unreached(flow, chains)]
        chosen = every if how_many == "all" else sampled(every, int(how_many), random.Random(seed))
        matrix.awaits = len({(cell.plot.flow, cell.chain) for cell in chosen})
        say(f"{len(chosen)} cells of {len(every)}")
        await strike_all(chosen, states, matrix.add)
    matrix.seconds = time.monotonic() - began
    return matrix


async def kill_at_random(folder: Path, kills: int, seed: int) -> tuple[Figures, list[int]]:
    """One world, so many kills; the figures, and the longest span without a stop that each look found."""
    figures, bare_ms = Figures(), list[int]()
    chance = random.Random(seed)

    async def work(one: Campaign) -> None:
        await one.strike_at_random(kills, chance)
        bare_ms.extend(one.stage.witness.bare_ms)

    await campaign(folder, seed, work, figures)
    figures.findings += [f"unprotected: a position was without a stop for {ms} ms" for ms in bare_ms if ms > BARE_MS]
    return figures, bare_ms


def told(figures: Figures, bare_ms: Sequence[int]) -> dict[str, Any]:
    """The figures of a batch of random kills by name."""
    return {
        "kills": figures.random_kills,
        "looks after a restart": figures.looks,
        "orders at the venue": figures.orders,
        "fills": figures.fills,
        "trades": figures.trades,
        "venue seconds per second, downtime included": float(SPEED),
        "longest time without a stop, ms of venue time": max(bare_ms, default=0),
        "restarts after which a position had been without a stop": sum(ms > 0 for ms in bare_ms),
        **spread("seconds from start to recovered", figures.recoveries),
        "findings": figures.findings,
        "endings": figures.endings,
    }


def record(seed: int, part: dict[str, Any]) -> dict[str, Any]:
    """A run as it is written down."""
    git = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return {"command": "make proof-crash", "commit": git.stdout.strip(), "seed": seed, **part}


def keep(runs: Sequence[dict[str, Any]], out: Path | None) -> None:
    """Write all runs down."""
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps({"runs": runs}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


async def prove(options: argparse.Namespace, folder: Path) -> list[dict[str, Any]]:
    """What is left to do, written down part by part; the runs, earlier ones first."""
    runs = earlier(options.skip)
    if options.cells != "0" and not any(run.get("matrix", {}).get("whole") for run in runs):
        matrix = await play_matrix(folder, options.cells, options.seed)
        runs.append(record(options.seed, {"matrix": {"whole": options.cells == "all", **matrix.table()}}))
        keep(runs, options.out)
    while (left := options.random - sum(run.get("random", {}).get("kills", 0) for run in runs)) > 0:
        seed = options.seed + len(runs)
        say(f"{left} kills at random are left")
        figures, bare_ms = await kill_at_random(folder / f"random{len(runs)}", min(left, BATCH), seed)
        runs.append(record(seed, {"random": told(figures, bare_ms)}))
        keep(runs, options.out)
    return runs


def show(runs: Iterable[dict[str, Any]]) -> int:
    """Print every figure; how much was found."""
    found = 0
    for run in runs:
        for kind in ("matrix", "random"):
            say(f"{kind}, seed {run['seed']}, commit {run['commit'][:8]}") if kind in run else None
            for name, value in run.get(kind, {}).items():
                lines = value if isinstance(value, dict) else {name: value}
                for line, figure in lines.items():
                    say(f"  {line:58s} {figure}")
            found += len(run.get(kind, {}).get("findings", ()))
    return found


def parser() -> argparse.ArgumentParser:
    """The options."""
    one = argparse.ArgumentParser(prog="proof-crash", description=__doc__)
    one.add_argument("--seed", type=int, default=17)
    one.add_argument("--cells", default="all", help="cells of the matrix: all, or how many of each flow")
    one.add_argument("--random", type=int, default=200, help="kills at random moments, those of earlier runs included")
    one.add_argument("--state", type=Path, help="an empty folder to keep (default: one that is thrown away)")
    one.add_argument("--skip", type=Path, help="evidence of earlier runs, which is carried on")
    one.add_argument("--out", type=Path, default=EVIDENCE, help="where to write the figures")
    return one


def main() -> int:
    """Prove it, print it, write it down."""
    options = parser().parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="vektor-crash-") as scratch:
        runs = asyncio.run(prove(options, options.state or Path(scratch)))
    return 1 if show(runs) else 0


if __name__ == "__main__":
    sys.exit(main())

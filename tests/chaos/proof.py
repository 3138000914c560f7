"""The crash proof: ``python -m tests.chaos.proof``. Prints a table of its figures; not zero when anything was found.

Two campaigns, each on a fresh venue and chat: kills at seeded random moments, then one death before and one after every
await of the order path. The whole proof writes ``docs/evidence/chaos.json``; a part of it writes nothing.
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
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.campaign import Campaign
from tests.chaos.chat_operator import Operator
from tests.chaos.points import PHASES, ROOT, fault_points
from tests.chaos.provoke import Provoker
from tests.chaos.stage import open_stage
from tests.chaos.stranger import second_hand

EVIDENCE = ROOT / "docs" / "evidence" / "chaos.json"
TRADING_HOURS = "2026-11-24T14:35:00Z"
"""When the market begins: a Tuesday on which New York has just opened, so that isolated positions are entered as well."""
KINDS = ("duplicates", "unprotected", "lost_trades", "messages", "audit", "switches", "other")


@dataclass(slots=True)
class Figures:
    """What the campaigns came to, added up."""

    random_kills: int = 0
    struck: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    looks: int = 0
    orders: int = 0
    fills: int = 0
    trades: int = 0
    events: int = 0
    told_once: int = 0
    told_twice: int = 0
    worst_difference: float = 0.0
    recoveries: list[float] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    endings: list[str] = field(default_factory=list)

    def add(self, campaign: Campaign, told_once: int) -> None:
        """Take up a campaign that has ended."""
        stage, witness = campaign.stage, campaign.stage.witness
        self.random_kills += campaign.random_kills
        self.struck += [f"{phase} {point}" for point, phase in campaign.struck]
        self.unreached += [f"{phase} {point}" for point, phase in campaign.unreached]
        self.looks += witness.looks
        self.orders += len(witness.venue.orders)
        self.fills += len(witness.venue.fills)
        self.trades += sum(witness.book.trades().values())
        self.events += len(witness.book.events())
        self.told_once += told_once
        self.told_twice += campaign.told_twice
        self.worst_difference = max(self.worst_difference, float(witness.worst_difference))
        self.recoveries += stage.recoveries
        self.findings += witness.findings.lines()
        self.endings.append(campaign.ending)

    def found(self, kind: str) -> int:
        """Findings of a kind."""
        return sum(line.startswith(f"{kind}: ") for line in self.findings)

    def table(self) -> dict[str, Any]:
        """Every figure by name."""
        recoveries = self.recoveries or [0.0]
        return {
            "kills": self.random_kills + len(self.struck),
            "kills at random": self.random_kills,
            "kills at fault points": len(self.struck),
            "fault points not reached": len(self.unreached),
            "looks after a restart": self.looks,
            "orders at the venue": self.orders,
            "fills": self.fills,
            "trades": self.trades,
            "orders or entries sent twice": self.found("duplicates"),
            "unprotected positions": self.found("unprotected"),
            "lost trades or fills": self.found("lost_trades"),
            "messages of events": self.told_once,
            "of these said again, with the same alert id": self.told_twice,
            "messages lost or said too often": self.found("messages"),
            "audit differences": self.found("audit"),
            "largest difference accepted, USDC": round(self.worst_difference, 6),
            "switches lost": self.found("switches"),
            "seconds from start to recovered, median": round(statistics.median(recoveries), 2),
            "seconds from start to recovered, worst": round(max(recoveries), 2),
        }


Work = Callable[[Campaign], Any]


async def campaign(folder: Path, seed: int, work: Work, figures: Figures) -> None:
    """A fresh world, some work in it, its end, its figures."""
    async with open_stage(folder, seed, TRADING_HOURS) as stage, second_hand(stage.witness, stage.key) as stranger:
        operator = Operator(stage.chat, stage.witness.book)
        one = Campaign(stage, operator, Provoker(stage, operator, stranger), say)
        await work(one)
        await one.end()
        figures.add(one, stage.witness.count().once + one.told_twice)


async def prove(options: argparse.Namespace, folder: Path) -> Figures:
    """Both campaigns."""
    figures = Figures()
    struck = {point for run in earlier(options.skip) for point in run["fault points"]}
    points = [one for one in chosen_points(options.points, options.seed) if f"{one[1]} {one[0]}" not in struck]
    if options.random:
        say(f"{options.random} deaths at random")
        chance = random.Random(options.seed)
        await campaign(
            folder / "random", options.seed, lambda one: one.strike_at_random(options.random, chance), figures
        )
    if points:
        say(f"{len(points)} deaths at fault points")
        until = asyncio.get_running_loop().time() + options.minutes * 60
        await campaign(folder / "points", options.seed, lambda one: one.strike_all(points, until), figures)
    return figures


def earlier(file: Path | None) -> list[dict[str, Any]]:
    """The runs that an evidence file holds."""
    return list(json.loads(file.read_text(encoding="utf-8"))["runs"]) if file is not None else []


def chosen_points(text: str, seed: int) -> list[tuple[str, str]]:
    """``all``, a number of seeded ones, or those whose name contains the text."""
    every = [(point, phase) for point in fault_points() for phase in PHASES]
    if text == "all":
        return every
    if text.isdigit():
        return sorted(random.Random(seed).sample(every, int(text)), key=every.index)
    return [(point, phase) for point, phase in every if text in point]


def say(line: str) -> None:
    """One line of progress or result."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def report(figures: Figures, seed: int, seconds: float) -> dict[str, Any]:
    """What is written down."""
    git = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return {
        "command": f"make proof-chaos ARGS='--seed {seed}'",
        "commit": git.stdout.strip(),
        "seed": seed,
        "seconds": round(seconds),
        "figures": figures.table(),
        "endings": figures.endings,
        "findings": figures.findings,
        "fault points not reached": figures.unreached,
        "fault points": sorted(figures.struck),
    }


def parser() -> argparse.ArgumentParser:
    """The options."""
    one = argparse.ArgumentParser(prog="proof-chaos", description=__doc__)
    one.add_argument("--seed", type=int, default=11)
    one.add_argument("--random", type=int, default=50, help="kills at random moments")
    one.add_argument("--points", default="all", help="all, how many, or a part of their names")
    one.add_argument("--minutes", type=float, default=120.0, help="longest time for the fault points")
    one.add_argument("--state", type=Path, help="an empty folder to keep (default: one that is thrown away)")
    one.add_argument("--skip", type=Path, help="evidence of earlier runs, which is carried on")
    one.add_argument("--out", type=Path, help="where to write the figures (default for the whole proof: docs/evidence)")
    return one


def main() -> int:
    """Prove it, print it, write it down."""
    options = parser().parse_args()
    logging.basicConfig(level=logging.ERROR)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="vektor-chaos-") as scratch:
        figures = asyncio.run(prove(options, options.state or Path(scratch)))
    written = report(figures, options.seed, time.monotonic() - began)
    whole = options.points == "all" and options.random >= 50
    out = options.out or (EVIDENCE if whole else None)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        runs = {"runs": [*earlier(options.skip), written]}
        out.write_text(json.dumps(runs, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, value in written["figures"].items():
        say(f"{name:45s} {value}")
    for ending in figures.endings:
        say(f"the end: {ending}")
    for line in [f"NOT REACHED {one}" for one in figures.unreached] + figures.findings:
        say(line)
    return 1 if figures.findings else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The venue's bad days: ``python -m tests.faults.proof``. Prints a line a scenario; writes ``docs/evidence/faults.json``."""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.chaos.points import ROOT
from tests.chaos.stage import open_stage
from tests.faults.run import Outcome, played
from tests.faults.scenario import Scenario, scenarios

EVIDENCE = ROOT / "docs" / "evidence" / "faults.json"


async def prove(seed: int, some: tuple[Scenario, ...], folder: Path) -> list[Outcome]:
    """Play them on a fresh venue; those that begin at a time of their own, on one each."""
    found = []
    together = tuple(one for one in some if one.begins is None)
    if together:
        async with open_stage(folder / "together", seed) as stage:
            found += await played(stage, together, say)
    for one in some:
        if one.begins is not None:
            async with open_stage(folder / one.name, seed, one.begins) as stage:
                stage.rules(patient=True)
                found += await played(stage, [one], say)
    return found


def say(line: str) -> None:
    """One line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """All of them, or those whose name contains a text."""
    options = argparse.ArgumentParser(prog="proof-faults", description=__doc__)
    options.add_argument("--seed", type=int, default=17)
    options.add_argument("--only", default="")
    given = options.parse_args()
    some = tuple(one for one in scenarios() if given.only in one.name)
    with tempfile.TemporaryDirectory(prefix="vektor-faults-") as scratch:
        outcomes = asyncio.run(prove(given.seed, some, Path(scratch)))
    if not given.only:
        EVIDENCE.write_text(json.dumps(report(outcomes, given.seed), indent=1) + "\n", encoding="utf-8")
    return 1 if any(one.findings for one in outcomes) else 0


def report(outcomes: list[Outcome], seed: int) -> dict[str, object]:
    """What is written down."""
    git = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    rows = [
        {
            "scenario": one.scenario.name,
            "what": one.scenario.what,
            "seconds of trouble": one.scenario.seconds,
            "orders": one.orders,
            "fills": one.fills,
            "trades": one.trades,
            "seconds until book and venue were equal": round(one.healed_s, 1),
            "figures": one.figures,
            "findings": one.findings,
        }
        for one in outcomes
    ]
    return {"command": "make proof-faults", "commit": git.stdout.strip(), "seed": seed, "scenarios": rows}


if __name__ == "__main__":
    raise SystemExit(main())

"""The soak proof: ``python -m tests.soak.proof``. 72 market hours in one life; prints its figures, not zero on a finding.

The whole proof writes ``docs/evidence/soak.json``; a shorter one writes nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.state import parse_speed
from tests.chaos.points import ROOT
from tests.soak.limits import Accepted
from tests.soak.soak import Soak
from tests.soak.world import open_world

EVIDENCE = ROOT / "docs" / "evidence" / "soak.json"
WHOLE_H = 72.0


def say(line: str) -> None:
    """One line of progress or result."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def prove(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Live through it; what is written down."""
    accepted, proven = Accepted(warm_up_h=options.warm_up), await asyncio.to_thread(commit)
    async with open_world(folder, options.seed, parse_speed(options.speed), accepted) as world:
        soak = Soak(world, accepted, say)
        await soak.run(options.hours)
        return {
            "command": f"make proof-soak ARGS='--seed {options.seed} --speed {options.speed}'",
            "commit": proven,
            "seed": options.seed,
            "figures": soak.table(),
            "ending": soak.ending,
            "findings": soak.judged(),
        }


def commit() -> str:
    """What is proven."""
    git = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return git.stdout.strip()


def parser() -> argparse.ArgumentParser:
    """The options."""
    one = argparse.ArgumentParser(prog="proof-soak", description=__doc__)
    one.add_argument("--seed", type=int, default=23)
    one.add_argument("--hours", type=float, default=WHOLE_H, help="market hours")
    one.add_argument("--warm-up", type=int, default=Accepted().warm_up_h, help="market hours that are not judged")
    one.add_argument("--speed", default="step", help="market seconds per second, or step (default)")
    return one


def main() -> int:
    """Prove it, print it, write it down."""
    options = parser().parse_args()
    logging.basicConfig(level=logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="vektor-soak-") as scratch:
        written = asyncio.run(prove(options, Path(scratch)))
    if options.hours >= WHOLE_H:
        EVIDENCE.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, value in written["figures"].items():
        say(f"{name:48s} {value}")
    for line in [written["ending"], *written["findings"]]:
        say(line)
    return 1 if written["findings"] else 0


if __name__ == "__main__":
    raise SystemExit(main())

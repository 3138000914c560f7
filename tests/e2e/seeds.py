"""``make proof-seeds``: nothing is rigged: the demonstration on twenty other seeds, with the very same program.

Each run is the real ``vektor run`` in a fresh folder and must end cleanly with the book equal to the venue's. Prints a
table and writes docs/evidence/seeds.json. It judges endings, not profit: what a seed earns is what it earns.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from core.settings import Settings
from tests.e2e.process import ROOT, Process

EVIDENCE = ROOT / "docs" / "evidence" / "seeds.json"
FIRST_SEED = 101
GRACE_S = 120.0
CLOSING = re.compile(r"^(\d+) trades closed, (\d+) positions open, pnl ([+-][\d.]+) USDC$")
BOOK = re.compile(r"^book ([\d.]+) USDC, venue ([\d.]+) USDC: (.*)$")
Row = dict[str, int | float | str]


async def one(seed: int, speed: str, duration: float) -> Row:
    """One seed's run, as the figures of its last words. A run that does not end well has no figures, but its words."""
    with tempfile.TemporaryDirectory(prefix=f"vektor-seed-{seed}-") as folder:
        arguments = ("run", "--chat", "local", "--venue", "sim", "--speed", speed, "--duration", str(duration))
        process = Process(*arguments, "--seed", str(seed), "--state", "state", cwd=Path(folder))
        await process.start()
        try:
            code = await process.ended(duration + GRACE_S)
        finally:
            if process.process.returncode is None:
                await process.stop()
    return {"seed": seed, "exit": code, **last_words(process.lines)}


def last_words(lines: list[str]) -> Row:
    """Trades, positions, result and verdict, from what a run prints at its end."""
    closing = next((m for line in lines if (m := CLOSING.match(line))), None)
    book = next((m for line in lines if (m := BOOK.match(line))), None)
    if closing is None or book is None:
        return {"closed": 0, "opened": 0, "pnl": 0.0, "book": "; ".join(lines[-3:])}
    closed, still_open = int(closing[1]), int(closing[2])
    complaints = [line for line in lines if re.search(r"ERROR|Traceback", line)]
    row: Row = {"closed": closed, "opened": closed + still_open, "pnl": float(closing[3]), "book": book[3]}
    return row | ({"complaints": len(complaints)} if complaints else {})


async def all_of(seeds: range, speed: str, duration: float, at_once: int) -> list[Row]:
    """All seeds, a few at a time."""
    room = asyncio.Semaphore(at_once)

    async def turn(seed: int) -> Row:
        async with room:
            row = await one(seed, speed, duration)
        say("{seed:>6} {exit:>5} {opened:>7} {closed:>7} {pnl:>+10.2f}  {book}".format(**row))
        return row

    say(f"{'seed':>6} {'exit':>5} {'opened':>7} {'closed':>7} {'pnl':>10}  book against venue")
    return await asyncio.gather(*(turn(seed) for seed in seeds))


def say(text: str) -> None:
    """One line of the table, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Run, print, write; 0 when every seed ended cleanly with equal books."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many, from 101 on")
    parser.add_argument("--speed", default="600")
    parser.add_argument("--duration", type=float, default=40.0, help="seconds of each run")
    parser.add_argument("--at-once", type=int, default=1, help="runs side by side")
    options = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + options.seeds)
    rows = asyncio.run(all_of(seeds, options.speed, options.duration, options.at_once))
    head = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(head, capture_output=True, text=True, cwd=ROOT, check=True).stdout.strip()
    good = [row for row in rows if row["exit"] == 0 and row["book"] == "equal"]
    told = {
        "commit": commit,
        "speed": options.speed,
        "duration_s": options.duration,
        "deposit_usd": Settings().exchange.deposit_usd,
        "ended_equal": len(good),
        "with_trades": sum(int(row["opened"]) > 0 for row in rows),
        "runs": rows,
    }
    EVIDENCE.parent.mkdir(parents=True, exist_ok=True)
    EVIDENCE.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    say(f"{len(good)} of {len(rows)} ended cleanly with equal books; written to {EVIDENCE.relative_to(ROOT)}")
    return 0 if len(good) == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())

"""What starting costs: `vektor --help`, and `make run` until its first answered command, beside importing the peers.

The peers of a start are the libraries that a bot of this kind loads: aiogram alone, and the whole card in one process.
Prints a table and writes docs/evidence/start.json. Figures are medians of whole processes on this machine.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
PYTHON = sys.executable
VEKTOR = str(Path(PYTHON).parent / "vektor")
RUNS = 5

COMMANDS = {
    "vektor --help": [VEKTOR, "--help"],
    "vektor numbers": [VEKTOR, "numbers"],
    "import aiogram": [PYTHON, "-c", "import aiogram"],
    "import ccxt.async_support": [PYTHON, "-c", "import ccxt.async_support"],
    "import telegram.ext": [PYTHON, "-c", "import telegram.ext"],
}


def wall_seconds(command: list[str]) -> float:
    """Wall time of one whole process."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    return time.perf_counter() - began


def peak_mib() -> float:
    """Largest resident set among the processes waited for so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Measure, print, write."""
    from tests.e2e.started import first_answer

    rows = {name: statistics.median(wall_seconds(c) for _ in range(RUNS)) for name, c in COMMANDS.items()}
    started = first_answer()
    figures = {**{f"{k} [s]": round(v, 3) for k, v in rows.items()}, **started}
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    figures["commit"] = commit.stdout.strip()
    for name, value in figures.items():
        print(f"{name:45} {value}")
    ratio = rows["vektor --help"] / rows["import aiogram"]
    print(f"{'vektor --help / import aiogram':45} {ratio:.3f}")
    (ROOT / "docs" / "evidence" / "start.json").write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()

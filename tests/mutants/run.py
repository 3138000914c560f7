"""Runs mutmut on a copy of the project, and says which mutants live that are not known to be equivalent."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("core", "bot", "handlers", "jobs", "storage", "locales", "tests", "pyproject.toml", "README.md")
LEFT = shutil.ignore_patterns("__pycache__", ".*_cache", ".hypothesis")
RESULT = re.compile(r"^\s*(\S+): (\S.*)$", re.MULTILINE)
COUNTS = re.compile(r"(\d+)/(\d+)\s+🎉 (\d+) 🫥 (\d+)\s+⏰ (\d+)\s+🤔 (\d+)\s+🙁 (\d+)")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One that lives: its name, the line as it was and as it became."""

    name: str
    before: str
    after: str

    @property
    def function(self) -> str:
        """The function that it was made of."""
        return re.sub(r"__mutmut_\d+$", "", self.name).replace(".x_", ".")


@dataclass(slots=True)
class Score:
    """What a run came to."""

    mutants: int
    killed: int
    alive: list[Mutant] = field(default_factory=list)
    equivalent: list[Mutant] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Killed of those that can be."""
        possible = self.mutants - len(self.equivalent)
        return self.killed / possible if possible else 0.0


def tried(folder: Path, *only: str) -> Score:
    """Try the mutants whose names match (all by default) in a copy of the project made in ``folder``."""
    copy(folder)
    said = mutmut(folder, "run", "--max-children", "2", *only)
    counts = COUNTS.findall(said)
    if not counts:
        raise RuntimeError(f"mutmut made nothing of it:\n{said[-3_000:]}")
    names = [name for name, state in RESULT.findall(mutmut(folder, "results")) if state != "not checked"]
    living = [mutant_of(name, mutmut(folder, "show", name)) for name in names]
    known = tomllib.loads((ROOT / "tests" / "mutants" / "equivalent.toml").read_text(encoding="utf-8"))["equivalent"]
    equivalent = [one for one in living if any(is_listed(one, entry) for entry in known)]
    _, _, killed, _, late, _, _ = map(int, counts[-1])
    alive = [one for one in living if one not in equivalent]
    return Score(killed + late + len(living), killed + late, alive, equivalent)


def copy(folder: Path) -> None:
    """What mutmut and the tests need, and nothing that they would change in the checkout."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=LEFT)
        else:
            shutil.copy(source, folder / name)


def mutmut(folder: Path, *arguments: str) -> str:
    """Everything that it prints."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def mutant_of(name: str, diff: str) -> Mutant:
    """Name and changed line, out of a unified diff."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    before = " ".join(line[1:].strip() for line in lines if line.startswith("-"))
    after = " ".join(line[1:].strip() for line in lines if line.startswith("+"))
    return Mutant(name, before, after)


def is_listed(mutant: Mutant, entry: dict[str, Any]) -> bool:
    """Whether the list of equivalent mutants speaks of this one; ``*`` is any change of the line, ``unless`` named."""
    if (mutant.function, mutant.before) != (entry["function"], entry["before"]):
        return False
    if entry["after"] == "*":
        return not any(part in mutant.after for part in entry.get("unless", ()))
    return bool(mutant.after == entry["after"])

"""The mutation proof: ``python -m tests.mutants.proof``. Changes ``core/risk`` and displacement in a thousand small ways
and counts how many of the changes some test notices. Writes ``docs/evidence/mutants.json``; not zero under 95 %."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutants.run import ROOT, tried

EVIDENCE = ROOT / "docs" / "evidence" / "mutants.json"
LEAST = 0.95


def main() -> int:
    """Try all of them, print, write down."""
    with tempfile.TemporaryDirectory(prefix="vektor-mutants-") as scratch:
        score = tried(Path(scratch))
    git = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    figures = {
        "mutants": score.mutants,
        "killed": score.killed,
        "equivalent, each with its reason in tests/mutants/equivalent.toml": len(score.equivalent),
        "alive": len(score.alive),
        "killed of those that can be": round(score.share, 4),
        "commit": git.stdout.strip(),
    }
    alive = [f"{one.name}: {one.before} -> {one.after}" for one in score.alive]
    EVIDENCE.write_text(json.dumps({**figures, "alive ones": alive}, indent=2) + "\n", encoding="utf-8")
    for name, value in figures.items():
        sys.stdout.write(f"{name:70s} {value}\n")
    sys.stdout.writelines(f"ALIVE {line}\n" for line in alive)
    return 0 if score.share >= LEAST else 1


if __name__ == "__main__":
    raise SystemExit(main())

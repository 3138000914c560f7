"""What the command line chose, and what a state folder was run with last: the host verbs find the same venue by it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from core.errors import StartRefused

CHOICES_FILE = "run.json"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line chose. ``speed`` is ``None`` for a stepped market."""

    venue: str
    state: Path
    data: Path | None = None
    start_ms: int | None = None
    seed: int | None = None
    speed: float | None = 1.0


def remember_choices(choices: Choices) -> None:
    """Keep what this state folder was run with, so that the host verbs find the same venue."""
    kept = {
        "venue": choices.venue,
        "data": str(choices.data.resolve()) if choices.data is not None else None,
        "start_ms": choices.start_ms,
        "seed": choices.seed,
        "speed": choices.speed,
    }
    (choices.state / CHOICES_FILE).write_text(json.dumps(kept) + "\n", encoding="utf-8")


def recall_choices(state: Path) -> Choices:
    """What the folder was last run with. Raises :class:`StartRefused` when it never was."""
    try:
        kept = json.loads((state / CHOICES_FILE).read_text(encoding="utf-8"))
        data = Path(kept["data"]) if kept["data"] is not None else None
        return Choices(kept["venue"], state, data, kept["start_ms"], kept["seed"], kept["speed"])
    except (OSError, ValueError, KeyError, TypeError) as trouble:
        raise StartRefused(f"{state} was never run, or its {CHOICES_FILE} cannot be read ({trouble})") from None

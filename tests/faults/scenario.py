"""A bad day as its file tells it: what happens, for how long, what an operator must hear, and which figures must hold."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "scenarios"


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure of the day and between what it must lie."""

    figure: str
    least: float | None = None
    most: float | None = None

    def holds(self, value: float) -> bool:
        """Whether it does."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One bad day.

    ``tells`` are kinds of events that it must give rise to, ``closes`` reasons for which a trade in the market that was
    hit must have ended. ``deeds`` are what a second process with the same key does (tests/faults/trouble.py). With
    ``down`` the bot is killed before it begins and started again once it has done its harm. ``begins`` is the market's
    time on a stage of its own, ``until`` how long the trouble lasts there; positions then grow old.
    """

    name: str
    what: str
    seconds: float
    faults: tuple[dict[str, Any], ...] = ()
    tells: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    deeds: tuple[str, ...] = ()
    down: bool = False
    begins: str | None = None
    until: str | None = None
    bounds: tuple[Bound, ...] = ()


def scenarios() -> tuple[Scenario, ...]:
    """All of them, by name."""
    return tuple(read(file) for file in sorted(FOLDER.glob("*.toml")))


def read(file: Path) -> Scenario:
    """One of them. Raises what its mistakes raise: an unknown key, a missing one."""
    body = tomllib.loads(file.read_text(encoding="utf-8"))
    lists = {key: tuple(body.pop(key, ())) for key in ("tells", "closes", "deeds")}
    faults, bounds = tuple(body.pop("fault", ())), tuple(Bound(**one) for one in body.pop("bound", ()))
    return Scenario(file.stem, faults=faults, bounds=bounds, **lists, **body)

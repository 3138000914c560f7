"""Whether what a bot takes stays what it was: memory along a fitted line, tasks, threads and open files by count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.soak.limits import HOUR_MS, Accepted

STAYING = ("tasks", "threads", "files")
FLOOR_H = 6
"""Hours at either end whose least is compared."""
SETTLED_H = 3
"""Hours after the warm-up over which the usual count is taken."""


@dataclass(frozen=True, slots=True)
class Hour:
    """What the bot told of one market hour; counts are the least of it, stalls the longest."""

    at_ms: int
    rss_mib: float
    blocks: int
    tasks: int
    names: dict[str, int]
    threads: int
    files: int
    late_s: float
    turn_s: float
    cpu_s: float


def rise(hours: Sequence[Hour], name: str) -> float:
    """By how much the fitted line of a figure rises from the first hour to the last."""
    if len(hours) < 2:
        return 0.0
    at = np.array([(one.at_ms - hours[0].at_ms) / HOUR_MS for one in hours])
    slope = np.polyfit(at, np.array([float(getattr(one, name)) for one in hours]), 1)[0]
    return float(slope * at[-1])


def lifted(hours: Sequence[Hour], name: str) -> float:
    """By how much the least of the last hours lies over the least of the first: what comes and goes hides no growth."""
    first, last = ([float(getattr(one, name)) for one in part] for part in (hours[:FLOOR_H], hours[-FLOOR_H:]))
    return min(last) - min(first) if first else 0.0


def mean(hours: Sequence[Hour], name: str) -> float:
    """Of a figure."""
    return float(np.mean([getattr(one, name) for one in hours])) if hours else 0.0


def grown(hours: Sequence[Hour], accepted: Accepted) -> list[str]:
    """What is not flat over the hours after the warm-up."""
    found = []
    risen = max(rise(hours, "rss_mib"), lifted(hours, "rss_mib"))
    most = max(accepted.growth_mib, accepted.growth_share * mean(hours, "rss_mib"))
    if risen > most:
        found.append(f"resident memory rises by {risen:.1f} MiB over {len(hours)} hours, at most {most:.1f} is flat")
    blocks, most = rise(hours, "blocks"), accepted.blocks_share * mean(hours, "blocks")
    if blocks > most:
        found.append(f"{blocks:.0f} blocks more are held over {len(hours)} hours, at most {most:.0f} is flat")
    return found


def leaked(hours: Sequence[Hour]) -> list[str]:
    """What stays and was not there just after the warm-up."""
    usual, last = hours[:SETTLED_H], hours[-1:]
    found = []
    for one in last:
        for name in STAYING:
            before = max(getattr(hour, name) for hour in usual)
            if getattr(one, name) > before:
                found.append(f"{name}: {getattr(one, name)} at the end, {before} after the warm-up {words(one)}")
    return found


def words(hour: Hour) -> str:
    """Which tasks there are."""
    return ", ".join(f"{count} × {name}" for name, count in sorted(hour.names.items()))


def figures(hours: Sequence[Hour], accepted: Accepted) -> dict[str, Any]:
    """What was measured after the warm-up."""
    first, last = hours[0], hours[-1]
    return {
        "hours measured after the warm-up": len(hours),
        "resident memory at the first of them, MiB": round(first.rss_mib, 1),
        "resident memory at the last, MiB": round(last.rss_mib, 1),
        "rise of its fitted line, MiB": round(rise(hours, "rss_mib"), 2),
        "rise of its floor, MiB": round(lifted(hours, "rss_mib"), 2),
        "accepted rise, MiB": round(max(accepted.growth_mib, accepted.growth_share * mean(hours, "rss_mib")), 2),
        "rise of the interpreter's blocks, share": round(rise(hours, "blocks") / mean(hours, "blocks"), 4),
        "tasks that stay, first and last hour": [first.tasks, last.tasks],
        "threads that stay, first and last hour": [first.threads, last.threads],
        "files that stay open, first and last hour": [first.files, last.files],
        "longest turn of the event loop, s of processor": max(one.turn_s for one in hours),
        "longest turn of the event loop, s of wall": max(one.late_s for one in hours),
        "seconds of processor per market hour": round((last.cpu_s - first.cpu_s) / max(1, len(hours) - 1), 2),
    }

"""What each rule refuses, of what reaches it: a replay of hyperliquid20 with default numbers, rules only.

``make bench-refusals`` writes docs/refusals.md and docs/evidence/refusals.json. A stage that refuses over 95 % or under
1 % of what reaches it must be explained below, and entries must land between 0.5 and 10 a day; else it exits with 1.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.feeds.recorded import load_recording  # noqa: E402
from bot.feeds.universe import load_universe  # noqa: E402
from bot.moment import stamp  # noqa: E402
from bot.state import parse_time  # noqa: E402
from core.decision.record import Outcome, ScanReport, Verdict  # noqa: E402
from core.replay.listing import recorded_markets  # noqa: E402
from core.replay.run import Replayed, replay  # noqa: E402
from core.settings import Settings  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "sets" / "hyperliquid20"
PAGE, EVIDENCE = ROOT / "docs" / "refusals.md", ROOT / "docs" / "evidence" / "refusals.json"
MOST, LEAST = 0.95, 0.01
ENTRIES = (0.5, 10.0)
DAY_MS = 86_400_000
STAGES = ("candles", "timeframes", "triage", "standing", "thresholds", "control", "counts", "sizing", "execution")
"""In the order in which a symbol meets them. The limits are two: standing reasons before, counts and correlation after the judgement."""
STANDING = {"position_open", "cooldown", "blocked", "blackout", "market_closed"}
REASONS = {
    "candles": "The set was chosen for whole series; what is refused are the hours after a partial bar of the recording.",
    "control": "No operator pauses or blocks anything in a replay.",
    "sizing": "Positions are sized from 10,000 USDC in liquid markets: the minimum of 10 USDC and the lot are never in the way unless the open-risk or gross limit leaves (nearly) nothing.",
    "counts": "Five on one side, or one that moves like the newcomer, are soon held: the markets of this set move together, and the same finalists knock again every five minutes.",
    "thresholds": "The technical agent speaks alone: with p = σ(Σ/8) a finalist needs Σ ≥ 5 of a theoretical 17, more in CHOPPY or against a crowd, and the same candidate is judged again every five minutes.",
}
"""Why a share over 95 % or under 1 % is right; only what applies is printed."""


@dataclass(slots=True)
class Funnel:
    """Outcomes of all scans: how many symbols reached each stage, and which rule ended them there."""

    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    scans: int = 0
    opened: int = 0
    first_ms: int = 0
    last_ms: int = 0

    async def hear(self, report: ScanReport) -> None:
        """Take up a scan."""
        self.scans += 1
        self.first_ms = self.first_ms or report.at_ms
        self.last_ms = report.at_ms
        self.ends.update(end_of(one) for one in report.outcomes)
        self.opened += sum(one.verdict is Verdict.OPENED for one in report.outcomes)

    @property
    def days(self) -> float:
        """Length of the replay."""
        return (self.last_ms - self.first_ms) / DAY_MS

    def reached(self, stage: str) -> int:
        """Symbols that met a stage."""
        later = STAGES[STAGES.index(stage) :]
        return sum(count for (where, _), count in self.ends.items() if where in later or where == "opened")

    def refused(self, stage: str) -> int:
        """Symbols that it ended."""
        return sum(count for (where, _), count in self.ends.items() if where == stage)

    def share(self, stage: str) -> float:
        """Refused of reached."""
        return self.refused(stage) / self.reached(stage) if self.reached(stage) else 0.0

    def odd(self) -> list[str]:
        """Stages that refuse nearly everything or nearly nothing."""
        return [stage for stage in STAGES if not LEAST <= self.share(stage) <= MOST]


def end_of(one: Outcome) -> tuple[str, str]:
    """Where an outcome ended."""
    if one.verdict is Verdict.OPENED:
        return "opened", "opened"
    if one.stage == "limits":
        return "standing" if one.rule in STANDING else "counts", one.rule
    return one.stage, one.rule


def rows(funnel: Funnel) -> Iterator[str]:
    """Table rows, stage by stage, its rules under it."""
    for stage in STAGES:
        reached = funnel.reached(stage)
        yield f"| **{stage}** | {reached:,} | {funnel.refused(stage):,} | {funnel.share(stage):.2%} |"
        own = [(rule, count) for (where, rule), count in funnel.ends.most_common() if where == stage]
        for rule, count in own:
            yield f"| {rule} | | {count:,} | {count / reached:.2%} |"


def page(funnel: Funnel, ended: Replayed) -> str:
    """The page, whole."""
    explained = [
        f"- **{stage}** ({funnel.share(stage):.2%}): {REASONS.get(stage, 'unexplained')}" for stage in funnel.odd()
    ]
    return "\n".join(
        [
            "# What each rule refuses",
            "",
            f"Written by `benchmarks/refusals.py`: a replay of hyperliquid20 with default numbers and no model, {stamp(funnel.first_ms)}",
            f"to {stamp(funnel.last_ms)}, a scan every five minutes: {funnel.scans:,} scans of 20 markets. A share is of what reached the",
            "stage. The same market counts again at every scan.",
            "",
            "| stage, rule | reached | refused | share |",
            "|---|--:|--:|--:|",
            *rows(funnel),
            "",
            f"Opened: {funnel.opened:,} in {funnel.days:.0f} days, **{funnel.opened / funnel.days:.2f} a day**; {len(ended.trades)} trades closed, {len(ended.open_positions)} open at the end.",
            "",
            "## Over 95 % or under 1 %",
            "",
            *(explained or ["None."]),
            "",
        ]
    )


def figures(funnel: Funnel, ended: Replayed) -> dict[str, Any]:
    """What is written down."""
    git = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=True)
    return {
        "command": "make bench-refusals",
        "commit": git.stdout.strip(),
        "from": stamp(funnel.first_ms),
        "to": stamp(funnel.last_ms),
        "scans": funnel.scans,
        "entries a day": round(funnel.opened / funnel.days, 3),
        "trades": len(ended.trades),
        "audit difference": str(ended.audit.difference),
        "refused of what reached the stage": {stage: round(funnel.share(stage), 5) for stage in STAGES},
        "ended": {f"{stage}/{rule}": count for (stage, rule), count in funnel.ends.most_common()},
    }


def main() -> int:
    """Replay, count, print, write."""
    one = argparse.ArgumentParser(description=__doc__)
    one.add_argument("--from", dest="start")
    one.add_argument("--to", dest="end")
    options = one.parse_args()
    if not DATA.is_dir():
        sys.exit(f"no recorded data at {DATA}")
    settings, recording, began = Settings(), load_recording(DATA).recording, time.perf_counter()
    markets = recorded_markets(recording, load_universe(), settings.quotes)
    funnel = Funnel()
    start, end = parse_time(options.start, "--from"), parse_time(options.end, "--to")
    ended = asyncio.run(replay(recording, markets, settings, funnel.hear, start, end))
    text = page(funnel, ended)
    print(text)
    print(f"replayed in {time.perf_counter() - began:.0f} s")
    if start is None and end is None:
        PAGE.write_text(text, encoding="utf-8")
        EVIDENCE.write_text(json.dumps(figures(funnel, ended), indent=1) + "\n", encoding="utf-8")
    unexplained = [stage for stage in funnel.odd() if stage not in REASONS]
    daily = funnel.opened / funnel.days
    if unexplained or not ENTRIES[0] <= daily <= ENTRIES[1]:
        print(f"NOT AS IT SHOULD BE: {', '.join(unexplained) or 'all stages explained'}; {daily:.2f} entries a day")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

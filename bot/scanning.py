"""``vektor scan``: one scan over a recording, with every market's outcome. No order leaves: entries fill in memory."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from typing import Any

from bot.moment import read_moment, stamp
from bot.replaying import decision_row
from bot.terminal import aligned, complain, say
from core.decision.record import Outcome, ScanReport
from core.replay.run import scan_once

STAGES = ("execution", "sizing", "limits", "control", "thresholds", "triage", "timeframes", "candles")
"""The pipeline from its end: who came furthest stands first."""


def scan_command(options: argparse.Namespace) -> int:
    """Scan for a fresh account and print."""
    moment = read_moment(options)
    report = asyncio.run(scan_once(moment.recording, moment.markets, moment.settings, moment.candles, moment.at_ms))
    for one in report.missed:
        complain(f"{one.stage} {one.what} is missing: {one.error}")
    say(json.dumps(as_table(report), indent=2, allow_nan=False) if options.json else as_words(report))
    return 0


def as_table(report: ScanReport) -> dict[str, Any]:
    """The whole scan for programs."""
    return {
        "ts_ms": report.at_ms,
        "scan_id": report.scan_id,
        "regime": report.regime,
        "regime_why": report.regime_why,
        "funnel": dict(report.funnel().most_common()),
        "missed": [f"{one.stage} {one.what}" for one in report.missed],
        "outcomes": [
            {**decision_row(report, one), "detail": one.detail, "steps": list(one.steps)} for one in ranked(report)
        ],
    }


def as_words(report: ScanReport) -> str:
    """The same in a few lines and a table."""
    funnel = ", ".join(f"{count} {where}" for where, count in report.funnel().most_common())
    head = ("symbol", "side", "outcome", "stage", "rule", "measured", "limit", "C", "T", "why")
    rows = [head, *(line(one) for one in ranked(report))]
    return f"{stamp(report.at_ms)}, {report.regime}: {report.regime_why}\n{funnel}\n{aligned(rows)}"


def ranked(report: ScanReport) -> Sequence[Outcome]:
    """Furthest stage first, then by confidence, then by name."""
    place = {stage: index for index, stage in enumerate(STAGES)}
    return sorted(
        report.outcomes, key=lambda o: (place.get(o.stage, len(STAGES)), -(o.confidence or 0), o.rule, o.symbol)
    )


def line(one: Outcome) -> Sequence[str]:
    """The cells of one market."""
    figures = [one.measured, one.limit, one.confidence, one.threshold]
    numbers = ["·" if figure is None else f"{figure:.4g}" for figure in figures]
    return (one.symbol, one.side or "·", one.verdict.value, one.stage, one.rule, *numbers, one.detail)

"""``vektor replay``: run the pipeline over a recording and write what came of it as files."""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from bot.feeds.recorded import load_recording
from bot.feeds.universe import load_universe
from bot.moment import check_span
from bot.state import parse_time, read_settings
from bot.terminal import complain, say
from core.decision.record import Outcome, ScanReport
from core.errors import StartRefused
from core.replay.listing import recorded_markets
from core.replay.run import Replayed, replay
from core.trading.positions import ClosedTrade

TRADE_COLUMNS = (
    "trade_id", "symbol", "side", "opened_ms", "closed_ms", "entry", "exit", "size", "leverage", "fees", "funding",
    "pnl", "r", "exit_reason",
)  # fmt: skip


def replay_command(options: argparse.Namespace) -> int:
    """Run and report.

    Raises :class:`BadSetting` for a time outside of the recording, :class:`StartRefused` when the output folder cannot
    be written.
    """
    settings, _ = read_settings(options.state)
    start_ms, end_ms = parse_time(options.start, "--from"), parse_time(options.end, "--to")
    loaded = load_recording(options.data)
    for symbol, trouble in loaded.left_out.items():
        complain(f"{symbol} is left out: {trouble}")
    check_span(start_ms, end_ms, loaded.recording)
    try:  # only now: earlier files of the same folder are lost with it
        options.out.mkdir(parents=True, exist_ok=True)
        decisions = (options.out / "decisions.jsonl").open("w", encoding="utf-8")
    except OSError as trouble:
        raise StartRefused(f"cannot write {options.out}: {trouble.strerror}; give another --out") from None
    markets = recorded_markets(loaded.recording, load_universe(options.state), settings.quotes)
    funnel: Counter[str] = Counter()
    regimes: Counter[str] = Counter()

    async def heard(report: ScanReport) -> None:
        funnel.update(report.funnel())
        regimes[report.regime] += 1
        write_decisions(decisions, report)

    with decisions:
        result = asyncio.run(
            replay(
                loaded.recording,
                markets,
                settings,
                heard,
                start_ms,
                end_ms,
            )
        )
    summary = summarise(result, funnel, regimes)
    write_files(options.out, result, summary)
    say(json.dumps(summary, indent=2) if options.json else headline(summary, options.out))
    return 0


def write_decisions(file: TextIO, report: ScanReport) -> None:
    """One line per judged candidate: whoever had a side that the 4h gate let through."""
    for outcome in report.outcomes:
        if outcome.side is not None:
            file.write(json.dumps(decision_row(report, outcome)) + "\n")


def decision_row(report: ScanReport, outcome: Outcome) -> dict[str, Any]:
    """A candidate of one scan."""
    return {
        "ts_ms": report.at_ms,
        "scan_id": report.scan_id,
        "symbol": outcome.symbol,
        "side": outcome.side,
        "stage": outcome.stage,
        "outcome": outcome.verdict,
        "rule": outcome.rule,
        "measured": outcome.measured,
        "limit": outcome.limit,
        "confidence": outcome.confidence,
        "threshold": outcome.threshold,
        "regime": report.regime,
    }


def trade_row(trade: ClosedTrade) -> list[str]:
    """A trade in the order of :data:`TRADE_COLUMNS`."""
    known = {**asdict(trade), "side": trade.side.value, "exit_reason": trade.reason.value, "r": f"{trade.r:.6f}"}
    return [format(v, "f") if isinstance(v, Decimal) else str(v) for v in (known[c] for c in TRADE_COLUMNS)]


def write_files(out: Path, result: Replayed, summary: dict[str, Any]) -> None:
    """trades.csv, equity.csv, summary.json and the equity picture."""
    write_csv(out / "trades.csv", TRADE_COLUMNS, (trade_row(t) for t in result.trades))
    write_csv(out / "equity.csv", ("ts_ms", "equity"), ((str(t), format(e, "f")) for t, e in result.equity))
    (out / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    if len(result.equity) > 1:
        from bot.charts.plots import equity_curve

        (out / "equity.png").write_bytes(equity_curve([(t, float(e)) for t, e in result.equity]))


def write_csv(file: Path, header: Sequence[str], rows: Iterator[Sequence[str]]) -> None:
    """A header and its rows."""
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        writer.writerows(rows)


def summarise(result: Replayed, funnel: Counter[str], regimes: Counter[str]) -> dict[str, Any]:
    """The figures of a replay. Money in USDC."""
    wins = sum(t.pnl > 0 for t in result.trades)
    equity = [e for _, e in result.equity]
    return {
        "from_ms": result.start_ms,
        "to_ms": result.end_ms,
        "scans": len(result.equity),
        "trades": len(result.trades),
        "open_positions": len(result.open_positions),
        "win_rate": wins / len(result.trades) if result.trades else None,
        "mean_r": sum(t.r for t in result.trades) / len(result.trades) if result.trades else None,
        "pnl": str(sum((t.pnl for t in result.trades), Decimal(0))),
        "equity_first": str(equity[0]) if equity else None,
        "equity_last": str(equity[-1]) if equity else None,
        "exits": dict(Counter(t.reason.value for t in result.trades).most_common()),
        "regimes": dict(regimes.most_common()),
        "funnel": dict(funnel.most_common()),
        "audit_difference": str(result.audit.difference),
        "audit_words": list(result.audit.words),
    }


def headline(summary: dict[str, Any], out: Path) -> str:
    """The summary in a few lines."""
    rate = "n/a" if summary["win_rate"] is None else f"{summary['win_rate']:.0%}"
    mean = "n/a" if summary["mean_r"] is None else f"{summary['mean_r']:+.2f} R"
    return (
        f"{summary['scans']} scans, {summary['trades']} trades ({summary['open_positions']} open), "
        f"win rate {rate}, mean {mean}, pnl {Decimal(summary['pnl']):+.2f} USDC\n"
        f"book against venue: {Decimal(summary['audit_difference']):+.6f} USDC\n"
        f"written to {out}"
    )

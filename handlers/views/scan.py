"""A scan in one screen: what was opened, what nearly was, and where all the others ended."""

from __future__ import annotations

from collections import Counter

from aiogram.utils.formatting import Text

from core.decision.record import Outcome, ScanReport, Verdict
from handlers.views.badge import venue_badge
from handlers.views.figures import points
from handlers.views.footer import footer
from handlers.views.plain import details, lines, verdict
from handlers.views.reader import Reader
from handlers.views.table import pairs
from handlers.views.words import regime_word, rule_word, side_word


def scan_view(report: ScanReport, venue_name: str, reader: Reader, wall_ms: int, most: int) -> Text:
    """The screen. ``most`` outcomes of each kind are listed."""
    texts = reader.texts
    counts = Counter(outcome.verdict for outcome in report.outcomes)
    head = texts(
        "scan-headline", venue=venue_badge(venue_name), opened=counts[Verdict.OPENED], total=len(report.outcomes)
    )
    regime = texts("status-regime", regime=regime_word(report.regime, texts))
    return lines(
        verdict(head),
        Text(regime, " · ", texts("scan-took", seconds=f"{report.took_ms / 1000:.1f}")),
        *(line_of(o, reader) for o in shown(report, Verdict.OPENED, most)),
        *(line_of(o, reader) for o in shown(report, Verdict.FAILED, most)),
        *(line_of(o, reader) for o in shown(report, Verdict.BORDERLINE, most)),
        pairs(funnel(report, reader, most), reader.columns),
        details([texts("scan-missed", what=m.what, error=m.error) for m in report.missed[:most]]),
        footer(reader, wall_ms, report.at_ms),
    )


def shown(report: ScanReport, kind: Verdict, most: int) -> list[Outcome]:
    """The outcomes of one kind, most confident first."""
    found = [outcome for outcome in report.outcomes if outcome.verdict is kind]
    return sorted(found, key=lambda outcome: -(outcome.confidence or 0.0))[:most]


def line_of(outcome: Outcome, reader: Reader) -> str:
    """``✅ SOL long · 71% ≥ 65%``."""
    badge = {Verdict.OPENED: "✅", Verdict.FAILED: "⚠️", Verdict.BORDERLINE: "🟡"}[outcome.verdict]
    lead = f"{badge} {outcome.symbol} {side_word(outcome.side, reader.texts)}".rstrip()
    return f"{lead} · {confidence(outcome)}" if outcome.confidence is not None else lead


def confidence(outcome: Outcome) -> str:
    """Confidence against its threshold."""
    own = points(outcome.confidence or 0.0)
    if outcome.threshold is None:
        return own
    sign = "≥" if (outcome.confidence or 0.0) >= outcome.threshold else "<"
    return f"{own} {sign} {points(outcome.threshold)}"


def funnel(report: ScanReport, reader: Reader, most: int) -> list[tuple[str, str]]:
    """How many ended where, most frequent first; the tail is summed up."""
    ends = Counter((o.stage, o.rule) for o in report.outcomes).most_common()
    rows = [(rule_word(stage, rule, reader.texts), str(count)) for (stage, rule), count in ends[:most]]
    rest = sum(count for _, count in ends[most:])
    return [*rows, (reader.texts("scan-others"), str(rest))] if rest else rows

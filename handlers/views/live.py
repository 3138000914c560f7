"""What is shown before real money trades: the measured edge as it is, what executing costs, the mode."""

from __future__ import annotations

from aiogram.utils.formatting import Code, Text

from core.desk import Decision
from core.flows.going_live import Evidence, LiveStanding
from core.flows.status import Status
from core.reports.edge import COUNTED, Edge
from core.reports.slippage import Slippage
from core.settings import LiveRules
from handlers.views.badge import venue_badge
from handlers.views.figures import DAY_MS, MINUS, multiple
from handlers.views.footer import footer
from handlers.views.plain import lines, verdict
from handlers.views.questions import expiry
from handlers.views.reader import Reader
from handlers.views.table import pairs
from handlers.views.times import day_moment

BASIS_POINTS = 10_000


def evidence_view(shown: Evidence, rules: LiveRules, phrase: str, reader: Reader, wall_ms: int) -> Text:
    """No edge is shown: why, and what must be typed to go on."""
    return lines(
        verdict(f"{venue_badge('mainnet')} · {reader.texts('live-reading')}"),
        *edge_lines(shown, rules, reader),
        Text(reader.texts("live-type"), " ", Code(f"/live {phrase}")),
        footer(reader, wall_ms),
    )


def live_question(shown: Evidence, rules: LiveRules, decision: Decision, reader: Reader) -> Text:
    """Trade real money?"""
    return lines(
        verdict(f"{venue_badge('mainnet')} · {reader.texts('ask-live')}"),
        *edge_lines(shown, rules, reader),
        reader.texts("ask-live-what", count=rules.first_trades),
        expiry(decision, reader),
    )


def edge_lines(shown: Evidence, rules: LiveRules, reader: Reader) -> list[str]:
    """One line per source, what does not count marked; then the verdict over what counts."""
    texts, coverage = reader.texts, f"{rules.coverage * 100:g}%"
    rows = [edge_line(venue, one, reader) for venue, one in shown.by_origin.items()]
    return [
        *rows,
        texts(verdict_key(shown.counted), coverage=coverage, days=rules.days_least, trades=shown.counted.trades),
    ]


def edge_line(venue: str, one: Edge, reader: Reader) -> str:
    """``replay: +0.12R (−0.03R … +0.27R), 132 trades on 20 days``."""
    texts = reader.texts
    mean = multiple(one.mean) if one.mean is not None else "–"
    span = f"({multiple(one.low)} … {multiple(one.high)})" if one.low is not None and one.high is not None else "–"
    key = "live-edge" if venue in COUNTED else "live-edge-aside"
    return texts(key, venue=venue, mean=mean, span=span, trades=one.trades, days=one.days)


def verdict_key(one: Edge) -> str:
    """What the measured edge comes to."""
    if not one.trades:
        return "live-edge-none"
    if one.low is None or one.high is None:
        return "live-edge-short"
    if one.low > 0:
        return "live-edge-shown"
    return "live-edge-zero" if one.high >= 0 else "live-edge-loss"


def confirmed_view(standing: LiveStanding, first: int, reader: Reader, wall_ms: int) -> Text:
    """Since when real money trades, and how large."""
    texts, switches = reader.texts, standing.switches
    size = (
        texts("live-full", by=switches.full_by)
        if switches.full_by
        else texts("live-small", done=str(min(standing.trades, first)), first=str(first))
    )
    return lines(
        verdict(f"{venue_badge('mainnet')} · {texts('live-confirmed', by=switches.live_by)}"),
        Text(texts("live-since"), " ", day_moment(switches.live_since_ms, reader.zone)),
        size,
        slippage_table(standing, reader),
        footer(reader, wall_ms),
    )


def full_question(standing: LiveStanding, decision: Decision, reader: Reader) -> Text:
    """As large as the risk rules say?"""
    return lines(
        verdict(f"{venue_badge('mainnet')} · {reader.texts('ask-full')}"),
        reader.texts("ask-full-what", count=standing.trades),
        slippage_table(standing, reader),
        expiry(decision, reader),
    )


def slippage_table(standing: LiveStanding, reader: Reader) -> Text | None:
    """Entries and exits of every venue beside this one's, in basis points: above zero it cost us."""
    rows = [row for venue, one in standing.slippage.items() for row in slippage_rows(venue, one, reader)]
    return lines(reader.texts("live-slippage"), pairs(rows, reader.columns)) if rows else None


def slippage_rows(venue: str, one: Slippage, reader: Reader) -> list[tuple[str, str]]:
    """Two lines of the table."""
    name, texts = venue.upper() if venue != "mainnet" else "LIVE", reader.texts
    return [
        (f"{name} {texts('live-entries')}", f"{points(one.entry)} ({one.entries})"),
        (f"{name} {texts('live-exits')}", f"{points(one.exit)} ({one.exits})"),
    ]


def points(share: float | None) -> str:
    """A share in basis points, signed.

    >>> points(0.00012), points(-0.001), points(None)
    ('+1.2 bp', '−10.0 bp', '–')
    """
    return "–" if share is None else f"{share * BASIS_POINTS:+.1f} bp".replace("-", MINUS)


def live_record(first: int, by: str, reader: Reader) -> Text:
    """Real money trades."""
    return verdict(reader.texts("record-live", count=first, by=by))


def mode_view(status: Status, rules: LiveRules, reader: Reader, wall_ms: int) -> Text:
    """Which venue, which mode, and what that means today."""
    texts = reader.texts
    return lines(
        verdict(f"{venue_badge(status.venue_name)} · {texts('mode-headline', mode=status.mode)}"),
        texts(f"mode-{status.mode}"),
        texts("mode-borderline"),
        texts("mode-reading") if status.reads_only else None,
        texts("mode-away", hours=f"{rules.away_ms / DAY_MS * 24:g}") if status.away else None,
        texts("mode-how"),
        footer(reader, wall_ms),
    )

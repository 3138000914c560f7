"""Why there is no trade in a symbol, or why there is one: the stored figures, nothing worked out anew."""

from __future__ import annotations

from aiogram.utils.formatting import Text

from core.decision.record import Outcome, Verdict
from core.flows.why import Why
from handlers.views.figures import measured, points, price
from handlers.views.footer import footer
from handlers.views.plain import details, lines, verdict
from handlers.views.reader import Reader
from handlers.views.table import pairs
from handlers.views.times import day_moment
from handlers.views.words import key_part, rule_word, side_word

BADGES = {Verdict.OPENED: "✅", Verdict.BORDERLINE: "🟡", Verdict.REFUSED: "⚪", Verdict.FAILED: "⚠️"}


def why_view(why: Why, reader: Reader, wall_ms: int, most: int) -> Text:
    """The verdict, its figures, and the steps that led there."""
    texts, outcome = reader.texts, why.outcome
    return lines(
        verdict(headline(why, reader)),
        held(why, reader),
        blocked(why, reader),
        pairs(figures(outcome, reader), reader.columns) if outcome is not None else None,
        (outcome.detail or None) if outcome is not None else None,
        details(list(outcome.steps[:most])) if outcome is not None else None,
        footer(reader, wall_ms, why.report_at_ms) if why.report_at_ms else texts("why-no-scan"),
    )


def headline(why: Why, reader: Reader) -> str:
    """``⚪ SOL long · confidence under the threshold``."""
    outcome = why.outcome
    if outcome is None:
        return f"⚪ {why.market.symbol} · {reader.texts('why-unread')}"
    name = f"{why.market.symbol} {side_word(outcome.side, reader.texts)}".rstrip()
    return f"{BADGES[outcome.verdict]} {name} · {rule_word(outcome.stage, outcome.rule, reader.texts)}"


def held(why: Why, reader: Reader) -> str | None:
    """The open position, if there is one."""
    if why.position is None:
        return None
    return reader.texts("why-held", side=side_word(why.position.side, reader.texts), entry=price(why.position.entry))


def blocked(why: Why, reader: Reader) -> Text | None:
    """The block, if there is one."""
    if why.block is None:
        return None
    reason = reader.texts.find(f"protected-{why.block.why}") or why.block.why
    text = Text(reader.texts("why-blocked", by=why.block.by, why=reason))
    if why.block.until_ms is None:
        return text
    return Text(text, " ", reader.texts("why-until"), " ", day_moment(why.block.until_ms, reader.zone))


def figures(outcome: Outcome, reader: Reader) -> list[tuple[str, str]]:
    """Stage, measured figure, limit, confidence and threshold, as far as there are any."""
    texts = reader.texts
    rows = [(texts("label-stage"), texts.find(f"stage-{outcome.stage}") or outcome.stage)]
    scored = outcome.confidence is not None
    unit = texts.find(f"unit-{key_part(outcome.rule)}") or ""
    if outcome.measured is not None and not (scored and outcome.measured == outcome.confidence):
        rows.append((texts("label-measured"), f"{measured(outcome.measured)} {unit}".rstrip()))
    if outcome.limit is not None and not (scored and outcome.limit == outcome.threshold):
        rows.append((texts("label-limit"), f"{measured(outcome.limit)} {unit}".rstrip()))
    if outcome.confidence is not None:
        rows.append((texts("label-confidence"), points(outcome.confidence)))
    if outcome.threshold is not None:
        rows.append((texts("label-threshold"), points(outcome.threshold)))
    return rows

"""How much is dared and how much of it is used; what an entry in one market would be; which symbols are blocked."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.utils.formatting import Text

from core.flows.risk import Prospect, Risk
from core.market.symbols import Market, Side
from core.risk.sizing import Plan
from core.risk.switches import Block
from core.settings import Settings
from handlers.views.figures import percent, plain, points, price
from handlers.views.footer import footer
from handlers.views.plain import details, lines, verdict
from handlers.views.reader import Reader
from handlers.views.table import grid, pairs
from handlers.views.times import day_moment
from handlers.views.words import rule_word, side_word

WIDTHS = (13, -7, -6)


def risk_view(risk: Risk, settings: Settings, reader: Reader, wall_ms: int) -> Text:
    """The governor first, then every limit beside what is used of it."""
    texts = reader.texts
    halt = halted(risk)
    record = texts(
        "risk-prior" if risk.stats.trades < settings.sizing.kelly_least else "risk-record",
        trades=risk.stats.trades,
        rate=points(risk.stats.win_rate),
        payoff=f"{risk.stats.payoff:.2f}",
        share=f"{risk.share * 100:.2f}%",
    )
    probation = texts("risk-probation", symbols=", ".join(risk.probation)) if risk.probation else None
    return lines(
        verdict(texts(f"risk-{halt}" if halt else f"risk-tier-{tier(risk)}")),
        grid([*header(reader), *usage(risk, settings, reader)], WIDTHS),
        record,
        texts("risk-probe") if risk.probe else None,
        probation,
        footer(reader, wall_ms),
    )


def tier(risk: Risk) -> int:
    """The governor's tier; free before its first reading."""
    return risk.standing.tier if risk.standing is not None else 0


def halted(risk: Risk) -> str:
    """Which of the governor's halts lasts, if one does."""
    if risk.standing is None:
        return ""
    return "halt-drawdown" if risk.standing.drawdown_halt else "halt-day" if risk.standing.day_halt else ""


def header(reader: Reader) -> list[tuple[str, ...]]:
    """The columns' names."""
    return [("", reader.texts("risk-used"), reader.texts("risk-most"))]


def usage(risk: Risk, settings: Settings, reader: Reader) -> list[tuple[str, ...]]:
    """One line per limit: what is used, what is the most."""
    texts, held, rules = reader.texts, risk.exposure, settings.sizing
    equity, standing = held.equity or 1.0, risk.standing
    drawdown = standing.drawdown if standing is not None else 0.0
    day = held.day_loss / standing.day_equity if standing is not None and standing.day_equity > 0 else 0.0
    longs, shorts = risk.sides[Side.LONG], risk.sides[Side.SHORT]
    return [
        (texts("risk-drawdown"), share(drawdown), share(settings.governor.drawdown_halt)),
        (texts("risk-day-loss"), share(day), share(settings.governor.day_loss_halt)),
        (texts("risk-open-risk"), share(held.open_risk / equity), share(rules.open_risk_most)),
        (texts("risk-gross"), f"{held.gross / equity:.2f}×", f"{rules.gross_most:g}×"),
        (texts("risk-positions"), str(longs + shorts), str(risk.allowance.positions)),
        (texts("risk-longs"), str(longs), str(settings.limits.same_direction)),
        (texts("risk-shorts"), str(shorts), str(settings.limits.same_direction)),
        (texts("risk-factor"), f"×{risk.allowance.risk:g}", "×1"),
        (texts("risk-threshold"), f"+{risk.allowance.threshold * 100:g}pp", "–"),
    ]


def share(value: float) -> str:
    """A share without a sign.

    >>> share(0.0512)
    '5.1%'
    """
    return f"{value * 100:.1f}%"


def size_view(market: Market, found: Prospect | Sequence[str], reader: Reader, wall_ms: int) -> Text:
    """What would be entered now, step by step from Kelly, or what stands in the way."""
    texts = reader.texts
    if not isinstance(found, Prospect):
        why = ", ".join(rule_word("", rule, texts) for rule in found)
        return lines(verdict(texts("size-none", symbol=market.symbol, why=why)), footer(reader, wall_ms))
    judged, planned = found.judged, found.plan
    name = f"{market.symbol} {side_word(judged.side, texts)}"
    confidence = f"{points(judged.consensus.after)} {'≥' if judged.refusal is None else '<'} "
    confidence += points(judged.threshold.value)
    if not isinstance(planned, Plan):
        head = texts("size-refused", name=name, why=rule_word(planned.stage, planned.rule, texts))
        figures = [(texts("label-confidence"), confidence)]
        return lines(verdict(head), pairs(figures, reader.columns), planned.detail or None, footer(reader, wall_ms))
    head = texts("size-would" if judged.refusal is None else "size-if", name=name, leverage=planned.leverage)
    return lines(
        verdict(head),
        pairs(plan_rows(planned, confidence, reader), reader.columns),
        details([str(step) for step in planned.steps]),
        footer(reader, wall_ms),
    )


def plan_rows(planned: Plan, confidence: str, reader: Reader) -> list[tuple[str, str]]:
    """The figures of a plan."""
    texts, sign, mark = reader.texts, planned.side.sign, planned.mark
    return [
        (texts("label-mark"), price(mark)),
        (texts("label-stop"), f"{price(planned.stop)} {percent(float(sign * (planned.stop / mark - 1)), 1)}"),
        (texts("label-target"), f"{price(planned.target)} {percent(float(sign * (planned.target / mark - 1)), 1)}"),
        (texts("label-size"), plain(planned.size)),
        (texts("label-notional"), f"{planned.notional:,.2f}"),
        (texts("label-margin"), f"{planned.margin:,.2f}"),
        (texts("label-risk"), f"{planned.risk_share * 100:.2f}%"),
        (texts("label-confidence"), confidence),
    ]


def blocks_view(found: Sequence[Block], reader: Reader, wall_ms: int) -> Text:
    """Every block with who set it, why, and until when."""
    texts = reader.texts
    if not found:
        return lines(verdict(texts("blocks-none")), footer(reader, wall_ms))
    return lines(
        verdict(texts("blocks-headline", count=len(found))),
        *(block_line(one, reader) for one in found),
        footer(reader, wall_ms),
    )


def block_line(one: Block, reader: Reader) -> Text:
    """``SOL · three losses in a row · until 4 Dec``."""
    texts = reader.texts
    why = texts.find(f"protected-{one.why}") or texts("blocks-by", by=one.by)
    if one.until_ms is None:
        return Text(f"⛔ {one.symbol} · {why}")
    return Text(f"⛔ {one.symbol} · {why} · ", texts("why-until"), " ", day_moment(one.until_ms, reader.zone))

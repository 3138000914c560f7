"""The state of the whole market: its name, what it was read from, since when it holds, what it costs."""

from __future__ import annotations

from aiogram.utils.formatting import Text

from core.decision.record import ScanReport
from core.market.symbols import Side
from core.settings import RegimeRules
from core.signals.regime import Regime, confidence_shift, size_multiplier, threshold_shift
from handlers.views.figures import age, points
from handlers.views.footer import footer
from handlers.views.plain import lines, verdict
from handlers.views.reader import Reader
from handlers.views.table import pairs
from handlers.views.words import regime_word, side_word

LIGHTS = {"STRONG_BULL": "🟢", "BULL": "🟢", "BEAR": "🔴", "STRONG_BEAR": "🔴", "CHOPPY": "🟡"}


def regime_view(report: ScanReport | None, reader: Reader, wall_ms: int, market_ms: int, rules: RegimeRules) -> Text:
    """The screen, from the stored scan alone."""
    texts = reader.texts
    if report is None:
        return lines(texts("why-no-scan"))
    lasting = age(max(0, market_ms - report.regime_since_ms))
    return lines(
        verdict(f"{LIGHTS.get(report.regime, '⚪')} {regime_word(report.regime, texts)} · {lasting}"),
        breadth(report.bullish, report.bearish, report.neutral, report.correlation, reader),
        texts("regime-pairs", count=report.pairs),
        pairs(costs(Regime(report.regime), reader, rules), reader.columns),
        texts("regime-crypto-only"),
        footer(reader, wall_ms, report.at_ms),
    )


def breadth(bullish: int, bearish: int, neutral: int, correlation: float | None, reader: Reader) -> str:
    """``53% neutral, 30% up, 17% down · correlation 0.17``."""
    total = max(1, bullish + bearish + neutral)
    measured = "–" if correlation is None else f"{correlation:.2f}"
    return reader.texts(
        "regime-breadth",
        neutral=points(neutral / total),
        up=points(bullish / total),
        down=points(bearish / total),
        correlation=measured,
    )


def costs(regime: Regime, reader: Reader, rules: RegimeRules) -> list[tuple[str, str]]:
    """Size for all; threshold and confidence of crypto."""
    texts = reader.texts
    rows = [(texts("label-size"), f"×{size_multiplier(regime, rules):g}")]
    raised = threshold_shift(regime, True, rules)
    rows.append((texts("label-threshold"), shift(raised)))
    rows += [
        (f"{texts('label-confidence')} {side_word(side, texts)}", shift(confidence_shift(regime, side, True, rules)))
        for side in Side
    ]
    return rows


def shift(value: float) -> str:
    """A confidence that is added or taken, in percentage points.

    >>> shift(-0.2), shift(0.0)
    ('−20 pp', '–')
    """
    return f"{value * 100:+.0f} pp".replace("-", "−") if value else "–"

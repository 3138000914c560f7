"""How often each flag of the enrichment fires on recorded candles: the property table docs/readings.md.

Reads every hour of the recorded set ``hyperliquid20`` (beside the checkout, ``../shared/data``) as the pipeline would:
only bars closed by then, from their anchors; for the pre-market also the stocks of ``scan92``. Names what is rarer or
more frequent than it should be.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.feeds.recorded import load_recording  # noqa: E402
from bot.moment import stamp  # noqa: E402
from core.market.candles import Timeframe  # noqa: E402
from core.market.symbols import AssetClass  # noqa: E402
from core.replay.candles import RecordedCandles  # noqa: E402
from core.replay.listing import recorded_markets  # noqa: E402
from core.replay.window import first_sound  # noqa: E402
from core.settings import Settings  # noqa: E402
from core.signals.enrichment.dimensions import Dimensions, Squeeze  # noqa: E402
from core.signals.timeframes import States, refused_by_timeframes  # noqa: E402
from core.signals.view import MarketView, view_markets  # noqa: E402

SETS = ROOT.parent / "shared" / "data" / "sets"
PAGE = ROOT / "docs" / "readings.md"
HOUR_MS = 3_600_000
RARE, FREQUENT = 0.001, 0.60
FIRING = {Squeeze.FIRING_LONG: 1, Squeeze.FIRING_SHORT: -1}
TRIAL = {
    "opposing sweep": 0.15,
    "aligned sweep": 0.018,
    "aligned FIRING": 0.028,
    "ms_bias BROKEN": 0.08,
    "STRONG pivot signal": 0.76,
    "vwap_filter CONFLICT": 0.04,
}
"""Shares of symbol-hours found in an earlier trial on the same data."""
REASONS = {
    "premarket_signal NONE": "The set is crypto alone and the pass is for stocks, whose table stands above.",
    "premarket_signal CONFIRMED": "The same: there is no stock in the set.",
    "premarket_signal CON": "The same: there is no stock in the set.",
    "vwap_filter NEUTRAL": "Only when the close is exactly the VWAP or nothing was traded for 24 hours.",
    "macd_bias NEUTRAL": "Only when MACD and signal are equal to the last bit: a market that does not move.",
    "pivot_zone AT_P": "Only when the close is exactly the pivot.",
    "ms_sequence NONE": "Only where 60 bars of 4h hold fewer than two confirmed highs or lows, and they nearly always hold more.",
    "structure_break False": "The complement of a break, which is meant to be the exception.",
    "st_direction 0": "Only until the first close beyond a band after the anchor, which lies 300 bars back.",
    "macd_divergence NONE": "Neutral: a divergence needs a new 40-bar extreme at the very bar.",
    "vd_divergence NONE": "Neutral: a divergence needs a new 20-bar extreme at the very bar.",
    "obv_divergence NONE": "Neutral: price and OBV agree in direction over five bars most of the time.",
    "macd_cross NONE": "Neutral: a cross counts for three bars and comes about once a day.",
    "st_flip NONE": "Neutral: a turn of the Supertrend counts for three bars and comes every few days.",
    "squeeze NONE": "Neutral: most bars are outside of a squeeze.",
    "sweep NONE": "Neutral: a sweep counts for three bars.",
    "STRONG pivot signal": "By definition: every bar whose trend stands on its side of the pivot. It is worth 0.5 points.",
}
"""Why a share under 0.1 % or over 60 % is right."""


@dataclass(slots=True)
class Tally:
    """What was counted: hours by flag, hours by flag among candidates, and how often a flag began."""

    bars: Counter[str] = field(default_factory=Counter)
    of_candidates: Counter[str] = field(default_factory=Counter)
    begun: Counter[str] = field(default_factory=Counter)
    total: int = 0
    before: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, view: MarketView) -> None:
        """One symbol at one hour."""
        now = frozenset(flags(view))
        earlier = self.before.get(view.symbol, now)
        self.total += 1
        self.bars.update(now)
        if refused_by_timeframes(view.symbol, view.states) is None:
            self.of_candidates.update([*now, "candidate"])
        self.begun.update(now - earlier)
        self.before[view.symbol] = now


def flags(view: MarketView) -> Iterator[str]:
    """Every label of a view, and the combinations that the trial named."""
    for one in fields(Dimensions):
        value = getattr(view.dimensions, one.name)
        if isinstance(value, StrEnum | bool) or one.name == "st_direction":
            yield f"{one.name} {value}"
    if view.side is not None:
        yield "sided"
    yield from combined(view.dimensions, view.states)


def combined(seen: Dimensions, states: States) -> Iterator[str]:
    """Flags seen from the side."""
    side = states.side.sign if states.side else 0
    if side and seen.sweep_direction == side:
        yield "aligned sweep"
    if side and seen.sweep_direction == -side:
        yield "opposing sweep"
    if side and FIRING.get(seen.squeeze) == side:
        yield "aligned FIRING"
    if seen.pp_st_signal.startswith("STRONG"):
        yield "STRONG pivot signal"


def every_flag() -> list[str]:
    """All labels there are, in the order of the dimensions."""
    names: list[str] = []
    for one in fields(Dimensions):
        value = getattr(Dimensions(), one.name)
        if isinstance(value, StrEnum):
            names += [f"{one.name} {label}" for label in type(value)]
        elif isinstance(value, bool):
            names += [f"{one.name} {label}" for label in (False, True)]
    at = names.index("st_flip NONE")
    return [*names[:at], *(f"st_direction {way}" for way in (-1, 0, 1)), *names[at:]]


def main() -> None:
    """Count, print, write."""
    if not SETS.is_dir():
        sys.exit(f"no recorded data at {SETS}")
    began = time.perf_counter()
    tally, first, last = count(SETS / "hyperliquid20", AssetClass.CRYPTO)
    stocks, *_ = count(SETS / "scan92", AssetClass.EQUITY)
    took = time.perf_counter() - began
    text = page(tally, stocks, first, last)
    PAGE.write_text(text, encoding="utf-8")
    print(text)
    print(f"{tally.total} symbol-hours in {took:.0f} s")
    unexplained = [name for name in odd(tally) if name not in REASONS]
    print("without an explanation:", ", ".join(unexplained) or "none")


def count(folder: Path, asset_class: AssetClass) -> tuple[Tally, int, int]:
    """Every hour from the first at which half of the class's markets are sound to the end."""
    settings = Settings()
    recording = load_recording(folder).recording
    markets = [m for m in recorded_markets(recording, [], settings.quotes) if m.asset_class is asset_class]
    candles = RecordedCandles(recording, settings.candles)
    start = first_sound(candles, markets, recording.start_ms, recording.end_ms, settings.candles)
    if start is None:
        sys.exit("the recording is never sound")
    first, last = -(-start // HOUR_MS) * HOUR_MS, recording.end_ms // HOUR_MS * HOUR_MS
    tally = Tally()
    for now_ms in range(first, last + 1, HOUR_MS):
        bars = {
            t: {m.symbol: s for m in markets if (s := candles.closed_columns(m, t, now_ms)) is not None}
            for t in Timeframe
        }
        for view in view_markets(bars, markets, now_ms, settings).kept:
            tally.add(view)
    return tally, first, last


def odd(tally: Tally) -> list[str]:
    """Flags under 0.1 % or over 60 % of the bars."""
    names = [*every_flag(), *(name for name in TRIAL if name not in tally.bars or name not in every_flag())]
    return [name for name in dict.fromkeys(names) if not RARE <= tally.bars[name] / tally.total <= FREQUENT]


def rows(tally: Tally, names: Sequence[str]) -> Iterator[str]:
    """Table rows: share of the bars, bars per symbol-day, beginnings per symbol-day."""
    days = tally.total / 24
    for name in names:
        share = tally.bars[name] / tally.total
        yield f"| {name} | {share:.2%} | {tally.bars[name] / days:.2f} | {tally.begun[name] / days:.2f} |"


def page(tally: Tally, stocks: Tally, first: int, last: int) -> str:
    """The page, whole."""
    compared = (
        f"| {name} | {tally.bars[name] / tally.total:.1%} | {tally.of_candidates[name] / tally.total:.1%} "
        f"| {share:.1%} |"
        for name, share in TRIAL.items()
    )
    premarket = [name for name in every_flag() if name.startswith("premarket_signal")]
    lines: list[str] = [
        "# How often each reading fires",
        "",
        f"Written by `benchmarks/readings.py` over the recorded set hyperliquid20: {len(tally.before)} crypto perpetuals,",
        f"every hour from {stamp(first)} to {stamp(last)}, {tally.total:,} symbol-hours. A share is of all symbol-hours;",
        "a day is 24 of them; a beginning is an hour with the flag after an hour without it.",
        "",
        "## Against an earlier trial",
        "",
        f"A side has {tally.bars['sided'] / tally.total:.0%} of the symbol-hours, and {tally.of_candidates['candidate'] / tally.total:.0%} are candidates (a side that 4h does not oppose).",
        "",
        "| reading | all | of candidates | trial |",
        "|---|---|---|---|",
        *compared,
        "",
        "What needs no side (BROKEN, STRONG) agrees with the trial. The four readings seen from the side are all 1.4 to",
        "1.5 times the trial's, in nearly the same proportion to one another, as they would be if the trial gave a side",
        "to fewer hours; how it did is not known. Every label is checked against a plain one-bar-at-a-time reference in",
        "the tests, so the specification's definitions stand.",
        f"An opposing sweep refuses {tally.of_candidates['opposing sweep'] / tally.of_candidates['candidate']:.0%} of the candidates.",
        "",
        "## Stocks before and after the bell",
        "",
        f"The {len(stocks.before)} stocks of scan92, {stocks.total:,} hours with a bar, pre-market to post-market.",
        "",
        "| flag | share | hours a day | beginnings a day |",
        "|---|---|---|---|",
        *rows(stocks, premarket),
        "",
        "## All flags",
        "",
        "| flag | share | hours a day | beginnings a day |",
        "|---|---|---|---|",
        *rows(tally, every_flag()),
        "",
        "## Under 0.1 % or over 60 %",
        "",
        *(
            f"- **{name}** ({tally.bars[name] / tally.total:.2%}): {REASONS.get(name, 'unexplained')}"
            for name in odd(tally)
        ),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()

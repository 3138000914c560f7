"""``vektor enrich``: the timeframes and the 35 dimensions of every market at one moment of a recording."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from bot.moment import Moment, read_moment
from bot.terminal import aligned, complain, say
from core.sifting import Refusal, Sifted
from core.signals.enrichment.dimensions import Dimensions
from core.signals.view import MarketView, view_markets

SHOWN = (
    "vwap_filter", "premarket_signal", "vd_filter", "mi_signal", "squeeze", "ms_bias", "sweep", "vol_confirm",
    "pp_st_signal",
)  # fmt: skip
"""The dimensions of the short table; ``--json`` has all of them."""


def enrich_command(options: argparse.Namespace) -> int:
    """Read and print. Markets that cannot be read are named on standard error."""
    moment = read_moment(options)
    sifted = view_markets(moment.bars, moment.markets, moment.at_ms, moment.settings)
    for one in sifted.missed:
        complain(f"{one.stage} {one.what} is missing: {one.error}")
    if sifted.refused:
        complain(f"cannot be read: {named(sifted.refused)}")
    say(json.dumps(readings(sifted), indent=2, allow_nan=False) if options.json else table(moment, sifted))
    return 0


def readings(sifted: Sifted[MarketView]) -> dict[str, dict[str, Any]]:
    """Symbol → dimension → value; what is not known is null."""
    return {view.symbol: reading(view) for view in sifted.kept}


def reading(view: MarketView) -> dict[str, Any]:
    """One market: states, side and alignment of the timeframes, then the dimensions in the specification's order."""
    states, levels = view.states, view.dimensions.pivots
    found = {
        "state_15m": states.m15,
        "state_1h": states.h1,
        "state_4h": states.h4,
        "side": view.side,
        "alignment": view.alignment,
        **asdict(view.dimensions),
    }
    found["pivots"] = None if levels is None else {name.upper(): level for name, level in asdict(levels).items()}
    return found


def table(moment: Moment, sifted: Sifted[MarketView]) -> str:
    """One line per market; a dot stands for neutral."""
    head = ("symbol", "15m", "1h", "4h", "side", *(name.partition("_")[0] for name in SHOWN))
    rows = [head, *(line(view) for view in sifted.kept)]
    return f"{moment.stamp}, {len(sifted.kept)} of {len(moment.markets)} markets\n{aligned(rows)}"


def line(view: MarketView) -> Sequence[str]:
    """The cells of one market."""
    states, seen, neutral = view.states, view.dimensions, Dimensions()
    signs = [f"{state:+d}" if state else "·" for state in (states.m15, states.h1, states.h4)]
    labels: list[StrEnum] = [getattr(seen, name) for name in SHOWN]
    quiet = [getattr(neutral, name) for name in SHOWN]
    words = ["·" if label is usual else label.value for label, usual in zip(labels, quiet, strict=True)]
    return (view.symbol, *signs, view.side or "·", *words)


def named(refused: Sequence[Refusal]) -> str:
    """Who was refused, by rule, most frequent first."""
    rules = Counter(one.rule for one in refused)
    return "; ".join(
        f"{rule} {', '.join(one.symbol for one in refused if one.rule == rule)}" for rule, _ in rules.most_common()
    )

"""All passes over all symbols. Refuses to let one failing pass take the others, or the scan, with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from core.fail_open import fail_open
from core.settings import Enrichment
from core.sifting import Missed
from core.signals.enrichment.blocks import Blocks, Columns, Pass
from core.signals.enrichment.dimensions import Dimensions
from core.signals.enrichment.momentum import read_momentum
from core.signals.enrichment.obv_cvd import read_obv_cvd
from core.signals.enrichment.premarket import read_premarket
from core.signals.enrichment.structure import read_structure
from core.signals.enrichment.supertrend import read_supertrend
from core.signals.enrichment.sweep import read_sweep
from core.signals.enrichment.volume_delta import read_volume_delta
from core.signals.enrichment.vwap import read_vwap

STAGE = "enrichment"

PASSES: Mapping[str, Pass] = {
    "vwap": read_vwap,
    "premarket": read_premarket,
    "volume_delta": read_volume_delta,
    "momentum": read_momentum,
    "structure": read_structure,
    "sweep": read_sweep,
    "obv_cvd": read_obv_cvd,
    "supertrend": read_supertrend,
}
"""Name → pass, in the order of the specification."""


def enrich(
    blocks: Blocks, rules: Enrichment, passes: Mapping[str, Pass] = PASSES
) -> tuple[Sequence[Dimensions], Sequence[Missed]]:
    """One :class:`Dimensions` per symbol of the blocks, and the passes that failed.

    A pass that raises leaves its dimensions at their neutral defaults, for all symbols.
    """
    symbols = blocks.h1.symbols
    nothing: Columns = {}
    found: dict[str, Sequence[Any]] = {}
    missed: list[Missed] = []
    for name, one in passes.items():
        columns, missing = fail_open(STAGE, name, partial(_read, one, blocks, rules), nothing)
        found.update(columns)
        if missing:
            missed.append(missing)
    rows = [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]
    return [Dimensions(**row) for row in rows] or [Dimensions()] * len(symbols), missed


def _read(one: Pass, blocks: Blocks, rules: Enrichment) -> Columns:
    """The pass's columns; what is not a number stays quiet, it ends as a neutral default."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        return one(blocks, rules)

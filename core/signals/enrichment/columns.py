"""The columns that the passes fill: numbers and labels of all rows, and one row of them as :class:`Dimensions`.

Names and order are those of kernels/labels.h. Refuses computation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from core.market.candles import Floats, Ints
from core.signals.enrichment.dimensions import (
    Dimensions,
    Divergence,
    MacdBias,
    MacdCross,
    MiSignal,
    MsBias,
    MsSequence,
    Pivots,
    PivotZone,
    PpStSignal,
    PremarketSignal,
    Squeeze,
    StFlip,
    StochRsiState,
    Sweep,
    VdFilter,
    VolConfirm,
    VwapFilter,
)

Labels = npt.NDArray[np.int8]

FIGURES = (
    "vwap", "vwap_distance_pct", "premarket_high", "premarket_low", "opening_high", "opening_low", "vd_delta",
    "stoch_rsi", "swing_high", "swing_low", "sweep_level", "obv_slope", "cvd_delta", "pivot_p", "pivot_r1", "pivot_r2",
    "pivot_s1", "pivot_s2", "close", "atr", "range_24h",
)  # fmt: skip
"""Columns of numbers, float64."""
LABELS: Mapping[str, type[StrEnum] | None] = {
    "vwap_filter": VwapFilter,
    "premarket_signal": PremarketSignal,
    "vd_divergence": Divergence,
    "vd_filter": VdFilter,
    "macd_bias": MacdBias,
    "macd_cross": MacdCross,
    "macd_divergence": Divergence,
    "stoch_rsi_state": StochRsiState,
    "squeeze": Squeeze,
    "mi_signal": MiSignal,
    "ms_sequence": MsSequence,
    "structure_break": None,
    "ms_bias": MsBias,
    "sweep": Sweep,
    "sweep_age_bars": None,
    "obv_divergence": Divergence,
    "vol_confirm": VolConfirm,
    "st_direction": None,
    "st_flip": StFlip,
    "pivot_zone": PivotZone,
    "pp_st_signal": PpStSignal,
    "state_15m": None,
    "state_1h": None,
    "state_4h": None,
    "side": None,
}
"""Columns of small whole numbers: a label's place in its enumeration, or the number itself."""
PIVOTS = tuple(name for name in FIGURES if name.startswith("pivot_"))
NEUTRAL = {"vwap_distance_pct": 0.0, "vd_delta": 0.0, "stoch_rsi": 50.0, "obv_slope": 0.0, "cvd_delta": 0.0}
"""What a number is until a pass says otherwise; the others are not a number."""
NO_SWEEP = -1


@dataclass(frozen=True, slots=True)
class Columns:
    """``figures`` of shape ``[FIGURES, rows]``, ``labels`` of shape ``[LABELS, rows]``; a column is one row of them."""

    figures: Floats
    labels: Labels

    @classmethod
    def neutral(cls, rows: int) -> Columns:
        """Columns in which no pass has written yet."""
        columns = cls(np.empty((len(FIGURES), rows)), np.zeros((len(LABELS), rows), dtype=np.int8))
        columns.reset((*FIGURES, *LABELS))
        return columns

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        """The column of a name, as it is held."""
        column: npt.NDArray[Any] = self.labels[PLACE[name]] if name in LABELS else self.figures[PLACE[name]]
        return column

    def reset(self, names: Sequence[str]) -> None:
        """Make columns neutral."""
        for name in names:
            self[name][:] = NO_SWEEP if name == "sweep_age_bars" else 0 if name in LABELS else NEUTRAL.get(name, np.nan)

    def dimensions(self, rows: Ints) -> list[Dimensions]:
        """The dimensions of some rows."""
        return [Dimensions(*row) for row in zip(*(self._plain(name, rows) for name in DIMENSIONS), strict=True)]

    def numbers(self, name: str, rows: Ints) -> list[Any]:
        """A column of some rows as plain numbers, None for what is not one."""
        return [value if value == value else None for value in self[name][rows].tolist()]

    def _plain(self, name: str, rows: Ints) -> list[Any]:
        """A dimension of some rows in its own type."""
        if name == "pivots":
            levels = (self.numbers(level, rows) for level in PIVOTS)
            return [None if row[0] is None else Pivots(*row) for row in zip(*levels, strict=True)]
        if name not in LABELS:
            return self.numbers(name, rows)
        codes, words = self[name][rows].tolist(), WORDS.get(name)
        if words is not None:
            return [words[code] for code in codes]
        if name == "sweep_age_bars":
            return [None if code == NO_SWEEP else code for code in codes]
        return [bool(code) for code in codes] if name == "structure_break" else codes


PLACE = {name: place for names in (FIGURES, LABELS) for place, name in enumerate(names)}
WORDS = {name: tuple(kind) for name, kind in LABELS.items() if kind is not None}
DIMENSIONS = tuple(one.name for one in fields(Dimensions))

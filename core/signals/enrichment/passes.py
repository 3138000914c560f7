"""The eight passes by name: what each one reads, fills and carries. Refuses to let one failing pass take the others, or
the scan, with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from core.fail_open import fail_open
from core.market.candles import Ints, Timeframe
from core.sifting import Missed
from core.signals.enrichment.carried import Carried
from core.signals.enrichment.columns import PIVOTS

STAGE = "enrichment"

Read = Callable[[Carried, Ints], None]
"""Read some rows and write their columns."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass. ``sided`` ones are read again when a row's side has turned."""

    read: Read
    timeframe: Timeframe
    fills: tuple[str, ...]
    sided: bool = False


def _compiled(name: str) -> Read:
    """The pass of that name in kernels/."""

    def read(carried: Carried, rows: Ints) -> None:
        carried.call(name, rows)

    return read


PASSES: Mapping[str, Pass] = {
    "vwap": Pass(_compiled("read_vwap"), Timeframe.H1, ("vwap", "vwap_distance_pct", "vwap_filter"), sided=True),
    "premarket": Pass(
        _compiled("read_premarket"),
        Timeframe.M15,
        ("premarket_high", "premarket_low", "opening_high", "opening_low", "premarket_signal"),
    ),
    "volume_delta": Pass(
        _compiled("read_volume_delta"), Timeframe.H1, ("vd_delta", "vd_divergence", "vd_filter"), sided=True
    ),
    "momentum": Pass(
        _compiled("read_momentum"),
        Timeframe.H1,
        ("macd_bias", "macd_cross", "macd_divergence", "stoch_rsi", "stoch_rsi_state", "squeeze", "mi_signal"),
        sided=True,
    ),
    "structure": Pass(
        _compiled("read_structure"),
        Timeframe.H4,
        ("ms_sequence", "swing_high", "swing_low", "structure_break", "ms_bias"),
    ),
    "sweep": Pass(_compiled("read_sweep"), Timeframe.H1, ("sweep", "sweep_level", "sweep_age_bars")),
    "obv_cvd": Pass(
        _compiled("read_obv_cvd"), Timeframe.H1, ("obv_slope", "obv_divergence", "cvd_delta", "vol_confirm")
    ),
    "supertrend": Pass(
        _compiled("read_supertrend"),
        Timeframe.H1,
        ("st_direction", "st_flip", *PIVOTS, "pivot_zone", "pp_st_signal"),
    ),
}
"""Name → pass, in the order of the specification; the arithmetic of ``read_NAME`` stands in kernels/NAME.c."""


def run(carried: Carried, rows: Mapping[str, Ints], passes: Mapping[str, Pass] = PASSES) -> Sequence[Missed]:
    """Let every pass read its ``rows``; the passes that failed.

    A pass that raises leaves its columns at their neutral defaults, for all rows.
    """
    missed: list[Missed] = []
    for name, one in passes.items():
        if not rows[name].size:
            continue
        nothing: Any = None
        _, missing = fail_open(STAGE, name, partial(one.read, carried, rows[name]), nothing)
        if missing:
            carried.columns.reset(one.fills)
            missed.append(missing)
    return missed

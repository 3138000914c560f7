"""The door to the compiled passes: their structures as Python sees them, and the loaded library.

Refuses arithmetic. ``make setup`` compiles the library beside this file; without it nothing can be read at all.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np

from core.errors import StartRefused
from core.settings import Enrichment, TimeframeRules

WHOLE, REAL, POINTER = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p

WHOLE_RULES = (
    "ema_fast", "ema_slow", "fresh_bars", "vwap_bars", "delta_bars", "delta_divergence_bars", "macd_fast", "macd_slow",
    "macd_signal", "macd_divergence_bars", "divergence_gap_bars", "rsi_bars", "stoch_bars", "stoch_smooth",
    "squeeze_bars", "squeeze_inside_bars", "strong_momentum", "structure_bars", "pivot_bars", "sweep_bars",
    "obv_slope_bars", "obv_divergence_bars", "cvd_bars", "supertrend_bars", "breakout_bars", "bounce_bars", "atr_bars",
    "range_bars",
)  # fmt: skip
REAL_RULES = (
    "delta_filter", "overbought", "oversold", "bollinger_sigmas", "keltner_atrs", "obv_slope_least", "cvd_least",
    "cvd_strong", "supertrend_atrs",
)  # fmt: skip

SMOOTH = np.dtype([("value", "f8"), ("origin", "f8"), ("total", "f8"), ("seen", "i8")])
TURN = np.dtype([("held", "i8"), ("turn", "i8"), ("bar", "i8")])
CARRIED: Mapping[str, np.dtype[Any]] = {
    "trend": np.dtype([("done", "i8"), ("fast", SMOOTH), ("slow", SMOOTH)]),
    "momentum": np.dtype(
        [
            ("done", "i8"),
            *((name, SMOOTH) for name in ("fast", "slow", "signal", "gain", "loss", "middle", "range")),
            ("cross", TURN),
            ("deviation", "f8"),
            *((name, "i8") for name in ("inside", "outside", "inside_before", "widening")),
        ]
    ),
    "flow": np.dtype([("done", "i8"), ("total", "f8")]),
    "ratchet": np.dtype(
        [("done", "i8"), ("range", SMOOTH), ("upper", "f8"), ("lower", "f8"), ("direction", "i8"), ("flip", TURN)]
    ),
    "width": np.dtype([("done", "i8"), ("range", SMOOTH)]),
    "sweeps": np.dtype([("done", "i8")]),
}
"""What is carried per row, by the names of reading.h; all zero is the state before the first bar."""


class Block(ctypes.Structure):
    """Bars of one timeframe, as pointers into a :class:`core.market.blocks.CandleBlock`."""

    _fields_ = (
        ("stride", WHOLE),
        *((name, POINTER) for name in ("count", "time", "open", "high", "low", "close", "volume")),
    )


class Rules(ctypes.Structure):
    """The numbers of the settings that the passes read."""

    _fields_ = (*((name, WHOLE) for name in WHOLE_RULES), *((name, REAL) for name in REAL_RULES))


class Reading(ctypes.Structure):
    """Everything that a pass is given."""

    _fields_ = (
        *((name, Block) for name in ("m15", "h1", "h4")),
        ("rules", POINTER),
        *((name, WHOLE) for name in ("rows", "now_ms", "closed_ms", "premarket", "opens", "opening_over", "closes")),
        *((name, POINTER) for name in ("equity", "trend_15m", "trend_1h", "trend_4h", "momentum", "flow", "ratchet")),
        *((name, POINTER) for name in ("width", "sweeps", "macd_line", "rsi", "obv", "swept", "figures", "labels")),
    )


def rules_of(enrichment: Enrichment, timeframes: TimeframeRules) -> Rules:
    """The settings as the passes read them."""
    values = {one.name: getattr(group, one.name) for group in (enrichment, timeframes) for one in fields(group)}
    return Rules(*(values[name] for name in (*WHOLE_RULES, *REAL_RULES)))


PASSES = (
    "read_15m", "read_1h", "read_4h", "read_width", "read_vwap", "read_premarket", "read_volume_delta", "read_momentum",
    "read_structure", "read_sweep", "read_obv_cvd", "read_supertrend",
)  # fmt: skip
"""Functions of the shape ``(reading, rows, number of rows)``."""


@cache
def library() -> ctypes.CDLL:
    """The compiled passes; calls into it run without the interpreter's lock.

    Raises :class:`StartRefused` when they were never compiled.
    """
    try:
        loaded = np.ctypeslib.load_library("compiled", __file__)
    except OSError as missing:
        raise StartRefused(f"the compiled passes cannot be loaded ({missing}); `make setup` builds them") from None
    for name in PASSES:
        function = getattr(loaded, name)
        function.argtypes, function.restype = (POINTER, POINTER, WHOLE), None
    loaded.read_side.argtypes, loaded.read_side.restype = (POINTER, POINTER), WHOLE
    return loaded


@cache
def functions() -> Mapping[str, Callable[[int, int, int], None]]:
    """The passes by name, each ``(address of the reading, address of the rows, their number)``."""
    return {name: getattr(library(), name) for name in PASSES}

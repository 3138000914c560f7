"""What is carried from bar to bar: smoothed values, running sums and columns, row by row (SPEC C5).

Bars are consumed once; a row that begins anew forgets everything. Refuses to know which markets its rows are.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.market.blocks import CandleBlock
from core.market.candles import COLUMNS, Bools, Floats, Ints, Timeframe
from core.market.new_york import TradingDay
from core.settings import Enrichment, TimeframeRules
from core.signals.enrichment.columns import Columns
from core.signals.kernels.library import CARRIED, Block, Reading, functions, library, rules_of

OF_TIMEFRAME = {
    Timeframe.M15: ("trend_15m",),
    Timeframe.H1: ("trend_1h", "momentum", "flow", "ratchet", "width", "sweeps"),
    Timeframe.H4: ("trend_4h",),
}
"""Which carried rows are made of the bars of a timeframe."""


@dataclass(slots=True)
class Carried:
    """The rows of three blocks (15m, 1h, 4h), what has been read of them, and the columns that it came to."""

    m15: CandleBlock
    h1: CandleBlock
    h4: CandleBlock
    equity: Bools
    """Which rows are stocks, with New York's hours."""
    enrichment: Enrichment
    timeframes: TimeframeRules = field(default_factory=TimeframeRules)
    columns: Columns = field(init=False)
    rows: dict[str, npt.NDArray[np.void]] = field(init=False)
    history: dict[str, Floats] = field(init=False)
    reading: Reading = field(init=False)
    _held: tuple[object, ...] = field(init=False)
    _address: int = field(init=False)
    _functions: Mapping[str, Callable[[int, int, int], None]] = field(init=False)

    def __post_init__(self) -> None:
        count = self.equity.size
        self.columns = Columns.neutral(count)
        names = [name for names in OF_TIMEFRAME.values() for name in names]
        self.rows = {name: np.zeros(count, dtype=CARRIED[name.partition("_")[0]]) for name in names}
        self.history = {name: np.zeros((count, self.h1.stride)) for name in ("macd_line", "rsi", "obv", "swept")}
        rules, stocks = rules_of(self.enrichment, self.timeframes), self.equity.astype(np.int8)
        self._held = (rules, stocks)
        self.reading = Reading(
            m15=pointers(self.m15),
            h1=pointers(self.h1),
            h4=pointers(self.h4),
            rules=ctypes.addressof(rules),
            rows=count,
            equity=stocks.ctypes.data,
            figures=self.columns.figures.ctypes.data,
            labels=self.columns.labels.ctypes.data,
            **{name: column.ctypes.data for name, column in (self.rows | self.history).items()},
        )
        self._address, self._functions = ctypes.addressof(self.reading), functions()

    def at(self, now_ms: int, day: TradingDay | None) -> None:
        """Set the moment that is read: the last 15m bar due is the one before it, ``day`` New York's trading day."""
        reading = self.reading
        reading.now_ms, reading.closed_ms = now_ms, Timeframe.M15.last_close(now_ms)
        hours = (0, 0, 0, 0) if day is None else (day.premarket, day.opens, day.opening_over, day.closes)
        reading.premarket, reading.opens, reading.opening_over, reading.closes = hours

    def forget(self, timeframe: Timeframe, row: int) -> None:
        """A row's bars of a timeframe begin anew."""
        for name in OF_TIMEFRAME[timeframe]:
            self.rows[name][row] = 0

    def call(self, name: str, rows: Ints) -> None:
        """Let a compiled pass read some rows."""
        self._functions[name](self._address, rows.ctypes.data, rows.size)

    def turn(self) -> Ints:
        """Work out every row's side; the rows whose side has turned."""
        turned = np.empty(self.equity.size, dtype=np.int64)
        count = library().read_side(self._address, turned.ctypes.data)
        return turned[:count]


def pointers(block: CandleBlock) -> Block:
    """A block as the compiled passes see it; valid as long as the block lives."""
    columns = {name: getattr(block, name).ctypes.data for name in ("count", "time", *COLUMNS)}
    return Block(stride=block.stride, **columns)

"""Reads the shared recordings for tests: gz csv files, missing timeframes built from 15m, aligned to UTC."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.market.candles import CandleSeries, Floats, Timeframe
from core.market.symbols import AssetClass, Market


@dataclass(frozen=True, slots=True)
class RecordedSet:
    """The candles of a set, and its markets."""

    markets: tuple[Market, ...]
    candles: Mapping[Timeframe, Mapping[str, CandleSeries]]


def load_set(folder: Path) -> RecordedSet:
    """All symbols of a manifest on the three timeframes."""
    files: dict[str, dict[str, Path]] = {}
    classes: dict[str, AssetClass] = {}
    with (folder / "manifest.csv").open() as lines:
        for row in csv.DictReader(lines):
            files.setdefault(row["symbol"], {})[row["kind"]] = folder / row["file"]
            classes[row["symbol"]] = AssetClass(row["asset_class"])
    candles: dict[Timeframe, dict[str, CandleSeries]] = {timeframe: {} for timeframe in Timeframe}
    for symbol, kinds in files.items():
        finest = _table(kinds["15m"])
        for timeframe in Timeframe:
            held = kinds.get(timeframe.value)
            table = _table(held) if held else _built(finest, timeframe.ms)
            candles[timeframe][symbol] = CandleSeries.from_rows(symbol, timeframe, table)  # type: ignore[arg-type]
    markets = tuple(Market(symbol, kind, symbol, 10, 2) for symbol, kind in classes.items())
    return RecordedSet(markets, candles)


def load_series(file: Path, symbol: str, timeframe: Timeframe) -> CandleSeries:
    """One file."""
    return CandleSeries.from_rows(symbol, timeframe, _table(file))  # type: ignore[arg-type]


def _table(file: Path) -> Floats:
    with gzip.open(file, "rt") as lines:
        table: Floats = np.loadtxt(lines, delimiter=",", skiprows=1, usecols=range(6))
    return table


def _built(table: Floats, interval_ms: int) -> Floats:
    """Coarser bars from finer ones, by the UTC interval they open in."""
    bucket = table[:, 0] // interval_ms
    first = np.flatnonzero(np.diff(bucket, prepend=-1))
    last = np.append(first[1:], bucket.size) - 1
    return np.column_stack(
        [
            bucket[first] * interval_ms,
            table[first, 1],
            np.maximum.reduceat(table[:, 2], first),
            np.minimum.reduceat(table[:, 3], first),
            table[last, 4],
            np.add.reduceat(table[:, 5], first),
        ]
    )

"""Loads a ``--data`` folder: ``manifest.csv`` and the files it names, into a sound :class:`Recording`.

A malformed file costs its symbol (with one warning), a malformed manifest refuses the start. Nothing is repaired and
nothing is guessed, except that an interval a symbol lacks is built from the finest one given.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.feeds.columns import bad, read_columns
from bot.feeds.forced import load_liquidations
from core.errors import BadData
from core.market.candles import Floats
from core.market.symbols import AssetClass
from core.replay.recording import INTERVALS, Bars, Readings, RecordedSymbol, Recording

MANIFEST_HEADER = ("symbol", "asset_class", "kind", "file")
CANDLE_HEADER = ("ts_ms", "open", "high", "low", "close", "volume")
KINDS = (*INTERVALS, "funding", "open_interest")
SYMBOL = re.compile(r"[A-Za-z0-9._-]{1,32}")
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the manifest."""

    line: int
    symbol: str
    asset_class: AssetClass
    kind: str
    file: Path


@dataclass(frozen=True, slots=True)
class Loaded:
    """The sound part of a data folder, and what was left out: symbol, or optional file → what is wrong with it."""

    recording: Recording
    left_out: Mapping[str, BadData]


def load_recording(folder: Path) -> Loaded:
    """Read a data folder (file access and decoding: call it off the event loop).

    Raises :class:`BadData` when the manifest is malformed or no symbol is sound.
    """
    by_symbol: dict[str, list[Entry]] = {}
    for entry in read_manifest(folder / "manifest.csv"):
        by_symbol.setdefault(entry.symbol, []).append(entry)
    sound, left_out = [], {}
    for symbol, entries in by_symbol.items():
        try:
            sound.append(_load_symbol(symbol, entries))
        except BadData as error:
            left_out[symbol] = error
    if not sound:
        raise next(iter(left_out.values()))
    try:
        liquidations = load_liquidations(folder, {one.symbol for one in sound})
    except BadData as error:
        left_out["liquidations"], liquidations = error, ()
    return Loaded(Recording(tuple(sound), liquidations), left_out)


def read_manifest(file: Path) -> list[Entry]:
    """The lines of a manifest. Raises :class:`BadData` naming the line and what would be right."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise bad(
            file, 0, type(error).__name__, f"a readable text file with the header {','.join(MANIFEST_HEADER)}"
        ) from error
    rows = list(csv.reader(text.splitlines()))
    if not rows or tuple(rows[0]) != MANIFEST_HEADER:
        raise bad(file, 1, ",".join(rows[0]) if rows else "", f"the header {','.join(MANIFEST_HEADER)}")
    entries = [_entry(file, line, row) for line, row in enumerate(rows[1:], start=2) if row]
    if not entries:
        raise bad(file, 2, "", "at least one line naming a data file")
    _check_manifest(file, entries)
    return entries


def _entry(file: Path, line: int, row: Sequence[str]) -> Entry:
    if len(row) != len(MANIFEST_HEADER):
        raise bad(file, line, ",".join(row), f"{len(MANIFEST_HEADER)} cells ({','.join(MANIFEST_HEADER)})")
    symbol, asset_class, kind, name = (cell.strip() for cell in row)
    if not SYMBOL.fullmatch(symbol):
        raise bad(file, line, symbol, "a symbol of letters, digits, dot, dash or underscore")
    if asset_class not in list(AssetClass):
        raise bad(file, line, asset_class, f"an asset_class of {', '.join(AssetClass)}")
    if kind not in KINDS:
        raise bad(file, line, kind, f"a kind of {', '.join(KINDS)}")
    if not name:
        raise bad(file, line, name, "a file, relative to the manifest")
    return Entry(line, symbol, AssetClass(asset_class), kind, file.parent / name)


def _check_manifest(file: Path, entries: Sequence[Entry]) -> None:
    """One class per symbol, and one file per symbol and kind."""
    classes: dict[str, AssetClass] = {}
    seen: set[tuple[str, str]] = set()
    for one in entries:
        if classes.setdefault(one.symbol, one.asset_class) is not one.asset_class:
            raise bad(file, one.line, one.asset_class, f"the class {classes[one.symbol]} that {one.symbol} has above")
        if (one.symbol, one.kind) in seen:
            raise bad(file, one.line, f"{one.symbol} {one.kind}", "one line per symbol and kind")
        seen.add((one.symbol, one.kind))


def _load_symbol(symbol: str, entries: Sequence[Entry]) -> RecordedSymbol:
    given = {INTERVALS[one.kind]: read_bars(one.file, INTERVALS[one.kind]) for one in entries if one.kind in INTERVALS}
    if not given:
        raise bad(
            entries[0].file, 0, symbol, f"at least one candle file ({', '.join(INTERVALS)}) beside {entries[0].kind}"
        )
    files = {one.kind: one.file for one in entries}
    return RecordedSymbol.of(
        symbol,
        entries[0].asset_class,
        given,
        read_funding(files["funding"]) if "funding" in files else None,
        read_open_interest(files["open_interest"]) if "open_interest" in files else None,
    )


def read_bars(file: Path, interval_ms: int) -> Bars:
    """A candle file. Raises :class:`BadData` for a bar that is off the interval's grid or cannot be."""
    table = read_columns(file, CANDLE_HEADER)
    time = table[:, 0].astype(np.int64)
    opened, high, low, close, volume = (np.ascontiguousarray(table[:, i]) for i in range(1, 6))
    checks = (
        (time % interval_ms != 0, 0, f"a multiple of {interval_ms} ms for ts_ms"),
        (low <= 0, 3, "a price over 0"),
        (high < low, 2, "a high not under the low"),
        ((high < opened) | (high < close), 2, "a high not under open and close"),
        ((low > opened) | (low > close), 3, "a low not over open and close"),
        (volume < 0, 5, "a volume of at least 0"),
    )
    for wrong, column, expected in checks:
        _refuse_first(file, table, wrong, column, expected)
    return Bars(time, np.full(time.size, interval_ms, dtype=np.int64), opened, high, low, close, volume)


def read_funding(file: Path) -> Readings:
    """A funding file as rates per hour, each in force from the hour it was settled at.

    Venues stamp a settlement some milliseconds past its hour. A rate for several hours (Binance: 8, 4 or 1) is spread
    over the hours since the settlement before; the first row's span is not known and is taken from the second.
    """
    table = read_columns(file, ("ts_ms", "funding_rate"))
    time = table[:, 0].astype(np.int64) // HOUR_MS * HOUR_MS
    _refuse_first(file, table, np.abs(table[:, 1]) > 1, 1, "a fraction for funding_rate")
    _refuse_first(file, table, np.diff(time, prepend=-1) == 0, 0, "one settlement per hour")
    hours = np.diff(time) / HOUR_MS
    spans = np.concatenate((hours[:1], hours)) if hours.size else np.ones(1)
    spans = np.minimum(spans, np.concatenate((spans[:1], spans[:-1])))
    return Readings(time, table[:, 1] / spans)


def read_open_interest(file: Path) -> Readings:
    """An open interest file, base units."""
    table = read_columns(file, ("ts_ms", "open_interest"))
    _refuse_first(file, table, table[:, 1] < 0, 1, "an open interest of at least 0")
    return Readings(table[:, 0].astype(np.int64), np.ascontiguousarray(table[:, 1]))


def _refuse_first(
    file: Path, table: Floats, wrong: np.ndarray[tuple[int], np.dtype[np.bool_]], column: int, expected: str
) -> None:
    rows = np.flatnonzero(wrong)
    if rows.size:
        raise bad(file, int(rows[0]) + 2, f"{table[rows[0], column]:.16g}", expected)

"""Data folders written by tests: a manifest and the files it names."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path

CANDLES = "ts_ms,open,high,low,close,volume"
START_MS = 1_750_032_000_000
"""2025-06-16 00:00 UTC, a Monday."""
STEP_MS = 900_000


def candle_lines(bars: int, start_ms: int = START_MS, step_ms: int = STEP_MS, price: float = 100.0) -> list[str]:
    """Plain sound candles, alternately up and down bars."""
    lines = [CANDLES]
    for i in range(bars):
        close = price + (1 if i % 2 == 0 else -1)
        lines.append(f"{start_ms + i * step_ms},{price},{price + 2},{price - 2},{close},{10 + i}")
        price = close
    return lines


def write_folder(folder: Path, manifest: Sequence[str], files: Mapping[str, Sequence[str] | bytes]) -> Path:
    """Write a data folder; a file given as bytes is written as it is, a ``.gz`` one is compressed."""
    (folder / "manifest.csv").write_text("\n".join(["symbol,asset_class,kind,file", *manifest]) + "\n")
    for name, content in files.items():
        raw = content if isinstance(content, bytes) else ("\n".join(content) + "\n").encode()
        if name.endswith(".gz") and not isinstance(content, bytes):
            raw = gzip.compress(raw)
        (folder / name).write_bytes(raw)
    return folder

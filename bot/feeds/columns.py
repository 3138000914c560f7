"""Reading a numeric csv or csv.gz file into columns fast, and saying exactly which cell is wrong when one is.

The fast way decodes all cells at once; only when something about it fails is the file read line by line to find the
culprit. It refuses to repair anything.
"""

from __future__ import annotations

import gzip
import math
import zlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from core.errors import BadData
from core.market.candles import Floats

_NUMBERS = msgspec.json.Decoder(list[float])
_GZIP_MAGIC = b"\x1f\x8b"


def bad(file: Path, line: int, value: str, expected: str) -> BadData:
    """The error for one cell or line of a file."""
    where = f"{file} line {line}" if line else str(file)
    return BadData(
        f"{where}: {value!r} is wrong; {expected} would be right",
        file=str(file),
        line=line,
        value=value,
        expected=expected,
    )


def read_columns(file: Path, header: Sequence[str]) -> Floats:
    """The rows of a file as float64 ``[rows, columns]``; the first column (``ts_ms``) whole and strictly ascending.

    Raises :class:`BadData` naming file, line and value.
    """
    body = read_body(file, header)
    table = _decoded(body, len(header))
    if table is None:
        table = _row_by_row(file, body, header)
    if not table.size:
        raise bad(file, 2, "", "at least one row")
    _check_times(file, table[:, 0])
    return table


def read_body(file: Path, header: Sequence[str]) -> bytes:
    """What follows a csv or csv.gz file's header. Raises :class:`BadData` for another header or an unreadable file."""
    head, _, body = _text(file).partition(b"\n")
    found = head.decode("utf-8", "replace").strip().lstrip("\ufeff")
    if found.split(",") != list(header):
        raise bad(file, 1, found, f"the header {','.join(header)}")
    return body


def _text(file: Path) -> bytes:
    try:
        raw = file.read_bytes()
        return gzip.decompress(raw) if raw.startswith(_GZIP_MAGIC) or file.suffix == ".gz" else raw
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise bad(file, 0, str(error), "a whole gzip file") from error
    except OSError as error:
        raise bad(file, 0, error.strerror or "unreadable", "a file that can be read") from error


def _decoded(body: bytes, width: int) -> Floats | None:
    """All cells at once; ``None`` when the text is not plainly ``width`` finite numbers per line."""
    body = body.replace(b"\r\n", b"\n").strip(b"\n")
    marks = np.frombuffer(body + b"\n", dtype=np.uint8)
    marks = marks[(marks == ord(",")) | (marks == ord("\n"))]
    if marks.size % width:
        return None
    by_row = marks.reshape(-1, width)
    if (by_row[:, :-1] != ord(",")).any() or (by_row[:, -1] != ord("\n")).any():
        return None
    try:
        cells = _NUMBERS.decode(b"[" + body.replace(b"\n", b",") + b"]")
    except msgspec.MsgspecError:
        return None
    return np.array(cells, dtype=np.float64).reshape(-1, width)


def _row_by_row(file: Path, body: bytes, header: Sequence[str]) -> Floats:
    """The slow way, which names the first wrong cell."""
    rows = []
    for line, row in enumerate(body.decode("utf-8", "replace").rstrip().splitlines(), start=2):
        cells = row.split(",")
        if len(cells) != len(header):
            raise bad(file, line, row, f"{len(header)} cells ({','.join(header)})")
        rows.append([read_number(file, line, name, cell) for name, cell in zip(header, cells, strict=True)])
    return np.array(rows, dtype=np.float64).reshape(-1, len(header))


def read_number(file: Path, line: int, name: str, cell: str) -> float:
    """One cell as a finite number. Raises :class:`BadData`."""
    try:
        value = float(cell)
    except ValueError as error:
        raise bad(file, line, cell, f"a number for {name}") from error
    if not math.isfinite(value):
        raise bad(file, line, cell, f"a finite number for {name}")
    return value


def _check_times(file: Path, time: Floats) -> None:
    wrong = np.flatnonzero((time != np.floor(time)) | (time <= 0) | (time > 1e14))
    if wrong.size:
        raise bad(file, int(wrong[0]) + 2, f"{time[wrong[0]]:.16g}", "whole epoch milliseconds for ts_ms")
    steps = np.flatnonzero(np.diff(time) <= 0)
    if steps.size:
        row = int(steps[0]) + 1
        fault = "a duplicate of" if time[row] == time[row - 1] else "earlier than"
        raise bad(
            file, row + 2, f"{time[row]:.0f}", f"a ts_ms after the line before (it is {fault} {time[row - 1]:.0f})"
        )

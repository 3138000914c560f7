"""Loads ``liquidations.csv.gz`` (or ``liquidations.csv``) beside a manifest: positions that were closed by force.

Columns ``ts_ms,symbol,side,size,price``: ``side`` is that of the position, ``size`` in base units. One wrong line costs
the file; nothing is repaired.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from bot.feeds.columns import bad, read_body, read_number
from core.market.symbols import Side
from core.replay.recording import RecordedLiquidation

HEADER = ("ts_ms", "symbol", "side", "size", "price")
NAMES = ("liquidations.csv.gz", "liquidations.csv")


def load_liquidations(folder: Path, symbols: Collection[str]) -> tuple[RecordedLiquidation, ...]:
    """Those of ``symbols``, none where there is no such file; others' are passed over. Raises :class:`BadData`."""
    file = next((folder / name for name in NAMES if (folder / name).exists()), None)
    if file is None:
        return ()
    rows: list[RecordedLiquidation] = []
    before = 0
    for line, text in enumerate(read_body(file, HEADER).decode("utf-8", "replace").rstrip().splitlines(), start=2):
        row = _row(file, line, text)
        if row.time_ms < before:
            raise bad(file, line, str(row.time_ms), f"a ts_ms not before the line above ({before})")
        before = row.time_ms
        if row.symbol in symbols:
            rows.append(row)
    return tuple(rows)


def _row(file: Path, line: int, text: str) -> RecordedLiquidation:
    cells = [cell.strip() for cell in text.split(",")]
    if len(cells) != len(HEADER):
        raise bad(file, line, text, f"{len(HEADER)} cells ({','.join(HEADER)})")
    time, symbol, side, size, price = cells
    if not (time.isascii() and time.isdigit() and 0 < int(time) < 10**14):
        raise bad(file, line, time, "whole epoch milliseconds for ts_ms")
    if side not in list(Side):
        raise bad(file, line, side, f"the side of the position that was closed ({', '.join(Side)})")
    amounts = [read_number(file, line, name, cell) for name, cell in (("size", size), ("price", price))]
    if min(amounts) <= 0:
        raise bad(file, line, size if amounts[0] <= 0 else price, "a size and a price over 0")
    return RecordedLiquidation(int(time), symbol, side == Side.LONG, *amounts)

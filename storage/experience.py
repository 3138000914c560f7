"""What was traded on every venue that this database knows, and in the replay that the operator named.

The only place that looks beyond its own book: it reads, and gives nothing but figures.
"""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from core.errors import BadData
from core.reports.edge import Lived
from core.reports.slippage import Execution
from storage.database import Database
from storage.rows import value_of
from storage.tables import FILLS, TICKETS, TRADES

REPLAY_TRADES = "trades.csv"
"""What ``vektor replay`` writes."""
ADOPTED = "adopted"
"""The strategy of a position that was not ours."""


class SqlExperience:
    """:class:`core.reports.edge.Experience` of one book. ``replayed`` is a folder that ``vektor replay`` wrote."""

    def __init__(self, database: Database, book: str, replayed: Path | None = None) -> None:
        self._database, self._book, self._replayed = database, book, replayed

    async def lived(self) -> Sequence[Lived]:
        """Raises :class:`BadData` for a file of trades that cannot be read."""
        query = select(TRADES.c.book, TRADES.c.closed_ms, TRADES.c.r)
        query = query.where(TRADES.c.book != self._book, TRADES.c.strategy != ADOPTED)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        found = [Lived(venue_of(row.book), row.closed_ms, row.r) for row in rows]
        if self._replayed is not None:
            found += await asyncio.to_thread(read_trades, self._replayed / REPLAY_TRADES)
        return found

    async def executions(self) -> Sequence[Execution]:
        """Fills of orders whose decision's price is known."""
        same = (FILLS.c.book == TICKETS.c.book) & (FILLS.c.client_id == TICKETS.c.client_id)
        query = select(
            TICKETS.c.book.label("origin"),
            *(TICKETS.c[name] for name in ("client_id", "intent", "is_buy", "mark")),
            FILLS.c.price,
            FILLS.c.size,
        ).join_from(TICKETS, FILLS, same)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query.where(TICKETS.c.mark.is_not(None)))).mappings().all()
        found = (value_of(row, Execution) for row in rows)
        return [replace(one, origin=venue_of(one.origin)) for one in found]


def venue_of(book: str) -> str:
    """The venue of a book.

    >>> venue_of("paper:0xab")
    'paper'
    """
    return book.partition(":")[0]


def read_trades(file: Path) -> list[Lived]:
    """The trades of a replay. Raises :class:`BadData` naming the line."""
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return [trade_of(row, file, number) for number, row in enumerate(csv.DictReader(lines), 2)]
    except (OSError, UnicodeDecodeError, csv.Error) as trouble:
        raise BadData(
            f"{file} cannot be read ({trouble}); LIVE_EVIDENCE is the folder that `vektor replay` wrote",
            file=str(file), line=0, value="", expected="trades.csv of a replay",
        ) from None  # fmt: skip


def trade_of(row: dict[str, str], file: Path, number: int) -> Lived:
    """One line."""
    try:
        return Lived("replay", int(row["closed_ms"]), float(row["r"]))
    except (KeyError, ValueError, TypeError):
        raise BadData(
            f"{file} line {number}: {row!r} has no closed_ms and r",
            file=str(file), line=number, value=str(row), expected="closed_ms and r",
        ) from None  # fmt: skip

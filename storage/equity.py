"""The equity curve: what the account was worth when, in USDC, exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from storage.database import Database
from storage.rows import replace, values
from storage.tables import EQUITY


@dataclass(frozen=True, slots=True)
class EquityPoint:
    """Account value at a time, unrealised profit included."""

    at_ms: int
    equity: Decimal


class EquityCurve:
    """The curve of one book."""

    def __init__(self, database: Database, book: str) -> None:
        self._database = database
        self._book = book

    async def append(self, at_ms: int, equity: Decimal) -> None:
        """Add a point; one of the same time gives way."""
        row = {"book": self._book, "at_ms": at_ms, "equity": equity}
        async with self._database.writing() as connection:
            await replace(connection, EQUITY, [row], ("book", "at_ms"), 1)

    async def since(self, at_ms: int) -> Sequence[EquityPoint]:
        """Points at or after a time, oldest first."""
        query = select(EQUITY).where(EQUITY.c.book == self._book, EQUITY.c.at_ms >= at_ms).order_by(EQUITY.c.at_ms)
        async with self._database.reading() as connection:
            return await values(connection, query, EquityPoint, self._database.rules.rows_at_once)

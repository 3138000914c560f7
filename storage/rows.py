"""Between the core's frozen values and rows: the columns bear the names of the fields, so one codec serves all.

Rows go out and come in by the hundred with a turn for the event loop between, so that a long history never holds it.
A figure that is no number (NaN, infinity) is refused: it would read back as something else.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Insert, RowMapping, Select, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import BrokenInvariant

T = TypeVar("T")
Row = dict[str, Any]


def plain(value: Any) -> Any:
    """A foreign number (numpy's) as Python's own; the hook of msgspec for what it does not know."""
    if hasattr(value, "item"):
        return value.item()
    raise NotImplementedError(f"{type(value).__name__} cannot be stored")


def row_of(value: Any, **more: Any) -> Row:
    """The fields of a dataclass as a row, and ``more`` columns beside them. Raises :class:`BrokenInvariant`."""
    try:
        row: Row = msgspec.to_builtins(value, builtin_types=(Decimal,), enc_hook=plain)
    except NotImplementedError as error:
        raise BrokenInvariant(f"{type(value).__name__}: {error}") from error
    for name, field in row.items():
        if isinstance(field, float) and not math.isfinite(field):
            raise BrokenInvariant(f"{type(value).__name__}.{name} is {field}, not a number")
    return row | more


def value_of(row: RowMapping, kind: type[T]) -> T:
    """The dataclass that a row holds; columns without a field are left out."""
    return msgspec.convert(dict(row), kind)


async def values(connection: AsyncConnection, query: Select[Any], kind: type[T], at_once: int) -> list[T]:
    """Everything a query finds, as values, ``at_once`` rows between two turns of the event loop.

    A server hands the rows out in such parts as well: the driver would else decode all of them in one turn. SQLite's
    driver reads in a thread of its own.
    """
    found: list[T] = []
    if connection.dialect.name != "sqlite":
        async with connection.stream(query.execution_options(yield_per=at_once)) as rows:
            async for part in rows.mappings().partitions():
                found.extend(value_of(row, kind) for row in part)
        return found
    result = await connection.execute(query)
    for part in result.mappings().partitions(at_once):
        found.extend(value_of(row, kind) for row in part)
        await asyncio.sleep(0)
    return found


async def insert_new(connection: AsyncConnection, table: Table, rows: Iterable[Row], at_once: int) -> None:
    """Insert rows; those whose key is there already are left as they are."""
    await _insert(connection, _own(connection, table).on_conflict_do_nothing(), rows, at_once)


async def replace(
    connection: AsyncConnection, table: Table, rows: Iterable[Row], key: Sequence[str], at_once: int
) -> None:
    """Insert rows; those whose ``key`` is there already take the new values, and keep their number."""
    statement = _own(connection, table)
    changed = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in {*key, "id"}}
    await _insert(
        connection, statement.on_conflict_do_update(index_elements=list(key), set_=changed), list(rows), at_once
    )


async def append(connection: AsyncConnection, table: Table, rows: Iterable[Row], at_once: int) -> None:
    """Insert rows that must be new."""
    await _insert(connection, insert(table), rows, at_once)


def exact(connection: AsyncConnection, column: ColumnElement[str]) -> ColumnElement[str]:
    """A text to order by, letter by letter as Python and SQLite do, whatever the language of a PostgreSQL server."""
    return column if connection.dialect.name == "sqlite" else column.collate("C")


def _own(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The dialect's own INSERT, which knows ON CONFLICT (both spell it the same)."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


async def _insert(connection: AsyncConnection, statement: Insert, rows: Iterable[Row], at_once: int) -> None:
    """Rows are made as they are needed, so that making ten thousand does not hold the loop either."""
    coming = iter(rows)
    known = set(statement.table.columns.keys())
    while part := list(islice(coming, at_once)):
        if lost := part[0].keys() - known:  # the database library would drop it without a word
            raise BrokenInvariant(f"table {statement.table.name} has no column for {', '.join(sorted(lost))}")
        await connection.execute(statement, part)

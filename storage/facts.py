"""Small facts under a name, as JSON: the hash of the claim code, when the bot was last up.

Nothing that the flows decide on lives here; that has tables of its own.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import delete, select

from storage.database import Database
from storage.rows import replace
from storage.tables import VALUES


class Values:
    """Names and JSON values."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> Any:
        """The value, ``None`` where there is none."""
        async with self._database.reading() as connection:
            found = await connection.execute(select(VALUES.c.body).where(VALUES.c.name == name))
            body = found.scalar_one_or_none()
        return None if body is None else msgspec.json.decode(body)

    async def put(self, name: str, value: Any) -> None:
        """Keep a value; it replaces the one before."""
        row = {"name": name, "body": msgspec.json.encode(value).decode()}
        async with self._database.writing() as connection:
            await replace(connection, VALUES, [row], ("name",), 1)

    async def drop(self, name: str) -> None:
        """Forget it."""
        async with self._database.writing() as connection:
            await connection.execute(delete(VALUES).where(VALUES.c.name == name))

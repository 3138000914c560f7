"""Which incoming updates were taken already: Telegram delivers at least once, commands act at most once."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Database
from storage.tables import UPDATES


class Updates:
    """Ids of updates, kept for :attr:`core.settings.Chat.update_memory_ms` (48 h; see :mod:`storage.retention`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def seen(self, update_id: int, now_ms: int) -> bool:
        """Whether this id was taken before; it is from now on. Of two callers exactly one hears ``False``."""
        own = sqlite.insert if self._database.dialect == "sqlite" else postgresql.insert
        statement = own(UPDATES).values(update_id=update_id, seen_ms=now_ms).on_conflict_do_nothing()
        async with self._database.writing() as connection:
            result = await connection.execute(statement)
        return result.rowcount == 0

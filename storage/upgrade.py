"""Bring a database to the newest revision, or say why it must not be touched.

Runs in a thread (for a server with an event loop of its own), because reading migration scripts and changing tables
takes longer than a chat may wait. It never changes a database that a newer Vektor wrote, nor one that is not Vektor's.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from core.errors import StartRefused
from core.settings import Storage
from storage.database import engine_for, prepare_sqlite

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADE_LOCK = 0x56454B
"""Key of the advisory lock that lets one process at a time migrate a PostgreSQL database."""


def upgrade(url: URL, rules: Storage) -> None:
    """Check and migrate. Blocks; call it off the loop. Raises :class:`StartRefused`, naming the database."""
    place = url.render_as_string(hide_password=True) if url.get_backend_name() != "sqlite" else str(url.database)
    try:
        if url.get_backend_name() == "sqlite":
            _upgrade_file(url, rules, place)
        else:
            asyncio.run(_upgrade_server(url, rules, place))
    except DBAPIError as error:
        raise StartRefused(f"the database {place} cannot be used: {error.orig}", place=place) from error
    except (SQLAlchemyError, OSError) as error:
        raise StartRefused(f"the database {place} cannot be reached: {error}", place=place) from error


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration of Vektor's migrations, for ``connection``."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _upgrade_file(url: URL, rules: Storage, place: str) -> None:
    """Without a driver thread: one that fails to open the file would outlive the loop that waits for it."""
    engine = create_engine(url.set(drivername="sqlite"), poolclass=NullPool)
    prepare_sqlite(engine, rules)
    with engine.execution_options(writes=True).begin() as connection:
        migrate(connection, place)


async def _upgrade_server(url: URL, rules: Storage, place: str) -> None:
    engine = engine_for(url, rules, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(migrate, place)
    finally:
        await engine.dispose()


def migrate(connection: Connection, place: str) -> None:
    """Bring the database behind ``connection`` to the newest revision, inside the caller's transaction."""
    if connection.dialect.name == "sqlite":
        _refuse_damaged(connection, place)
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
    config = configuration(connection)
    scripts = ScriptDirectory.from_config(config)
    newest = scripts.get_current_head()
    present = MigrationContext.configure(connection).get_current_revision()
    if present == newest:
        return
    if present is None:
        _refuse_foreign(connection, place)
    elif present not in {script.revision for script in scripts.walk_revisions()}:
        raise StartRefused(
            f"the database {place} is at revision {present}, which this Vektor (newest revision {newest}) does not know: "
            "start the version that wrote it, or put back a backup",
            place=place,
            found=present,
            known=str(newest),
        )
    command.upgrade(config, "head")


def _refuse_damaged(connection: Connection, place: str) -> None:
    """Read the whole file's structure; a damaged one must not be written to."""
    words = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if words != "ok":
        raise StartRefused(f"the database {place} is damaged ({words}): put back a backup", place=place)


def _refuse_foreign(connection: Connection, place: str) -> None:
    """Tables without a revision are somebody else's."""
    tables = sorted(inspect(connection).get_table_names())
    if tables:
        raise StartRefused(
            f"the database {place} holds tables that are not Vektor's ({', '.join(tables[:3])}): choose another place",
            place=place,
        )

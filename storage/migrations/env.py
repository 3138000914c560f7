"""Alembic's entry: run the steps on the connection that the caller brought, inside the caller's transaction."""

from __future__ import annotations

from alembic import context

from storage.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()

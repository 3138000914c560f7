"""Liquidations one by one, and the cascades that were over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "liquidations",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("venue", sa.String(), primary_key=True),
        sa.Column("event_id", sa.String(), primary_key=True),
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("size", sa.Float(), nullable=False),
        sa.Column("price", sa.Float(), nullable=False),
        sa.Column("time_ms", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("certainty", sa.String(), nullable=False),
    )
    op.create_index("ix_liquidations_time", "liquidations", ["book", "time_ms"])
    op.create_table(
        "exhaustions",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("symbol", sa.String(), primary_key=True),
        sa.Column("at_ms", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("long_usd", sa.Float(), nullable=False),
        sa.Column("short_usd", sa.Float(), nullable=False),
        sa.Column("direction", sa.String(), nullable=True),
        sa.Column("price", sa.Float(), nullable=False),
        sa.Column("after_15m", sa.Float(), nullable=True),
        sa.Column("after_60m", sa.Float(), nullable=True),
    )


def downgrade() -> None:
    for table in ("exhaustions", "liquidations"):
        op.drop_table(table)

"""What was thought and told: scans and their outcomes, events, switches and blocks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Serial

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_scans()
    create_outcomes()
    create_events()
    create_switches()
    create_blocks()


def downgrade() -> None:
    for table in ("blocks", "switches", "events", "outcomes", "scans"):
        op.drop_table(table)


def create_scans() -> None:
    op.create_table(
        "scans",
        sa.Column("id", Serial, primary_key=True),
        sa.Column("book", sa.String(), nullable=False),
        sa.Column("scan_id", sa.String(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("took_ms", sa.BigInteger(), nullable=False),
        sa.Column("regime", sa.String(), nullable=False),
        sa.Column("regime_why", sa.String(), nullable=False),
        sa.Column("missed", sa.Text(), nullable=False),
        sa.UniqueConstraint("book", "scan_id", name="uq_scans_scan_id"),
    )
    op.create_index("ix_scans_at", "scans", ["book", "at_ms"])


def create_outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("scan", Serial, sa.ForeignKey("scans.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("measured", sa.Float(), nullable=True),
        sa.Column("limit", sa.Float(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("threshold", sa.Float(), nullable=True),
        sa.Column("steps", sa.Text(), nullable=False),
    )


def create_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", Serial, primary_key=True),
        sa.Column("book", sa.String(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_announced", "events", ["book", "announced", "id"])


def create_switches() -> None:
    op.create_table(
        "switches",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("halted", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
    )


def create_blocks() -> None:
    op.create_table(
        "blocks",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("symbol", sa.String(), primary_key=True),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
    )

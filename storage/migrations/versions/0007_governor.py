"""Money in and out of the account, and how the governor stands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Money

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transfers",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("transfer_id", sa.String(), primary_key=True),
        sa.Column("time_ms", sa.BigInteger(), nullable=False),
        sa.Column("amount", Money(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
    )
    op.create_table(
        "standings",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("equity", sa.Float(), nullable=False),
        sa.Column("peak", sa.Float(), nullable=False),
        sa.Column("day_equity", sa.Float(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("day_halt", sa.Boolean(), nullable=False),
        sa.Column("drawdown_halt", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    for table in ("standings", "transfers"):
        op.drop_table(table)

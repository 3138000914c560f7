"""How near to its liquidation a position was told to be, and margin that was added to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Money

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("positions", sa.Column("nearness", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "injections",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("position_id", sa.String(), primary_key=True),
        sa.Column("asked_ms", sa.BigInteger(), primary_key=True),
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("coin", sa.String(), nullable=False),
        sa.Column("amount", Money(), nullable=False),
        sa.Column("before", Money(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("injections")
    with op.batch_alter_table("positions") as positions:
        positions.drop_column("nearness")

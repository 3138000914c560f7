"""How the governor stood before: the way of the equity to a halt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "standings_before",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("slot", sa.BigInteger(), primary_key=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("equity", sa.Float(), nullable=False),
        sa.Column("peak", sa.Float(), nullable=False),
        sa.Column("day_equity", sa.Float(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("day_halt", sa.Boolean(), nullable=False),
        sa.Column("drawdown_halt", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("standings_before")

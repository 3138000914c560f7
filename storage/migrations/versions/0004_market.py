"""What the market said: contexts (funding, open interest), and what a scan's regime was read from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contexts",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("at_ms", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("coin", sa.String(), primary_key=True),
        sa.Column("funding", sa.Float(), nullable=False),
        sa.Column("neutral", sa.Float(), nullable=False),
        sa.Column("open_interest", sa.Float(), nullable=True),
    )
    with op.batch_alter_table("scans") as scans:
        for name in COUNTS:
            scans.add_column(sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
        scans.add_column(sa.Column("correlation", sa.Float(), nullable=True))
        scans.add_column(sa.Column("regime_before", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("scans") as scans:
        for name in (*COUNTS, "correlation", "regime_before"):
            scans.drop_column(name)
    op.drop_table("contexts")


COUNTS = ("bullish", "bearish", "neutral", "pairs", "regime_since_ms")

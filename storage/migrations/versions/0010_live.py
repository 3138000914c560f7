"""What going live needs: the trading mode, confirmations, when a person was heard of, the mark an order was made at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Money

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("switches", sa.Column("mode", sa.String(), nullable=False, server_default="semi"))
    op.add_column("switches", sa.Column("live_by", sa.String(), nullable=False, server_default=""))
    op.add_column("switches", sa.Column("live_since_ms", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("switches", sa.Column("full_by", sa.String(), nullable=False, server_default=""))
    op.add_column("tickets", sa.Column("mark", Money(), nullable=True))
    op.create_table(
        "vigils",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("heard_ms", sa.BigInteger(), nullable=False),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("wallet", sa.String(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("warned", sa.Integer(), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("vigils")
    with op.batch_alter_table("tickets") as tickets:
        tickets.drop_column("mark")
    with op.batch_alter_table("switches") as switches:
        for name in ("full_by", "live_since_ms", "live_by", "mode"):
            switches.drop_column(name)

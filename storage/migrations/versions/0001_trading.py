"""What was traded: positions and their steps, orders, fills, funding, trades and openings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Money, Serial

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_positions()
    create_position_steps()
    create_tickets()
    create_fills()
    create_funding()
    create_trades()
    create_openings()


def downgrade() -> None:
    for table in ("openings", "trades", "funding", "fills", "tickets", "position_steps", "positions"):
        op.drop_table(table)


def create_positions() -> None:
    op.create_table(
        "positions",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("position_id", sa.String(), primary_key=True),
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("coin", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("size", Money(), nullable=False),
        sa.Column("entry", Money(), nullable=False),
        sa.Column("leverage", sa.Integer(), nullable=False),
        sa.Column("initial_stop", Money(), nullable=False),
        sa.Column("stop", Money(), nullable=False),
        sa.Column("target", Money(), nullable=False),
        sa.Column("atr", sa.Float(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("strategy", sa.String(), nullable=False),
        sa.Column("decided_ms", sa.BigInteger(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=True),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("adopted", sa.Boolean(), nullable=False),
        sa.Column("best_mark", Money(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
    )
    op.create_index("ix_positions_state", "positions", ["book", "state"])


def create_position_steps() -> None:
    op.create_table(
        "position_steps",
        sa.Column("id", Serial, primary_key=True),
        sa.Column("book", sa.String(), nullable=False),
        sa.Column("position_id", sa.String(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("size", Money(), nullable=False),
        sa.Column("stop", Money(), nullable=False),
        sa.Column("target", Money(), nullable=False),
    )
    op.create_index("ix_position_steps_position", "position_steps", ["book", "position_id"])


def create_tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", Serial, primary_key=True),
        sa.Column("book", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("position_id", sa.String(), nullable=False),
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("coin", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("is_buy", sa.Boolean(), nullable=False),
        sa.Column("size", Money(), nullable=False),
        sa.Column("limit", Money(), nullable=False),
        sa.Column("trigger", Money(), nullable=True),
        sa.Column("reduce_only", sa.Boolean(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("venue_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.UniqueConstraint("book", "client_id", name="uq_tickets_client_id"),
    )
    op.create_index("ix_tickets_position", "tickets", ["book", "position_id"])


def create_fills() -> None:
    op.create_table(
        "fills",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("time_ms", sa.BigInteger(), primary_key=True),
        sa.Column("trade_id", sa.BigInteger(), primary_key=True),
        sa.Column("coin", sa.String(), primary_key=True),
        sa.Column("is_buy", sa.Boolean(), primary_key=True),
        sa.Column("price", Money(), nullable=False),
        sa.Column("size", Money(), nullable=False),
        sa.Column("venue_id", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=True),
        sa.Column("closed_pnl", Money(), nullable=False),
        sa.Column("fee", Money(), nullable=False),
        sa.Column("start_position", Money(), nullable=False),
        sa.Column("liquidation", sa.Boolean(), nullable=False),
    )


def create_funding() -> None:
    op.create_table(
        "funding",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("time_ms", sa.BigInteger(), primary_key=True),
        sa.Column("coin", sa.String(), primary_key=True),
        sa.Column("amount", Money(), nullable=False),
        sa.Column("size", Money(), nullable=False),
        sa.Column("rate", Money(), nullable=False),
    )


def create_trades() -> None:
    op.create_table(
        "trades",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("trade_id", sa.String(), primary_key=True),
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("coin", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_ms", sa.BigInteger(), nullable=False),
        sa.Column("entry", Money(), nullable=False),
        sa.Column("exit", Money(), nullable=False),
        sa.Column("size", Money(), nullable=False),
        sa.Column("leverage", sa.Integer(), nullable=False),
        sa.Column("gross", Money(), nullable=False),
        sa.Column("fees", Money(), nullable=False),
        sa.Column("funding", Money(), nullable=False),
        sa.Column("pnl", Money(), nullable=False),
        sa.Column("r", sa.Float(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("strategy", sa.String(), nullable=False),
    )
    op.create_index("ix_trades_closed", "trades", ["book", "closed_ms"])


def create_openings() -> None:
    op.create_table(
        "openings",
        sa.Column("book", sa.String(), primary_key=True),
        sa.Column("account_id", sa.String(), primary_key=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("cash", Money(), nullable=False),
    )

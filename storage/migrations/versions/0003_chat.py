"""The conversation: decisions, outbox, updates, chats, people, audit and strangers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Serial

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_decisions()
    create_outbox()
    create_updates()
    create_chats()
    create_people()
    create_audit()
    create_strangers()


def downgrade() -> None:
    for table in ("strangers", "audit", "people", "chats", "updates", "outbox", "decisions"):
        op.drop_table(table)


def create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("nonce", sa.String(), primary_key=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("argument", sa.String(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_ms", sa.BigInteger(), nullable=True),
    )
    op.create_index("ix_decisions_code", "decisions", ["code"])


def create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", Serial, primary_key=True),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("coalesce_key", sa.String(), nullable=True),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("not_before_ms", sa.BigInteger(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_coalesce", "outbox", ["chat_id", "coalesce_key", "state"])
    op.create_index("ix_outbox_event", "outbox", ["event_id", "chat_id"])
    op.create_index("ix_outbox_order", "outbox", ["state", "chat_id", "rank", "id"])


def create_updates() -> None:
    op.create_table(
        "updates",
        sa.Column("update_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_updates_seen", "updates", ["seen_ms"])


def create_chats() -> None:
    op.create_table(
        "chats",
        sa.Column("chat_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("status_message_id", sa.BigInteger(), nullable=True),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
    )


def create_people() -> None:
    op.create_table(
        "people",
        sa.Column("user_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
    )
    owner = sa.text("role = 'owner'")
    op.create_index("uq_people_owner", "people", ["role"], unique=True, sqlite_where=owner, postgresql_where=owner)


def create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", Serial, primary_key=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("argument", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
    )
    op.create_index("ix_audit_at", "audit", ["at_ms"])


def create_strangers() -> None:
    op.create_table(
        "strangers",
        sa.Column("user_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("first_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
    )

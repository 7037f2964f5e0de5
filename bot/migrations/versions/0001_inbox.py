"""The inbox, conversations, settings, and the generation of the corpus."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Take the step."""
    _inbox()
    _conversations()
    op.create_table(
        "settings",
        sa.Column("owner", sa.String, primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
    )
    op.create_table(
        "generations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("message", sa.String, nullable=False),
        sa.Column("asker", sa.String, nullable=False),
        sa.Column("fingerprint", sa.String),
        sa.Column("asked_at", sa.Float, nullable=False),
        sa.Column("received_at", sa.Float, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("lease_until", sa.Float, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("event", sa.Text),
        sa.Column("answer", sa.String),
        sa.UniqueConstraint("key", name="uq_inbox_key"),
    )
    op.create_index("ix_inbox_state_lease_until", "inbox", ["state", "lease_until"])
    op.create_index("ix_inbox_channel_message", "inbox", ["channel", "message"])
    op.create_index("ix_inbox_fingerprint", "inbox", ["fingerprint"])
    op.create_index("ix_inbox_asker", "inbox", ["asker"])


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("thread", sa.String, nullable=False),
        sa.Column("asker", sa.String, nullable=False),
        sa.Column("message", sa.String, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Float, nullable=False),
    )
    op.create_index("ix_conversations_channel_message", "conversations", ["channel", "message"])
    op.create_index(
        "ix_conversations_channel_thread_asker_id",
        "conversations",
        ["channel", "thread", "asker", "id"],
    )
    op.create_index("ix_conversations_expires_at", "conversations", ["expires_at"])
    op.create_index("ix_conversations_asker", "conversations", ["asker"])

"""Conversations are looked up by the message of a part of a place, too, whichever part that is."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Take the step."""
    op.drop_index("ix_conversations_channel_message", "conversations")
    op.create_index("ix_conversations_message_channel", "conversations", ["message", "channel"])

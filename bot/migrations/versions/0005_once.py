"""The same words at the same moment are one question, whichever replicas take them in."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Take the step."""
    op.add_column("inbox", sa.Column("slot", sa.BigInteger))
    op.drop_index("ix_inbox_fingerprint", "inbox")
    op.create_index("ix_inbox_fingerprint_slot", "inbox", ["fingerprint", "slot"], unique=True)

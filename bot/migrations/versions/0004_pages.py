"""What pages said, and how their links are."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "pages",
        sa.Column("url", sa.String, primary_key=True),
        sa.Column("final", sa.String, nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("etag", sa.String),
        sa.Column("modified", sa.String),
        sa.Column("fetched", sa.Float, nullable=False),
        sa.Column("extract", sa.Text, nullable=False),
        sa.Column("summary", sa.Text),
        sa.Column("summary_language", sa.String),
        sa.Column("summary_source", sa.String),
    )
    op.create_table(
        "passages",
        sa.Column("url", sa.String, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("page", sa.Integer),
        sa.Column("heading", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("terms", sa.Text, nullable=False),
    )
    op.create_table(
        "links",
        sa.Column("url", sa.String, primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("asked", sa.Float, nullable=False),
        sa.Column("due", sa.Float, nullable=False),
        sa.Column("strikes", sa.Integer, nullable=False),
        sa.Column("struck", sa.Float, nullable=False),
        sa.Column("detail", sa.String, nullable=False),
        sa.Column("moved", sa.String),
        sa.Column("archived", sa.String),
        sa.Column("lease_until", sa.Float, nullable=False, server_default="0"),
    )
    op.create_index("ix_links_due", "links", ["due"])

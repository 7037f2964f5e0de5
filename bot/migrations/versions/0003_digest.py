"""The paper of the week: subscriptions, editions, rulings, arrivals, deliveries, paces."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Take the step."""
    _subscriptions()
    _editions()
    _deliveries()


def _text(*names: str) -> list["sa.Column[str]"]:
    return [sa.Column(name, sa.String, nullable=False) for name in names]


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", _ID, primary_key=True),
        *_text("channel", "platform"),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("minute", sa.Integer, nullable=False),
        *_text("zone", "language", "edition"),
        sa.Column("filters", sa.Text, nullable=False),
        *_text("by", "script", "state", "why"),
        sa.Column("until", sa.Float, nullable=False),
        *_text("next_week"),
        sa.Column("next_at", sa.Float),
        *_text("skip"),
        sa.Column("strikes", sa.Integer, nullable=False),
        sa.UniqueConstraint("channel", name="uq_subscriptions_channel"),
    )
    op.create_index("ix_subscriptions_next_at", "subscriptions", ["next_at"])
    op.create_index("ix_subscriptions_by", "subscriptions", ["by"])


def _editions() -> None:
    op.create_table(
        "editions",
        sa.Column("id", _ID, primary_key=True),
        *_text("edition", "week"),
        sa.Column("filters", sa.Text, nullable=False),
        *_text("entry", "revision", "reasons"),
        sa.Column("preview", sa.String),
        sa.Column("lease_until", sa.Float, nullable=False),
        sa.UniqueConstraint("edition", "week", name="uq_editions_edition_week"),
    )
    op.create_table(
        "rulings",
        *(
            sa.Column(name, sa.String, primary_key=True)
            for name in ("kind", "week", "edition", "entry")
        ),
    )
    op.create_table(
        "arrivals",
        sa.Column("entry", sa.String, primary_key=True),
        sa.Column("week", sa.String, nullable=False),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("subscription", sa.BigInteger, nullable=False),
        *_text("week", "platform"),
        sa.Column("due_at", sa.Float, nullable=False),
        *_text("state"),
        sa.Column("lease_until", sa.Float, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
        *_text("entry", "message", "reason"),
        sa.Column("at", sa.Float, nullable=False),
        sa.UniqueConstraint("subscription", "week", name="uq_deliveries_subscription_week"),
    )
    op.create_index(
        "ix_deliveries_state_platform_lease_until",
        "deliveries",
        ["state", "platform", "lease_until"],
    )
    op.create_index("ix_deliveries_week_state", "deliveries", ["week", "state"])
    op.create_table(
        "paces",
        sa.Column("platform", sa.String, primary_key=True),
        sa.Column("next_at", sa.Float, nullable=False),
    )

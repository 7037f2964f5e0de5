"""How Alembic runs a step: on the connection it is given, inside that connection's transaction."""

from alembic import context

import corpus.store  # noqa: F401  # each import adds its tables to the metadata
from corpus.database import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a column by making the table anew
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()

"""Runs the steps, as Alembic asks for it, on the connection of whoever called for them."""

from alembic import context

from payments_mock.storage.migrations import connection_of, metadata_of

config = context.config
context.configure(
    connection=connection_of(config), target_metadata=metadata_of(), render_as_batch=True, compare_type=True
)
with context.begin_transaction():
    context.run_migrations()

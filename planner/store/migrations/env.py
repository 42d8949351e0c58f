"""Run by alembic with the connection that `planner.store.migrate` holds, inside its transaction."""

from __future__ import annotations

from alembic import context

from planner.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    on_version_apply=context.config.attributes["applied"],
)
with context.begin_transaction():
    context.run_migrations()

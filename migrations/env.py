"""Alembic's entry: runs the scripts of `versions/` on the connection that `ingestd.store.migrate` hands in.

To write the next one: change `ingestd/store/schema.py`, copy the newest script in `versions/` under the
next number, fill in what changed, and set `HEAD` in `ingestd/store/migrate.py`. Scripts use plain
SQLAlchemy types and texts of their own, never today's schema, so that they still do in years what they
do now.
"""

from alembic import context

from ingestd.store.schema import metadata


def run() -> None:
    """Migrate in the caller's transaction."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        # SQLite alters tables by copying them.
        render_as_batch=True,
    )
    context.run_migrations()


run()

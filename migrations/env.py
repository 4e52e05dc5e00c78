"""Alembic's way into the database: the engine is handed over, or made from the environment."""

import os

from alembic import context
from sqlalchemy import Connection, Engine

from tracker.counter import rise
from tracker.db import make_engine
from tracker.history import counting, reconcile, triggers
from tracker.schema import Base
from tracker.settings import Settings


def _engine() -> Engine:
    handed = context.config.attributes.get("engine")
    if handed is not None:
        return handed
    return make_engine(Settings.from_environ(os.environ).database_url)


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and name is not None and "_fts" in name)


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        include_name=_ours,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        triggers.drop(connection)
        context.run_migrations()
        if triggers.present(connection):
            reconcile.reconcile(connection)
            triggers.install(connection)
        if counting.present(connection):
            rise(connection)


with _engine().connect().execution_options(writing=True) as connection:
    if connection.dialect.name == "postgresql":
        # Two processes that start at once migrate one after the other.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7245121)")
    _migrate(connection)
    connection.commit()

"""Alembic's way into the database: the engine is handed over, or made from the environment."""

import os
from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine

from tracker.counter import rise
from tracker.db import make_engine
from tracker.derived import triggers as stale
from tracker.derived.working_out import work_out_all
from tracker.history import counting, reconcile, triggers
from tracker.migrate import kinds_after, rows_changed
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
    steps: list[Any] = []
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        include_name=_ours,
        transaction_per_migration=False,
        on_version_apply=lambda step, **_more: steps.append(step),
    )
    migration = context.get_context()
    with context.begin_transaction():
        unwatched = bool(stale.missing(connection))
        untold = not triggers.present(connection) or bool(triggers.missing(connection))
        stale.drop(connection)
        triggers.drop(connection)
        context.run_migrations()
        if triggers.present(connection):
            # It reads all that there is: minutes, where there are a million agreements.
            asked = context.config.attributes.get("compare", False)
            if asked or untold or rows_changed(steps):
                reconcile.reconcile(connection)
            triggers.install(connection)
        after = migration.get_current_heads()
        # What is derived is derived from the tables of this program, not from older ones.
        if set(after) == set(context.script.get_heads()) and stale.present(connection):
            work_out_all(connection, None if unwatched else kinds_after(steps))
            stale.install(connection)
        if counting.present(connection):
            rise(connection)


with _engine().connect().execution_options(writing=True) as connection:
    if connection.dialect.name == "postgresql":
        # Two processes that start at once migrate one after the other.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7245121)")
    _migrate(connection)
    connection.commit()

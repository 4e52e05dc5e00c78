"""Backups: one file that holds the whole database as it stood at one moment.

A backup goes back into the kind of database that it was made of; what moves between kinds are the
files of `tracker export`.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import DBAPIError

from tracker import migrate
from tracker.backups import postgres, sqlite
from tracker.backups.files import BackupRefused, Progress, kind_of

__all__ = ["BackupRefused", "Progress", "restore", "save"]

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def save(engine: Engine, target: Path, progress: Progress, *, force: bool = False) -> None:
    """Write a backup while others go on reading and writing; raises BackupRefused.

    It holds everything that was saved before it began. Until it is whole and checked, it bears
    another name; an older file of the name stays unless ``force`` is set. A database whose schema
    is older than this program's is saved as it is: before an upgrade is when a backup is wanted.
    """
    migrate.refuse_newer(engine)
    if migrate.current(engine) is None:
        raise BackupRefused("The database has no tables yet, so there is nothing to save.")
    if target.exists() and not force:
        raise BackupRefused(f"{target} is there already. Name another file, or add --force.")
    way = sqlite if engine.dialect.name == "sqlite" else postgres
    way.save(engine, target, progress, force=force)


def restore(engine: Engine, source: Path, progress: Progress) -> None:
    """Put a backup into an empty place; raises BackupRefused, and then nothing has changed there.

    The backup is checked first. One with an older schema is brought to the newest: a file of SQLite
    before it is put into place, a database of PostgreSQL afterwards, by a transaction of its own.
    """
    kind = kind_of(source)
    if kind != engine.dialect.name:
        raise BackupRefused(
            f"{source} is a backup of {KINDS[kind]}, and TRACKER_DATABASE_URL names a database of "
            f"{KINDS[engine.dialect.name]}. Restore it into {KINDS[kind]}, or move the records "
            "with tracker export and tracker import."
        )
    _must_be_empty(engine)
    if kind == "sqlite":
        sqlite.restore(engine, source, progress)
        return
    postgres.restore(engine, source, progress)
    try:
        migrate.upgrade(engine)
    except DBAPIError as error:
        raise BackupRefused(
            f"The backup is in place with its older schema, which could not be brought to the "
            f"newest: {error.orig}. tracker init tries again."
        ) from None


def _must_be_empty(engine: Engine) -> None:
    place = Path(engine.url.database or "")
    if engine.dialect.name == "sqlite" and not place.exists():
        return
    try:
        migrate.check_writable(engine)
        tables = inspect(engine).get_table_names()
    finally:
        # No connection may hold the file that is about to be replaced.
        engine.dispose()
    if tables:
        shown = engine.url.render_as_string(hide_password=True)
        raise BackupRefused(
            f"The database {shown} is not empty, and a backup is restored into an empty one only. "
            "Set TRACKER_DATABASE_URL to a new place, or move the old database away."
        )

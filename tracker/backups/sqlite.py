"""Backups of SQLite: a copy of the file, made by SQLite itself in one reading transaction."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from tracker import migrate
from tracker.backups.files import BackupRefused, Progress, must_be_known, written_whole
from tracker.db import BUSY_TIMEOUT_MS, make_engine

PAGES_AT_ONCE = 2_000


def save(engine: Engine, target: Path, progress: Progress, *, force: bool) -> None:
    """Copy, check the copy, and give it its name."""
    source = Path(engine.url.database or "")
    if target.exists() and target.samefile(source):
        raise BackupRefused(f"{target} is the database itself. Name another file.")
    with written_whole(target, force=force) as draft:
        with _said_of(target), closing(_open(source)) as old, closing(_open(draft)) as new:
            # While this transaction reads, each step of the copy sees the same moment, and SQLite
            # need not begin anew after each write of somebody else.
            old.execute("BEGIN")
            old.execute("SELECT count(*) FROM sqlite_master").fetchone()
            old.backup(
                new,
                pages=PAGES_AT_ONCE,
                progress=lambda _status, left, total: progress(total - left, total),
            )
            old.execute("ROLLBACK")
            # A file on its own: without WAL, it needs no others beside it.
            new.execute("PRAGMA journal_mode = DELETE")
        _verify(draft, target)


def restore(engine: Engine, source: Path, progress: Progress) -> None:
    """Copy beside the place, check and bring to the newest schema there, then put into place."""
    place = Path(engine.url.database or "")
    _refuse_leftovers(place)
    if _beside(source, "-wal"):
        raise BackupRefused(
            f"{source} is a database in use, since there is {source}-wal. "
            "Make a backup of it with tracker backup."
        )
    with written_whole(place, force=place.exists()) as draft:
        progress(0, 2)
        shutil.copyfile(source, draft)
        progress(1, 2)
        _verify(draft, source)
        _upgrade(draft, source)
        progress(2, 2)


def _refuse_leftovers(place: Path) -> None:
    """SQLite would play a log that lies there into the restored file."""
    for end in ("-wal", "-journal"):
        if _beside(place, end):
            raise BackupRefused(
                f"{place}{end} is left over from another database. Move it away first, "
                "with the database that it belongs to."
            )


def _beside(path: Path, end: str) -> bool:
    other = path.with_name(path.name + end)
    return other.exists() and other.stat().st_size > 0


def _verify(path: Path, shown: Path) -> None:
    """Refuse a file whose pages, keys or schema are not in order."""
    _refuse_cut(path, shown)
    with _said_of(shown), closing(_open(path)) as database:
        damage = [line for (line,) in database.execute("PRAGMA integrity_check(1)")]
        if damage != ["ok"]:
            raise BackupRefused(f"{shown} is damaged: {damage[0]}.")
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        revision = None
        if {"alembic_version", "agreement"} <= tables:
            row = database.execute("SELECT version_num FROM alembic_version").fetchone()
            revision = row[0] if row else None
        must_be_known(shown, revision)
        stray = database.execute("PRAGMA foreign_key_check").fetchone()
        if stray is not None:
            raise BackupRefused(
                f"{shown} is damaged: {stray[0]} {stray[1]} points at a row of {stray[2]} "
                "that is not there."
            )


def _refuse_cut(path: Path, shown: Path) -> None:
    """SQLite takes what is missing at the end of a file for zeros (its file format, 1.3)."""
    with path.open("rb") as file:
        header = file.read(100)
    page = int.from_bytes(header[16:18], "big")
    page = 65536 if page == 1 else page
    wanted, size = page * int.from_bytes(header[28:32], "big"), path.stat().st_size
    if size != wanted:
        raise BackupRefused(f"{shown} is damaged: it has {size} bytes of {wanted}.")


def _upgrade(path: Path, shown: Path) -> None:
    engine = make_engine(f"sqlite:///{path}")
    try:
        migrate.upgrade(engine)
    except DBAPIError as error:
        raise BackupRefused(
            f"The schema of {shown} could not be brought to the newest: {error.orig}."
        ) from None
    finally:
        engine.dispose()
    with closing(_open(path)) as database:
        database.execute("PRAGMA journal_mode = DELETE")


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)


@contextmanager
def _said_of(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise BackupRefused(f"{path} cannot be written or read whole: {error}.") from None

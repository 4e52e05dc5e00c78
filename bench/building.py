"""Databases of a size, as the program itself would have made them, kept from run to run.

The migrations and the seeds come first, then the data set in portions, all in one transaction as an
import's: in bulk, so that the history and whatever else follows from rows is whole, and `tracker
check` finds nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from itertools import count, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, false, func, insert, select, text
from sqlalchemy.orm import Session

from bench import dataset, words
from bench.mapping import CHANGED_AT, COLUMNS, OWNERS, Numbers, Row, rows_of
from bench.stories import read_stories
from tracker import migrate, schema
from tracker.agreements.models import Agreement
from tracker.agreements.topics import Topic
from tracker.authorship import AUTHOR, Author, Way, in_bulk
from tracker.commissions.models import Commission
from tracker.db import make_engine
from tracker.history.writing import tell
from tracker.indexes import LOOKS, look_anew, made_at_once
from tracker.meetings.models import Meeting
from tracker.parties.models import Party
from tracker.people.models import Person
from tracker.sqlite_cache import LARGE_KIB, cache_of
from tracker.text import fold

ROOT = Path(__file__).parent.parent
PORTION = 10_000
Say = Callable[[str], object]


def data_folder(kept: Path, n: int, seed: int = dataset.SEED) -> Path:
    """The folder of the data set's files, which are made if they are not there."""
    folder = kept / f"data-{n}-{seed}"
    if not folder.exists():
        part = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        dataset.generate(n, part, seed)
        part.rename(folder)
    return folder


def key_of(n: int, seed: int = dataset.SEED) -> str:
    """What a built database is kept by: another size, seed or schema is another database."""
    return f"{n}_{seed}_{migrate.head()}"


def build(url: str, folder: Path, say: Say) -> None:
    """Fill an empty database with the seeds and the data set of a folder."""
    # All of the program is here, so that what is derived is worked out with the records.
    assert schema.Base.metadata.tables
    tracker(url, "init")
    engine = make_engine(url)
    try:
        numbers = _numbers(engine)
        with _writing(engine, "the agreements of the data set") as session:
            _take_all(session, folder, numbers, say)
            say("what follows from them is worked out")
            session.commit()
        _settle(engine)
    finally:
        engine.dispose()


# The program's command, by the Python that measures.
COMMAND = (sys.executable, "-c", "from tracker.cli import main; main()")


def tracker(url: str, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the program's command on a database; raises CalledProcessError with what it said."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environ(url),
        check=True,
        capture_output=True,
        text=True,
        **more,
    )


def environ(url: str, uploads: Path | None = None) -> dict[str, str]:
    """What the program is told from outside: its database, and nothing of this machine's.

    It keeps what Python has compiled, as it does where nobody says otherwise.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TRACKER_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    own = {
        "PYTHONPATH": str(ROOT),
        "TRACKER_DATABASE_URL": url,
        "TRACKER_SECRET_KEY": "for measuring only",
    }
    return kept | own | ({"TRACKER_UPLOADS": str(uploads)} if uploads else {})


def _writing(engine: Engine, note: str) -> Session:
    session = Session(engine.execution_options(writing=True))
    session.info[AUTHOR] = Author("the data set", Way.COMMAND)
    tell(session, note=note)
    return session


def _numbers(engine: Engine) -> Numbers:
    """Record the topics and the people, and read what everything is called."""
    moment = {"version": 1}
    with _writing(engine, "topics and people") as session:
        topics = [
            {"name": name, "name_key": fold(name), "code": f"DATA-{number:02}", **moment}
            for number, name in enumerate(words.TOPICS, 1)
        ]
        names = sorted({f"{given} {family}" for given in words.GIVEN for family in words.FAMILY})
        people = [{"name": name, "name_key": fold(name), **moment} for name in names]
        session.execute(insert(Topic), topics)
        session.execute(insert(Person), people)
        session.commit()
        codes = session.execute(select(Topic.code, Topic.id).where(Topic.code.like("DATA-%")))
        return Numbers(
            parties=dict(session.execute(select(Party.code, Party.id)).tuples().all()),
            topics={int(code[5:]): number for code, number in codes},
            people=dict(session.execute(select(Person.name, Person.id)).tuples().all()),
            agreement=_last(session, Agreement),
            commission=_last(session, Commission),
            meeting=_last(session, Meeting),
        )


def _last(session: Session, model: Any) -> int:
    return session.scalar(select(func.coalesce(func.max(model.id), 0))) or 0


def _take_all(session: Session, folder: Path, numbers: Numbers, say: Say) -> None:
    """Put in all rows, in portions, and tell what hears of rows in bulk whose they are."""
    coming = sum(1 for _story in read_stories(folder))
    # A statement of the session opens the entry of the history; the others go by the driver.
    session.execute(delete(Topic).where(false()))
    stories = read_stories(folder)
    done = 0
    with ExitStack() as stack:
        connection = session.connection()
        stack.enter_context(cache_of(connection, LARGE_KIB))
        for tables in OWNERS.values():
            stack.enter_context(made_at_once(connection, tables, coming))
        tellers = {
            kind: stack.enter_context(in_bulk(session, tables, coming))
            for kind, tables in OWNERS.items()
        }
        for portion in count(1):
            some = list(islice(stories, PORTION))
            if not some:
                break
            found = rows_of(some, numbers)
            for table in COLUMNS:
                _insert(session, table, found.get(table, []))
            for kind, tell_of in tellers.items():
                tell_of([row[0] for row in found.get(kind, [])])
            if portion in LOOKS:
                look_anew(connection, COLUMNS)
            done += len(some)
            say(f"{done:,} agreements are in")
    look_anew(session.connection(), COLUMNS)


def _insert(session: Session, table: str, rows: list[Row]) -> None:
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    columns = ", ".join(COLUMNS[table])
    if connection.dialect.name == "postgresql":
        with driver.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join("?" * len(COLUMNS[table]))
    driver.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", map(_plain, rows))


def _plain(row: Row) -> Row:
    """SQLite keeps days as texts, and moments without their zone."""
    return tuple(
        value.isoformat()
        if isinstance(value, date)
        else CHANGED_AT.removesuffix("+00:00")
        if value is CHANGED_AT
        else value
        for value in row
    )


def _settle(engine: Engine) -> None:
    """Let ids go on behind the highest one, and let the database know what it holds."""
    if engine.dialect.name == "sqlite":
        with engine.execution_options(writing=True).begin() as connection:
            connection.execute(text("ANALYZE"))
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in ("agreement", "commission", "meeting"):
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            connection.execute(text(f"SELECT setval({sequence}, max(id)) FROM {table}"))
        connection.execute(text("VACUUM ANALYZE"))

"""Fresh databases for tests: made once by the migrations, then copied for each test."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.orm import Session

from tracker import migrate
from tracker.authorship import AUTHOR, Author, Way
from tracker.catalogue import TABLES
from tracker.columns import Reading
from tracker.db import make_engine
from tracker.importing import Importer
from tracker.tabular import read_sheet

Prepare = Callable[[Engine], None]


def migrated(engine: Engine) -> None:
    """Bring an empty database to the newest schema."""
    migrate.upgrade(engine)


def with_seeds(engine: Engine) -> None:
    """Bring an empty database to the newest schema and load the seeds as the program does."""
    migrated(engine)
    with Session(engine.execution_options(writing=True)) as session:
        session.info[AUTHOR] = Author("the seeds", Way.SEEDS)
        for name, table in TABLES.items():
            sheet = read_sheet((migrate.ROOT / "seeds" / f"{name}.csv").read_bytes())
            Importer(table, Reading(session, date(2026, 11, 24), bulk=True)).run(sheet)
        session.commit()


def empty(engine: Engine) -> None:
    """Leave a database without any table."""


def prepare_once(url: str, prepare: Prepare) -> None:
    """Run *prepare* and close every connection, so that the database can be copied."""
    engine = make_engine(url)
    try:
        prepare(engine)
    finally:
        engine.dispose()


class SqliteDatabases:
    """Databases as files in *folder*."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._templates: dict[Prepare, Path] = {}

    def _template(self, prepare: Prepare) -> Path:
        if prepare not in self._templates:
            path = self.folder / f"template-{len(self._templates)}.db"
            prepare_once(f"sqlite:///{path}", prepare)
            path.touch()
            self._templates[prepare] = path
        return self._templates[prepare]

    @contextmanager
    def fresh(self, prepare: Prepare, folder: Path, name: str = "tracker") -> Iterator[str]:
        """Give the address of a copy, in *folder*, of what *prepare* makes."""
        path = folder / f"{name}.db"
        for old in folder.glob(f"{path.name}*"):
            old.unlink()
        shutil.copyfile(self._template(prepare), path)
        yield f"sqlite:///{path}"


class PostgresDatabases:
    """Databases of the server at *url*."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self._numbers = itertools.count(1)
        self._templates: dict[Prepare, str] = {}
        self._admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with self._admin.connect() as connection:
            version: int = connection.connection.driver_connection.info.server_version
        # Copying files is quicker than writing each page to the log, the way since version 15.
        self._copying = " STRATEGY FILE_COPY" if version >= 150_000 else ""

    def _execute(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)

    def _address(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    def _template(self, prepare: Prepare) -> str:
        if prepare not in self._templates:
            name = f"template_{next(self._numbers)}"
            self._execute(f"CREATE DATABASE {name}")
            prepare_once(self._address(name), prepare)
            self._templates[prepare] = name
        return self._templates[prepare]

    @contextmanager
    def fresh(self, prepare: Prepare, folder: Path, name: str | None = None) -> Iterator[str]:
        """Give the address of a copy of what *prepare* makes; it is dropped afterwards."""
        template = self._template(prepare)
        name = name or f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}{self._copying}")
        try:
            yield self._address(name)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Close the connection to the server."""
        self._admin.dispose()


Databases = SqliteDatabases | PostgresDatabases

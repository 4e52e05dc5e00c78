"""A database in which every text field of every record has held every hostile text.

It is filled through the forms, once a test run and not once a worker. PostgreSQL gets the same
records from the files of the first: so the import has every text, too.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from tests.databases import Databases, migrated, prepare_once
from tests.hostile.filling import fill
from tests.identities import add_account, sign_in
from tracker.accounts.rules import Role
from tracker.app import create_app
from tracker.catalogue import TABLES
from tracker.clock import today
from tracker.columns import Reading
from tracker.importing import Importer
from tracker.settings import Settings
from tracker.tabular import read_sheet

Files = dict[str, bytes]


@contextmanager
def an_editor_of(url: str, uploads: Path) -> Iterator[FlaskClient]:
    """Somebody who is signed in to a site of their own on this database."""
    app = create_app(Settings(database_url=url, secret_key="for tests", uploads=uploads))  # noqa: S106
    app.testing = True
    engine: Engine = app.extensions["engine"]
    client = FlaskClient(app)
    sign_in(client, engine, add_account(engine, Role.EDITOR, "typist@example.org"))
    yield client
    engine.dispose()


def files_of(client: FlaskClient) -> Files:
    """All records as the files of their lists."""
    return {name: client.get(f"/{name}.csv").data for name in TABLES}


def take(session: Session, files: Files) -> dict[str, dict[str, int]]:
    """Import files in the order of their kinds; how many rows of each verdict there were."""
    totals = {}
    for name, content in files.items():
        reading = Reading(session, today(), bulk=True)
        report = Importer(TABLES[name], reading).run(read_sheet(content))
        assert not report.all_errors, [str(error) for error in report.errors[:5]]
        totals[name] = dict(report.totals)
    return totals


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of the filled SQLite database, its files beside it; the first one makes it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "hostile"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            _make(folder)
            (folder / "ready").touch()
    return folder


def _make(folder: Path) -> None:
    url = f"sqlite:///{folder / 'tracker.db'}"
    prepare_once(url, migrated)
    with an_editor_of(url, folder / "uploads") as client:
        fill(client)
        for name, content in files_of(client).items():
            (folder / f"{name}.csv").write_bytes(content)


@pytest.fixture(scope="session")
def files(filled: Path) -> Files:
    """The files of the filled database."""
    return {name: (filled / f"{name}.csv").read_bytes() for name in TABLES}


@pytest.fixture(scope="session")
def imported(files: Files) -> Callable[[Engine], None]:
    """Bring an empty database to the newest schema and import the files."""

    def prepare(engine: Engine) -> None:
        migrated(engine)
        with Session(engine.execution_options(writing=True)) as session:
            take(session, files)
            # As if each had been typed in one go; what points at its own kind is written twice.
            for table in TABLES.values():
                session.execute(update(table.model).values(version=1))
            session.commit()

    return prepare


@pytest.fixture
def database_url(
    backend: str,
    databases: Databases,
    filled: Path,
    imported: Callable[[Engine], None],
    kept_folder: Path,
) -> Iterator[str]:
    """A copy of the filled database."""
    if backend == "sqlite":
        path = kept_folder / "hostile.db"
        for old in kept_folder.glob(f"{path.name}*"):
            old.unlink()
        copyfile(filled / "tracker.db", path)
        yield f"sqlite:///{path}"
        return
    with databases.fresh(imported, kept_folder, name="hostile") as url:
        yield url


@pytest.fixture
def editor(app: Flask, engine: Engine) -> FlaskClient:
    """An editor whose pages the tests read themselves."""
    client = FlaskClient(app)
    sign_in(client, engine, add_account(engine, Role.EDITOR, "reader@example.org"))
    return client


@pytest.fixture
def administrator(app: Flask, engine: Engine) -> FlaskClient:
    client = FlaskClient(app)
    sign_in(client, engine, add_account(engine, Role.ADMINISTRATOR, "chief@example.org"))
    return client

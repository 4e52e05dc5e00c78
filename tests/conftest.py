"""What every test can ask for: a fresh database of each kind, the app, a client that checks pages.

Tests that touch a database run twice, on SQLite and on PostgreSQL. One that needs a single kind
says `@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.databases import Databases, PostgresDatabases, SqliteDatabases, empty, migrated
from tests.network import block_outgoing_connections
from tests.postgres import running_postgres, server_binaries
from tracker.app import create_app
from tracker.catalogue import TABLES
from tracker.columns import Reading
from tracker.db import make_engine
from tracker.importing import Importer
from tracker.migrate import ROOT
from tracker.settings import Settings
from tracker.tabular import read_sheet

NO_POSTGRES = "PostgreSQL's server is not installed"


def pytest_configure() -> None:
    block_outgoing_connections()


def skip_or_fail(reason: str) -> None:
    """Skip on a person's machine; fail where CI would otherwise pass without having looked."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and a CI run must not do without it", pytrace=False)
    pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in plain words which part of the product this run has not seen."""
    reasons = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", [])}
    for reason in sorted(reason.removeprefix("Skipped: ") for reason in reasons):
        if reason.endswith("is not installed"):
            terminalreporter.write_line(f"NOT TESTED: {reason}", yellow=True, bold=True)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    binaries = server_binaries()
    if binaries is None:
        skip_or_fail(NO_POSTGRES)
    with running_postgres(binaries) as url:
        databases = PostgresDatabases(url)
        yield databases
        databases.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database that this run of the test uses."""
    return request.param


@pytest.fixture
def databases(backend: str, request: pytest.FixtureRequest) -> Databases:
    """Where databases of this kind come from."""
    name = "sqlite_databases" if backend == "sqlite" else "postgres_databases"
    return request.getfixturevalue(name)


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with the newest schema and no rows."""
    with databases.fresh(migrated, tmp_path) as url:
        yield url


@pytest.fixture
def empty_database_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database without any table."""
    with databases.fresh(empty, tmp_path) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def db_session(engine: Engine) -> Iterator[Session]:
    """A session of its own, beside the app's: commit before the client is to see anything."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database_url,
        secret_key="a key for tests only",  # noqa: S106
        uploads=tmp_path / "uploads",
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.testing = True
    app.test_client_class = CheckedClient
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def client(app: Flask) -> Iterator[CheckedClient]:
    with app.test_client() as client:
        assert isinstance(client, CheckedClient)
        yield client


@pytest.fixture
def query_counter() -> Callable[[], AbstractContextManager[list[str]]]:
    """Give a block whose list fills with each SQL statement that any engine runs inside it."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            # On SQLite, opening a transaction is a statement too; on PostgreSQL it is not.
            if not statement.startswith("BEGIN"):
                statements.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def seeded(db_session: Session) -> Session:
    """A session on a database that holds the seeds."""
    for name, table in TABLES.items():
        sheet = read_sheet((ROOT / "seeds" / f"{name}.csv").read_bytes())
        Importer(table, Reading(db_session, date(2026, 11, 24), bulk=True)).run(sheet)
    db_session.commit()
    return db_session

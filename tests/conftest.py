"""What every test can ask for: a fresh database of each kind, the app, a client that checks pages.

Tests that touch a database run twice, on SQLite and on PostgreSQL. One that needs a single kind
says `@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)`.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.databases import (
    Databases,
    PostgresDatabases,
    SqliteDatabases,
    empty,
    migrated,
    with_seeds,
)
from tests.identities import add_account, sign_in
from tests.network import block_outgoing_connections
from tests.postgres import in_memory, running_postgres, server_binaries
from tracker.accounts.rules import Role
from tracker.app import create_app
from tracker.db import make_engine
from tracker.settings import Settings

NO_POSTGRES = "PostgreSQL's server is not installed"


def pytest_configure() -> None:
    block_outgoing_connections()
    # A job that a shell runs in the background ignores Ctrl-C, and so would what tests start.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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


@pytest.fixture(scope="session")
def kept_folder() -> Iterator[Path]:
    """A folder for what each test makes anew in the same place."""
    folder = Path(tempfile.mkdtemp(prefix="entente-", dir=in_memory()))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database_url(
    databases: Databases, kept_folder: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The address of a fresh database with the newest schema; with the seeds for who asks so.

    It is the same address in each test of a run, so that engines and apps can be kept.
    """
    prepare = with_seeds if "seeded" in request.fixturenames else migrated
    with databases.fresh(prepare, kept_folder, name="test") as url:
        yield url


@pytest.fixture
def empty_database_url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database without any table."""
    with databases.fresh(empty, tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def engines() -> dict[str, Engine]:
    """Engines by address: what they have compiled is kept, their connections are not."""
    return {}


@pytest.fixture
def engine(database_url: str, engines: dict[str, Engine]) -> Iterator[Engine]:
    if database_url not in engines:
        engines[database_url] = make_engine(database_url)
    yield engines[database_url]
    engines[database_url].dispose()


@pytest.fixture
def db_session(engine: Engine) -> Iterator[Session]:
    """A session of its own, beside the app's: commit before the client is to see anything."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def settings(database_url: str, kept_folder: Path) -> Settings:
    uploads = kept_folder / "uploads"
    shutil.rmtree(uploads, ignore_errors=True)
    return Settings(
        database_url=database_url,
        secret_key="a key for tests only",  # noqa: S106
        uploads=uploads,
    )


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Where each template is kept compiled, so that not every test compiles it anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def apps() -> dict[Settings, Flask]:
    """Apps that were made: to make one takes longer than most pages."""
    return {}


@pytest.fixture
def app(
    settings: Settings,
    compiled_templates: FileSystemBytecodeCache,
    apps: dict[Settings, Flask],
    request: pytest.FixtureRequest,
) -> Iterator[Flask]:
    """The app, kept between tests; one that changes it is marked `own_app` and has one alone."""
    alone = request.node.get_closest_marker("own_app") is not None
    app = None if alone else apps.get(settings)
    if app is None:
        app = create_app(settings)
        app.jinja_env.bytecode_cache = compiled_templates
        app.testing = True
        app.test_client_class = CheckedClient
        if not alone:
            apps[settings] = app
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def anonymous(app: Flask) -> CheckedClient:
    """Somebody who is not signed in."""
    client = app.test_client()
    assert isinstance(client, CheckedClient)
    return client


def _signed_in(app: Flask, engine: Engine, role: Role) -> CheckedClient:
    client = app.test_client()
    assert isinstance(client, CheckedClient)
    sign_in(client, engine, add_account(engine, role))
    return client


@pytest.fixture
def client(app: Flask, engine: Engine) -> CheckedClient:
    """An editor: what most tests need."""
    return _signed_in(app, engine, Role.EDITOR)


@pytest.fixture
def viewer(app: Flask, engine: Engine) -> CheckedClient:
    return _signed_in(app, engine, Role.VIEWER)


@pytest.fixture
def administrator(app: Flask, engine: Engine) -> CheckedClient:
    return _signed_in(app, engine, Role.ADMINISTRATOR)


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
    """A session on a database that holds the seeds: see `database_url`."""
    return db_session

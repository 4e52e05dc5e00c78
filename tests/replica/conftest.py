"""A site that reads from a copy of its database, and on which server each statement ran."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from tests.databases import PostgresDatabases
from tests.postgres import server_binaries
from tests.replica.standby import Standby
from tracker.settings import Settings
from tracker.web.replica import Replica


@pytest.fixture(params=["postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """SQLite has no copies."""
    return str(request.param)


@pytest.fixture(scope="session")
def standby_server(postgres_databases: PostgresDatabases) -> Iterator[Standby]:
    binaries = server_binaries()
    assert binaries is not None
    standby = Standby(binaries, postgres_databases.url)
    yield standby
    standby.end()


@pytest.fixture
def standby(standby_server: Standby, database_url: str) -> Iterator[Standby]:
    """The standby, with a copy of the test's database in it; it goes on afterwards."""
    standby_server.catch_up()
    yield standby_server
    if standby_server.server.poll() is not None:
        standby_server.start()
    standby_server.go_on()
    standby_server.resume()


@pytest.fixture
def settings(settings: Settings, standby: Standby) -> Settings:
    return replace(settings, replica_url=standby.url(settings.database_url))


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    yield app
    app.extensions["copy"].dispose()


@pytest.fixture
def replica(app: Flask) -> Replica:
    """How the site sees its copy."""
    found: Replica = app.extensions["replica"]
    return found


@dataclass
class Ran:
    """The statements that ran on the database itself, and on its copy."""

    own: list[str] = field(default_factory=list)
    copy: list[str] = field(default_factory=list)


@pytest.fixture
def ran(standby: Standby) -> Callable[[], AbstractContextManager[Ran]]:
    """Give a block that notes where each statement of the program ran inside it."""

    @contextmanager
    def noting() -> Iterator[Ran]:
        found = Ran()

        def note(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            on_copy = str(standby.folder) in str(connection.engine.url.query)
            (found.copy if on_copy else found.own).append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield found
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return noting

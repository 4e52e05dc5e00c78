"""A database with what the harness writes about, and servers that end with the test."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.identities import add_account, session_token
from tests.soak.history import EDITOR
from tests.soak.server import RunningServer
from tracker.accounts.rules import Role
from tracker.agreements.topics import Topic
from tracker.db import make_engine
from tracker.parties.models import Party, PartyKind
from tracker.people.models import Person

PLANTED = Path(__file__).parent / "planted"
PROCESSES = 2
WAIT_SECONDS = 30
Start = Callable[..., RunningServer]
Look = Callable[[], Session]


@pytest.fixture
def ground(database_url: str) -> str:
    """The address of a database with two parties, two topics and a person."""
    engine = make_engine(database_url)
    with Session(engine) as session:
        for code, name in (("IR", "Iran"), ("UZ", "Uzbekistan")):
            session.add(Party(code=code, name=name, kind=PartyKind.STATE))
        for code, name in (("ENV", "Environment"), ("SEC", "Security")):
            session.add(Topic(code=code, name=name))
        session.add(Person(name="Ada Aryan"))
        session.commit()
    engine.dispose()
    return database_url


@pytest.fixture
def token(ground: str) -> str:
    """The cookie of an editor's session."""
    engine = make_engine(ground)
    token = session_token(engine, add_account(engine, Role.EDITOR, EDITOR))
    engine.dispose()
    return token


@pytest.fixture
def start(ground: str, token: str, tmp_path: Path) -> Iterator[Start]:
    """Start a server of several processes: `start()`, or `start("overwriting")` with a fault."""
    started: list[RunningServer] = []

    def start(fault: str | None = None) -> RunningServer:
        script = PLANTED / f"{fault}.py" if fault else None
        server = RunningServer(ground, tmp_path, processes=PROCESSES, script=script, token=token)
        started.append(server)
        return server

    yield start
    for server in started:
        server.kill()


@contextmanager
def looking(url: str) -> Iterator[Session]:
    """A session, after whatever killed servers still had under way is done or undone."""
    engine = make_engine(url)
    try:
        with Session(engine) as session:
            _settle(session)
            yield session
    finally:
        engine.dispose()


def _settle(session: Session) -> None:
    """PostgreSQL notices a while later that a client is gone; a lock on a file goes with it."""
    if session.get_bind().dialect.name != "postgresql":
        return
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    until = time.monotonic() + WAIT_SECONDS
    while session.scalar(others):
        session.rollback()
        assert time.monotonic() < until, "Servers that were killed are still connected."
        time.sleep(0.05)
    session.rollback()

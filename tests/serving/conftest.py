"""Servers in processes of their own, that end with the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.identities import add_account, session_token
from tests.soak.server import RunningServer
from tracker.accounts.rules import Role

Start = Callable[..., RunningServer]


@pytest.fixture
def start(database_url: str, engine: Engine, tmp_path: Path) -> Iterator[Start]:
    """Start a server on the test's database: `start(processes=3)`."""
    token = session_token(engine, add_account(engine, Role.EDITOR))
    started: list[RunningServer] = []

    def start(processes: int = 2) -> RunningServer:
        started.append(RunningServer(database_url, tmp_path, processes=processes, token=token))
        return started[-1]

    yield start
    for server in started:
        server.kill()

"""Servers in processes of their own, that end with the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.soak.server import RunningServer

Start = Callable[..., RunningServer]


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Iterator[Start]:
    """Start a server on the test's database: `start(processes=3)`."""
    started: list[RunningServer] = []

    def start(processes: int = 2) -> RunningServer:
        started.append(RunningServer(database_url, tmp_path, processes=processes))
        return started[-1]

    yield start
    for server in started:
        server.kill()

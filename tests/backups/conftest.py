"""`tracker backup` and `tracker restore` on databases of this kind."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.databases import Databases, empty
from tracker.cli import cli

Run = Callable[..., Result]


def tracker(url: str, *words: str, **env: str) -> Result:
    """Run a command on the database of this address."""
    told = {"TRACKER_DATABASE_URL": url, "TRACKER_SECRET_KEY": "for tests", **env}
    return CliRunner().invoke(cli, list(words), env=told)


def refusal(result: Result) -> str:
    """What a command said that refused."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    return result.stderr


@pytest.fixture
def backup(database_url: str, tmp_path: Path) -> Run:
    """`backup(FILE, …)` of the test's database."""
    return lambda file, *words, **env: tracker(database_url, "backup", str(file), *words, **env)


@pytest.fixture
def place(databases: Databases, backend: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty place; for SQLite, where there is no file yet."""
    folder = tmp_path / "place"
    folder.mkdir()
    if backend == "sqlite":
        yield f"sqlite:///{folder}/tracker.db"
        return
    with databases.fresh(empty, folder) as url:
        yield url


@pytest.fixture
def restore(place: str) -> Run:
    """`restore(FILE)` into the empty place."""
    return lambda file, **env: tracker(place, "restore", str(file), **env)

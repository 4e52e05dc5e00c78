"""What keeps `run`, `init` and `import` from starting: the reason, what to do, and status 1."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from tracker.cli import cli
from tracker.db import make_engine

COMMANDS = ("run", "init", "import")
Run = Callable[[str, str], Result]


@pytest.fixture
def start(tmp_path: Path) -> Run:
    """Start one of the commands on the database of this address."""
    file = tmp_path / "people.csv"
    file.write_text("id,name,native_name,other_names,note\r\n", encoding="utf-8")

    def start(command: str, url: str) -> Result:
        words = ["import", "people", str(file)] if command == "import" else [command]
        env = {"TRACKER_DATABASE_URL": url, "TRACKER_SECRET_KEY": "for tests", "PORT": "1"}
        return CliRunner().invoke(cli, words, env=env)

    return start


def said(result: Result) -> str:
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_cannot_be_made_is_named(start: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "taken").write_text("a file, not a folder", encoding="utf-8")

    words = said(start(command, f"sqlite:///{tmp_path}/taken/tracker.db"))

    assert f"The folder {tmp_path}/taken cannot be made" in words
    assert "or set TRACKER_DATABASE_URL to another place." in words


@pytest.fixture
def closed_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that is there and that nobody here may write into."""
    if os.geteuid() == 0:
        # Root may write into every folder but those of the kernel.
        yield Path("/proc")
        return
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    yield folder
    folder.chmod(0o700)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_is_not_writable_is_refused(
    start: Run, closed_folder: Path, command: str
) -> None:
    words = said(start(command, f"sqlite:///{closed_folder}/tracker.db"))

    assert "Give the user who runs Entente the right to write that file and its folder" in words


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_file_that_is_a_folder_is_refused(
    start: Run, tmp_path: Path, command: str
) -> None:
    (tmp_path / "tracker.db").mkdir()

    words = said(start(command, f"sqlite:///{tmp_path}/tracker.db"))

    assert "cannot be used: unable to open database file" in words
    assert "Give the user who runs Entente the right to write that file" in words


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_no_database_is_refused(start: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "tracker.db").write_text("not a database " * 100, encoding="utf-8")

    words = said(start(command, f"sqlite:///{tmp_path}/tracker.db"))

    assert "cannot be used: file is not a database" in words


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_of_a_newer_program_is_refused(
    start: Run, database_url: str, command: str
) -> None:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffff00000000'"))
    engine.dispose()

    words = said(start(command, database_url))

    assert "The database is newer than this program (its revision is ffff00000000)." in words
    assert "Install the newer Entente, or use another database." in words


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.mark.parametrize("command", COMMANDS)
def test_a_postgresql_that_is_down_is_refused(start: Run, closed_port: int, command: str) -> None:
    url = f"postgresql://somebody:secret@127.0.0.1:{closed_port}/entente"

    words = said(start(command, url))

    assert "cannot be used" in words
    assert "Start PostgreSQL, or correct TRACKER_DATABASE_URL." in words
    assert "secret" not in words


@pytest.mark.parametrize("command", ["run", "import"])
def test_a_database_without_tables_is_refused(
    start: Run, empty_database_url: str, command: str
) -> None:
    words = said(start(command, empty_database_url))

    assert (
        "The database has no tables yet, or those of an older Entente. Run: tracker init" in words
    )


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://127.0.0.1/x", "Entente works with sqlite and postgresql."),
        ("nothing", "which is no database address"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(start: Run, url: str, reason: str) -> None:
    assert reason in said(start("run", url))

"""An import that is stopped or killed while it writes has changed nothing, and says so."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text

from tracker.history import triggers
from tracker.schema import Base

COUNT = 20_000
COMMAND = (sys.executable, "-c", "from tracker.cli import main; main()")


def contents(engine: Engine) -> dict[str, Any]:
    """How many rows each table has, and what keeps the history."""
    with engine.connect() as connection:
        tables = sorted(set(inspect(connection).get_table_names()) & set(Base.metadata.tables))
        found: dict[str, Any] = {
            name: connection.scalar(text(f'SELECT count(*) FROM "{name}"'))  # noqa: S608
            for name in tables
        }
        found["missing"] = triggers.missing(connection)
    return found


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    rows = "".join(f"{number},Person {number},,P {number},\r\n" for number in range(1, COUNT + 1))
    path.write_text("id,name,native_name,other_names,note\r\n" + rows)
    return path


def begun(
    path: Path, url: str, stage: bytes = b"Writing", command: Sequence[str] = COMMAND
) -> tuple[subprocess.Popen[bytes], int]:
    """An import on a terminal of its own that has reached a stage, and the terminal."""
    terminal, theirs = pty.openpty()
    environment = os.environ | {"TRACKER_DATABASE_URL": url, "TRACKER_SECRET_KEY": "for tests"}
    process = subprocess.Popen(
        [*command, "import", "people", str(path)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while stage not in said or b"%" not in said:
        said += os.read(terminal, 4096)
    assert b"Checking" in said
    return process, terminal


def rest(terminal: int) -> bytes:
    """What the process said until it ended; a terminal then gives an error."""
    said = b""
    try:
        while piece := os.read(terminal, 4096):
            said += piece
    except OSError:
        pass
    os.close(terminal)
    return said


@pytest.mark.parametrize("stage", [b"Writing", b"Working out what follows"])
def test_ctrl_c_changes_nothing(
    people: Path, database_url: str, engine: Engine, stage: bytes
) -> None:
    before = contents(engine)
    process, terminal = begun(people, database_url, stage)

    process.send_signal(signal.SIGINT)
    said = rest(terminal)

    assert process.wait() == 130, said.decode()
    assert "Stopped. Nothing was changed." in said.decode()
    assert contents(engine) == before


def test_a_killed_import_has_changed_nothing(
    people: Path, database_url: str, engine: Engine
) -> None:
    before = contents(engine)
    process, terminal = begun(people, database_url)

    process.kill()
    rest(terminal)

    assert process.wait() == -signal.SIGKILL
    assert contents(engine) == before

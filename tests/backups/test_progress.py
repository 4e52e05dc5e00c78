"""A backup shows a bar on a terminal and plain lines elsewhere."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.soak.server import TRACKER, environ


def on_a_terminal(command: list[str], env: dict[str, str]) -> str:
    """What a command shows whose standard error is a terminal."""
    ours, its = pty.openpty()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=its)
    os.close(its)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:
        # Linux says so when the last program on a terminal is gone.
        pass
    finally:
        os.close(ours)
    assert process.wait() == 0, shown
    return shown.decode()


def test_a_terminal_shows_a_bar(database_url: str, tmp_path: Path) -> None:
    command = [sys.executable, *TRACKER, "backup", str(tmp_path / "file.backup")]

    shown = on_a_terminal(command, environ(database_url, tmp_path))

    assert "Copying" in shown
    assert "100%" in shown


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_elsewhere_there_are_plain_lines(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "file.backup"
    command = [sys.executable, *TRACKER, "backup", str(file)]

    done = subprocess.run(
        command, env=environ(database_url, tmp_path), capture_output=True, text=True
    )

    size = f"{file.stat().st_size:,}"
    assert done.stderr == "Copying …\n"
    assert done.stdout == f"{file} holds the database, {size} bytes. It was checked.\n"

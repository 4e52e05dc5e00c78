"""`tracker export --output`: the whole file or none; a bar on a terminal, Ctrl-C leaves nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.backups.test_progress import on_a_terminal
from tests.serving.test_downloads import SLOW, batches_read
from tests.serving.test_processes import until
from tests.soak.server import TRACKER, environ

START_SECONDS = 120  # on a machine that is busy with other tests


def test_a_terminal_shows_a_bar(seeded: Session, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "parties.xlsx"
    words = ["export", "parties", "--format", "xlsx", "--output", str(file)]

    shown = on_a_terminal([sys.executable, *TRACKER, *words], environ(database_url, tmp_path))

    assert "Writing parties" in shown
    assert "100%" in shown
    assert file.read_bytes().startswith(b"PK")
    assert file.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_after_ctrl_c_what_was_there_is_there(
    seeded: Session, database_url: str, tmp_path: Path
) -> None:
    script, folder = tmp_path / "slow.py", tmp_path / "out"
    script.write_text(SLOW)
    (tmp_path / "uploads").mkdir()
    folder.mkdir()
    file = folder / "parties.csv"
    file.write_text("as it was")
    words = ["export", "parties", "--output", str(file)]
    command = [sys.executable, str(script), *words]
    env = environ(database_url, tmp_path)
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
        try:
            until(lambda: batches_read(tmp_path) > 2, START_SECONDS)
            process.send_signal(signal.SIGINT)
            _out, said = process.communicate(timeout=START_SECONDS)
        finally:
            process.kill()

    assert (process.returncode, said) == (130, "Stopped. Nothing was written.\n")
    assert [(one.name, one.read_text()) for one in folder.iterdir()] == [(file.name, "as it was")]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_place_that_cannot_be_written_is_said(
    seeded: Session, database_url: str, tmp_path: Path
) -> None:
    words = ["export", "parties", "--output", str(tmp_path / "missing" / "parties.csv")]

    done = subprocess.run(
        [sys.executable, *TRACKER, *words],
        env=environ(database_url, tmp_path),
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("cannot be written: No such file or directory.\n")

"""The application as another WSGI server takes it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

ROOT = Path(__file__).parent.parent
ASK = "import wsgi; print(wsgi.app.test_client().get('/healthz').text)"


def ask(url: str, uploads: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env=os.environ
        | {
            "TRACKER_DATABASE_URL": url,
            "TRACKER_SECRET_KEY": "for tests",
            "TRACKER_UPLOADS": str(uploads),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_it_answers(database_url: str, engine: Engine, tmp_path: Path) -> None:
    found = ask(database_url, tmp_path / "uploads")

    assert (found.returncode, found.stdout) == (0, "ok\n"), found.stderr


def test_a_database_that_is_not_ready_is_named_before_anybody_asks(
    empty_database_url: str, tmp_path: Path
) -> None:
    found = ask(empty_database_url, tmp_path / "uploads")

    assert found.returncode == 1
    assert "DatabaseUnusable" in found.stderr
    assert "tracker init" in found.stderr


def test_a_setting_that_cannot_be_used_is_named(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_PROXIES", "many")

    found = ask(database_url, tmp_path / "uploads")

    assert found.returncode == 1
    assert "TRACKER_PROXIES" in found.stderr

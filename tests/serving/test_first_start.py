"""What two processes that start at once, and a day later, find of each other's files."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tracker.settings import Settings, SettingsError
from tracker.tabular import FileRefused
from tracker.web import uploads


def test_two_first_starts_get_one_secret(tmp_path: Path) -> None:
    for round_ in range(20):
        environ = {"TRACKER_DATABASE_URL": f"sqlite:///{tmp_path}/{round_}/tracker.db"}
        barrier = Barrier(8)

        def secret(environ: dict[str, str] = environ, barrier: Barrier = barrier) -> str:
            barrier.wait()
            return Settings.from_environ(environ).secret_key

        with ThreadPoolExecutor(8) as pool:
            secrets = {one.result() for one in [pool.submit(secret) for _ in range(8)]}

        assert len(secrets) == 1
        assert len(secrets.pop()) == 64
        files = list((tmp_path / str(round_)).iterdir())
        assert [(p.name, p.stat().st_mode & 0o777) for p in files] == [("secret_key", 0o600)]


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()

    with pytest.raises(SettingsError, match=r"is empty\. Delete it, and a new key is made\."):
        Settings.from_environ({"TRACKER_DATABASE_URL": f"sqlite:///{tmp_path}/tracker.db"})


def test_uploads_lie_beside_the_database_unless_a_place_is_set(tmp_path: Path) -> None:
    environ = {
        "TRACKER_DATABASE_URL": f"sqlite:///{tmp_path}/tracker.db",
        "TRACKER_SECRET_KEY": "for tests",
    }

    assert Settings.from_environ(environ).uploads == tmp_path / "uploads"
    elsewhere = Settings.from_environ(environ | {"TRACKER_UPLOADS": "/srv/entente/uploads"})
    assert elsewhere.uploads == Path("/srv/entente/uploads")


def test_only_old_uploads_are_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    old, young = uploads.keep(folder, b"old"), uploads.keep(folder, b"young")
    (folder / "somebody's own").write_text("x")
    day_before = time.time() - uploads.KEPT_SECONDS - 1
    for name in (f"{old}.upload", "somebody's own"):
        os.utime(folder / name, (day_before, day_before))

    new = uploads.keep(folder, b"new")

    assert uploads.kept(folder, young) == b"young"
    assert uploads.kept(folder, new) == b"new"
    assert (folder / "somebody's own").exists()
    with pytest.raises(FileRefused):
        uploads.kept(folder, old)


@pytest.mark.parametrize("token", ["", ".", "..", "../x", "a/b", "/etc/passwd", "x\0"])
def test_a_token_leads_to_nothing_outside_the_folder(tmp_path: Path, token: str) -> None:
    (tmp_path / "x.upload").write_text("not to be read")
    uploads.prepare(tmp_path / "uploads")

    with pytest.raises(FileRefused):
        uploads.kept(tmp_path / "uploads", token)

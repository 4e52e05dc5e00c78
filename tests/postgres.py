"""A private PostgreSQL for the tests, from the machine's own server binaries.

It listens on a Unix socket in a folder of its own and on no network address, and ends with the
tests. PostgreSQL refuses to run as root, so root hands it to the user `postgres`.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg

ROLE = "entente"
INITDB = ["-A", "trust", "-U", ROLE, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
# Tests can lose their data in a crash of the machine: nothing waits for the disk.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
}


ROOMY = 4 * 1024**3
MEMORY = Path("/dev/shm")  # noqa: S108 -- folders in it are made by mkdtemp


def in_memory() -> Path | None:
    """A folder that lies in memory, where there is one with room: files there cost next to nothing.

    A test's database is some 500 files on PostgreSQL; to copy them on a disk takes a quarter of a
    second, ten times as long.
    """
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    return MEMORY if usable and shutil.disk_usage(MEMORY).free > ROOMY else None


def server_binaries() -> Path | None:
    """Return the folder of `initdb` and `postgres`, of the newest version, or None."""
    debian = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if debian:
        return max(debian, key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def unprivileged(folder: Path) -> dict[str, Any]:
    """Return how to start a process that may run PostgreSQL, and give it *folder*."""
    options: dict[str, Any] = {"cwd": folder}
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return options


def _wait_until_up(server: subprocess.Popen[bytes], dsn: str, log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(dsn):
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


@contextlib.contextmanager
def running_postgres(
    binaries: Path, settings: Mapping[str, str] = SETTINGS, kept: Path | None = None
) -> Iterator[str]:
    """Start a server; give the SQLAlchemy URL of its database `postgres`.

    It is a fresh one, unless it is to keep its data in the folder *kept*.
    The other folder is made directly under the temporary folder, since the path of a Unix socket
    may hold some 100 characters only.
    """
    folder = Path(tempfile.mkdtemp(prefix="entente-pg-", dir=in_memory()))
    options = unprivileged(folder)
    data = folder / "data" if kept is None else kept
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        unprivileged(kept)
    try:
        if not (data / "PG_VERSION").exists():
            initdb = [binaries / "initdb", "-D", data, *INITDB]
            subprocess.run(initdb, check=True, capture_output=True, **options)
        given = [f"-c{name}={value}" for name, value in settings.items()]
        with (folder / "log").open("wb") as log:
            command = [binaries / "postgres", "-D", data, "-k", folder, *given]
            server = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options
            )
        try:
            _wait_until_up(server, f"host={folder} user={ROLE} dbname=postgres", folder / "log")
            yield f"postgresql+psycopg://{ROLE}@/postgres?host={folder}"
        finally:
            # The "fast" shutdown: open connections are ended, not waited for.
            server.send_signal(signal.SIGINT)
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)

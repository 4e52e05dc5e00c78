"""A streaming standby of the tests' own PostgreSQL, made with its own tools, on a Unix socket."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, create_engine, make_url
from sqlalchemy.pool import NullPool

from tests.postgres import ROLE, SETTINGS, unprivileged

WAIT_SECONDS = 120


def until(holds: Callable[[], bool]) -> None:
    """Wait for what must come to hold."""
    end = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < end, "It did not come to hold."
        time.sleep(0.02)


class Standby:
    """Follows the server at *primary*; it can be stopped in every way that a server stops."""

    def __init__(self, binaries: Path, primary: URL) -> None:
        self.primary = primary
        self.postgres = binaries / "postgres"
        self.folder = Path(tempfile.mkdtemp(prefix="entente-copy-"))
        self.options = unprivileged(self.folder)
        host = primary.query["host"]
        copied = [binaries / "pg_basebackup", "-D", self.folder / "data", "-R", "-c", "fast"]
        subprocess.run(
            [*copied, "--no-sync", "-d", f"host={host} user={ROLE} dbname=postgres"],
            check=True,
            capture_output=True,
            **self.options,
        )
        self.start()

    def url(self, database_url: str) -> str:
        """The address of the copy of a database."""
        address = make_url(database_url).update_query_dict({"host": str(self.folder)})
        return address.render_as_string(hide_password=False)

    def start(self) -> None:
        """Start it, also after it was killed: what was left of it may need a moment to go."""
        self._launch()
        until(self._is_up)

    def _launch(self) -> None:
        wanted = SETTINGS | {"log_statement": "all"}
        settings = [f"-c{name}={value}" for name, value in wanted.items()]
        with (self.folder / "log").open("ab") as log:
            self.server: subprocess.Popen[bytes] = subprocess.Popen(
                [self.postgres, "-D", self.folder / "data", "-k", self.folder, *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self.options,
            )

    def _is_up(self) -> bool:
        if self.server.poll() is not None:
            self._launch()
        with suppress(psycopg.OperationalError):
            return bool(self.ask("SELECT pg_is_in_recovery()"))
        return False

    def ask(self, query: str) -> Any:
        """One value from the copy's server."""
        with psycopg.connect(
            f"host={self.folder} user={ROLE} dbname=postgres", autocommit=True
        ) as connection:
            done = connection.execute(query)
            row = done.fetchone() if done.description else None
            return row[0] if row else None

    def ran(self, words: str) -> int:
        """How often the standby itself says that it ran a statement with these words in it."""
        return (self.folder / "log").read_text(encoding="utf-8").count(words)

    def pause(self) -> None:
        """Let it lag: what it is sent is kept, and not shown."""
        self.ask("SELECT pg_wal_replay_pause()")
        until(lambda: self.ask("SELECT pg_get_wal_replay_pause_state()") == "paused")

    def resume(self) -> None:
        """Let it go on."""
        self.ask("SELECT pg_wal_replay_resume()")

    def catch_up(self) -> None:
        """Wait until it shows all that the database itself shows now."""
        engine = create_engine(self.primary, poolclass=NullPool)
        with engine.connect() as connection:
            place = connection.exec_driver_sql("SELECT pg_current_wal_insert_lsn()").scalar()
        until(lambda: self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{place}'"))

    def hang(self) -> None:
        """Let all its processes stand still: connections stay, and nothing is answered."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let them run again."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        # Its children lead groups of their own.
        task = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children")
        for child in [*task.read_text().split(), self.server.pid]:
            with suppress(ProcessLookupError):  # it ended since it was listed
                os.kill(int(child), number)

    def kill(self) -> None:
        """Let it die at once, as with its machine.

        Before, it notes how far it is: what it did since then it does again at its next start.
        """
        engine = create_engine(self.primary, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("CHECKPOINT")
        self.catch_up()
        self.ask("CHECKPOINT")
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()

    def end(self) -> None:
        """Stop it and remove what it wrote."""
        if self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)
            self.server.wait(WAIT_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)

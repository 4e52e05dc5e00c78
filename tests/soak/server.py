"""The program as it is really run: `tracker run` in processes of its own, on a free port."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

WAIT_SECONDS = 30
TRACKER = ["-c", "from tracker.cli import main; main()"]


class RunningServer:
    """A server on loopback; it and its workers are one group of processes, to be killed as one.

    *script* is a Python file that stands in for the command: it plants a fault and then runs it.
    *more* are further settings.
    """

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        processes: int = 2,
        script: Path | None = None,
        token: str = "",
        more: Mapping[str, str] | None = None,
    ) -> None:
        self.token = token  # of an editor's session
        program = [str(script)] if script else TRACKER
        words = ["run", "--port", "0", "--processes", str(processes)]
        self.log = folder / "server.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *program, *words],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
                env=environ(url, folder) | dict(more or {}),
            )
        assert self.process.stdout is not None
        said = self.process.stdout.readline().split()
        if len(said) < 4:
            self.process.wait(WAIT_SECONDS)
            raise RuntimeError(f"The server did not start:\n{self.log.read_text()}")
        self.port = int(said[3].rpartition(":")[2])

    def workers(self) -> list[int]:
        """The numbers of the worker processes that are alive."""
        number = self.process.pid
        path = Path(f"/proc/{number}/task/{number}/children")
        return [int(child) for child in path.read_text().split()]

    def stop(self) -> int:
        """End it as a system does, and give its exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(WAIT_SECONDS)
        self._close()
        return status

    def kill(self) -> None:
        """End all its processes at once, as kill -9 does; those that are gone are gone."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(WAIT_SECONDS)
        self._close()

    def _close(self) -> None:
        assert self.process.stdout is not None
        self.process.stdout.close()


def environ(url: str, folder: Path) -> dict[str, str]:
    """What a command of these tests is told from outside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    return kept | {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "TRACKER_DATABASE_URL": url,
        "TRACKER_SECRET_KEY": "a key for tests only",
        "TRACKER_UPLOADS": str(folder / "uploads"),
    }

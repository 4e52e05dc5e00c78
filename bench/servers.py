"""Servers in processes of their own: started, weighed, ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.building import COMMAND, ROOT, environ

PROCESSES = 2
_WAIT_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A server that answers on loopback, since when it was started, and what it said then."""

    process: subprocess.Popen[Any]
    port: int
    started_at: float
    said: str = ""

    def processes(self) -> list[int]:
        """The numbers of its processes, the first one's and its children's."""
        found, waiting = [], [self.process.pid]
        while waiting:
            number = waiting.pop()
            found.append(number)
            with suppress(OSError):
                children = Path(f"/proc/{number}/task/{number}/children").read_text()
                waiting.extend(map(int, children.split()))
        return found

    def memory(self) -> int:
        """Its own memory in bytes: proportional set size, so that what is shared counts once."""
        return sum(_pss(number) for number in self.processes())

    def processor(self) -> float:
        """The seconds of a processor that it has used so far; others who work do not count."""
        return sum(_processor(number) for number in self.processes())


def _processor(number: int) -> float:
    found = 0
    for path in Path(f"/proc/{number}/task").glob("*/schedstat"):
        with suppress(OSError):
            found += int(path.read_text().split()[0])
    return found / 1e9


def _pss(number: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


@contextmanager
def running(
    command: Sequence[str], variables: dict[str, str], log: Path, *, folder: Path = ROOT
) -> Iterator[Server]:
    """Start a command that says its address in its first line; end it afterwards."""
    started_at = time.perf_counter()
    with log.open("ab") as errors:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=variables,
            cwd=folder,
            start_new_session=True,
        )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        if "127.0.0.1:" not in said:
            process.wait(_WAIT_SECONDS)
            raise RuntimeError(f"{command[0]} did not start:\n{log.read_text()}")
        port = int(said.partition("127.0.0.1:")[2].split()[0].rstrip("/."))
        yield Server(process, port, started_at, said.strip())
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_WAIT_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert process.stdout is not None
    process.stdout.close()


@contextmanager
def program(url: str, folder: Path, processes: int = PROCESSES) -> Iterator[Server]:
    """The program as it is recommended to be run."""
    command = [*COMMAND, "run"]
    command += ["--port", "0", "--processes", str(processes)]
    with running(command, environ(url, folder / "uploads"), folder / "program.log") as server:
        yield server


@contextmanager
def limit(database: str, folder: Path, *, postgres: bool) -> Iterator[Server]:
    """The limit, with as many processes."""
    command = [sys.executable, "-m", "bench.limit", "--database", database]
    command += ["--processes", str(PROCESSES), *(["--postgresql"] if postgres else [])]
    with running(command, environ(""), folder / "limit.log") as server:
        yield server

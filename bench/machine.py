"""What a run was made on: command, computer, versions, day, commit."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from bench.building import ROOT
from tests.postgres import server_binaries


def described(kind: str, n: int) -> str:
    """One paragraph about the run; the rows say at which commit each was measured."""
    words = ["make bench", *([f"N={n}"] if n != 10_000 else [])]
    words += ["DB=postgresql"] if kind == "postgresql" else []
    engine = _postgres() if kind == "postgresql" else f"SQLite {sqlite3.sqlite_version}"
    day = datetime.now(UTC).date().isoformat()
    return (
        f"`{' '.join(words)}`: {n:,} agreements, {engine}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores of {_processor()}, {_memory()} of memory; {day}."
    )


def commit() -> str:
    """The commit that is checked out, with a + where files differ from it."""
    said = _git("rev-parse", "--short", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no", "tracker", "migrations")
    return f"{said}{'+' if changed else ''}" if said else "unknown"


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory() -> str:
    first = Path("/proc/meminfo").read_text().splitlines()[0]
    return f"{int(first.split()[1]) / 1024**2:.0f} GB"


def _postgres() -> str:
    binaries = server_binaries()
    assert binaries is not None
    done = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True)
    return f"PostgreSQL {done.stdout.split()[2]}"

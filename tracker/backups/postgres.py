"""Backups of PostgreSQL: an archive of pg_dump, restored by pg_restore in one transaction."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryFile

from sqlalchemy import Engine, text

from tracker.backups.files import BackupRefused, Progress, must_be_known, written_whole
from tracker.schema import Base

DEBIAN = Path("/usr/lib/postgresql")
VERSION_TABLE = "alembic_version"
# Who owns what and who may do what there is the affair of the server that it goes to.
PLAIN = ("--no-owner", "--no-privileges")


def save(engine: Engine, target: Path, progress: Progress, *, force: bool) -> None:
    """Dump, read the archive back, and give it its name."""
    program = _program("pg_dump", _server_version(engine))
    address, secrets = _address(engine)
    total = len(Base.metadata.tables)
    with written_whole(target, force=force) as draft:
        words = ["--format=custom", *PLAIN, "--verbose", f"--file={draft}", f"--dbname={address}"]
        command = [program, *words]
        done = 0
        lines: list[str] = []
        with subprocess.Popen(  # noqa: S603
            command, stderr=subprocess.PIPE, text=True, errors="replace", env=_environ(secrets)
        ) as dump:
            assert dump.stderr is not None
            for line in dump.stderr:
                lines.append(line)
                if "dumping contents of table" in line:
                    done += 1
                    progress(min(done, total), total)
        if dump.returncode:
            raise BackupRefused(f"pg_dump has failed: {_reason(dump.returncode, lines)}")
        _verify(draft, target)


def restore(engine: Engine, source: Path, progress: Progress) -> None:
    """Check the archive, then restore all of it or nothing."""
    progress(0, 2)
    _verify(source, source)
    progress(1, 2)
    address, secrets = _address(engine)
    words = ["--single-transaction", "--exit-on-error", *PLAIN, f"--dbname={address}"]
    _run([_program("pg_restore"), *words, str(source)], secrets, f"{source} was not restored")
    progress(2, 2)


def _verify(path: Path, shown: Path) -> None:
    """Read the whole archive; refuse one that is cut off, damaged, or not ours."""
    program, said = _program("pg_restore"), f"{shown} is damaged"
    contents = _run([program, "--list", str(path)], {}, said)
    names = set(re.findall(r"TABLE DATA \S+ (\S+)", contents))
    if not {VERSION_TABLE, "agreement"} <= names:
        must_be_known(shown, None)
    _run([program, "--file=/dev/null", str(path)], {}, said)
    words = ["--data-only", f"--table={VERSION_TABLE}", "--file=-"]
    rows = _run([program, *words, str(path)], {}, said)
    found = re.search(rf"COPY \S*{VERSION_TABLE} \(version_num\) FROM stdin;\n(\w+)\n", rows)
    must_be_known(shown, found[1] if found else None)


def _address(engine: Engine) -> tuple[str, dict[str, str]]:
    """Where the database is, for libpq, and what no other user may see in a list of processes."""
    # All commands and servers read this module, and most have no PostgreSQL.
    from psycopg.conninfo import make_conninfo

    _none, found = engine.dialect.create_connect_args(engine.url)
    password = found.pop("password", None)
    found.pop("context", None)
    return make_conninfo(**found), {"PGPASSWORD": str(password)} if password else {}


def _environ(secrets: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C", **secrets}


def _run(command: list[str], secrets: Mapping[str, str], said: str) -> str:
    with TemporaryFile() as errors:
        done = subprocess.run(  # noqa: S603
            command, stdout=subprocess.PIPE, stderr=errors, env=_environ(secrets), check=False
        )
        errors.seek(0)
        lines = errors.read().decode(errors="replace").splitlines()
    if done.returncode:
        raise BackupRefused(f"{said}: {_reason(done.returncode, lines)}")
    return done.stdout.decode(errors="replace")


def _reason(status: int, lines: Iterable[str]) -> str:
    """What a program of PostgreSQL gives as its reason: its first line about an error."""
    for line in lines:
        if "error" in line.lower() or "fatal" in line.lower():
            return re.sub(r"^pg_\w+: (error: )?", "", line.strip())
    return f"it was ended by signal {-status}" if status < 0 else f"its status is {status}"


def _server_version(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SHOW server_version_num"))) // 10_000


def _program(name: str, least: int = 0) -> str:
    """The oldest program of PostgreSQL here that is as new as the server; the newest for 0.

    An older one cannot read the server, and an archive of a newer one needs a newer pg_restore.
    """
    found = sorted((version, path) for path in _installed(name) if (version := _version(path)))
    if not found:
        raise BackupRefused(
            f"The program {name} is not installed here. Install PostgreSQL's client programs "
            "(on Debian and Ubuntu: sudo apt-get install postgresql-client)."
        )
    enough = [path for version, path in found if version >= least]
    if not enough:
        raise BackupRefused(
            f"The program {name} here is of version {found[-1][0]}, too old for a server of "
            f"version {least}. Install PostgreSQL's client programs of version {least} or newer."
        )
    return enough[0] if least else found[-1][1]


def _installed(name: str) -> list[str]:
    on_path = shutil.which(name)
    debian = [str(path) for path in DEBIAN.glob(f"*/bin/{name}")]
    return [*debian, *([on_path] if on_path else [])]


def _version(path: str) -> int:
    done = subprocess.run(  # noqa: S603
        [path, "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    return int(found[1]) if found else 0

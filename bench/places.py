"""Where the measured databases are: built once for a size, a seed and a schema, then kept."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import Connection, create_engine, make_url, text

from bench import limit_tables
from bench.building import ROOT, Say, build, data_folder, key_of
from tests.postgres import running_postgres, server_binaries

KEPT = ROOT / "var" / "bench"
# As a server is run whose data matter: what is committed is on the disk.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "512MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
}


@dataclass(frozen=True)
class Kept:
    """Where databases are kept: a folder and, for PostgreSQL, the address of a running server."""

    folder: Path
    server: str = ""


@dataclass(frozen=True)
class Places:
    """The program's database as an SQLAlchemy address, and the limit's as a file or a DSN."""

    n: int
    url: str
    limit: str
    data: Path
    work: Path
    kept: Kept

    @property
    def postgres(self) -> bool:
        """Whether both are databases of PostgreSQL."""
        return bool(self.kept.server)


@contextmanager
def keeping(kind: str, folder: Path) -> Iterator[Kept]:
    """Where databases of a kind are kept; PostgreSQL runs as long as the block lasts."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield Kept(folder)
        return
    binaries = server_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL's server is not installed on this machine.")
    with running_postgres(binaries, SETTINGS, folder / "postgresql") as url:
        yield Kept(folder, url)


def places(kept: Kept, n: int, say: Say) -> Places:
    """Both databases with so many agreements, built if they are not there."""
    data = data_folder(kept.folder, n)
    work = kept.folder / "work"
    work.mkdir(exist_ok=True)
    made = _postgres(kept.server, n, data, say) if kept.server else _sqlite(kept, n, data, say)
    return Places(n, *made, data, work, kept)


@contextmanager
def copied(source: Places, name: str) -> Iterator[str]:
    """The address of a copy of the program's database, which goes away after the block."""
    if not source.postgres:
        path = source.work / f"{name}.db"
        _remove(path)
        shutil.copyfile(source.url.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        _remove(path)
        return
    template = make_url(source.url).database
    with _server(source.kept.server) as server:
        server.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        server.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        yield make_url(source.url).set(database=name).render_as_string(hide_password=False)
        server.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def _sqlite(kept: Kept, n: int, data: Path, say: Say) -> tuple[str, str]:
    folder = kept.folder / f"sqlite_{key_of(n)}"
    folder.mkdir(exist_ok=True)
    program, limit = folder / "tracker.db", folder / "limit.db"
    if not program.exists():
        part = folder / "part.db"
        _remove(part)
        build(f"sqlite:///{part}", data, say)
        _remove(program)
        part.rename(program)
    if not limit.exists():
        part = folder / "limit-part.db"
        _remove(part)
        with closing(sqlite3.connect(part)) as connection:
            limit_tables.fill(connection, data, postgres=False)
        part.rename(limit)
    return f"sqlite:///{program}", str(limit)


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _postgres(url: str, n: int, data: Path, say: Say) -> tuple[str, str]:
    key = key_of(n)
    program = _database(url, f"tracker_{key}", lambda address: build(address, data, say))
    limit = _database(url, f"limit_{key}", lambda address: _fill(address, data))
    return program, dsn(limit)


def _fill(address: str, data: Path) -> None:
    with psycopg.connect(dsn(address)) as connection:
        limit_tables.fill(connection, data, postgres=True)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")


def _database(url: str, name: str, make: Say) -> str:
    """The address of a database of this name; one that is not there is made under another name."""
    part = make_url(url).set(database=f"{name}_part").render_as_string(hide_password=False)
    with _server(url) as server:
        query = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if server.scalar(query, {"name": name}) is None:
            server.execute(text(f'DROP DATABASE IF EXISTS "{name}_part"'))
            server.execute(text(f'CREATE DATABASE "{name}_part"'))
            make(part)
            server.execute(text(f'ALTER DATABASE "{name}_part" RENAME TO "{name}"'))
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _server(url: str) -> Iterator[Connection]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def dsn(address: str) -> str:
    """An SQLAlchemy address of PostgreSQL as the driver and its own programs take it."""
    found = make_url(address)
    host = found.query.get("host", found.host or "")
    return f"host={host} user={found.username} dbname={found.database}"

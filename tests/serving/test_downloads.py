"""Downloads from a real server: the first bytes, who leaves, who is slow, and too many at once."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from tests.serving.test_processes import until
from tests.soak.server import RunningServer
from tests.soak.visitor import Visitor
from tracker.people.models import Person
from tracker.text import PARAGRAPHS
from tracker.web.export_views import MOST_AT_ONCE

# One row a batch, and each takes a while, so that a download lasts; each leaves a file.
SLOW = """
import os, time
from pathlib import Path
from tracker.cli import main
from tracker.columns.batches import Batches
from tracker.exporting import contents

contents.BATCH = 1
read = Batches.read

def slowly(self, connection, ids):
    Path(os.environ["TRACKER_UPLOADS"], f"{ids[0]}.read").touch()
    time.sleep(0.05)
    return read(self, connection, ids)

Batches.read = slowly
main()
"""
# Each batch is less than what a connection holds in memory.
SMALL = """
from tracker.cli import main
from tracker.exporting import contents

contents.BATCH = 50
main()
"""
HEADER = b"id,code,alpha3"
Serve = Callable[[str], RunningServer]


@pytest.fixture
def serve(database_url: str, tmp_path: Path) -> Iterator[Serve]:
    """Start a server of one process on the test's database: a script stands for the command."""
    started: list[RunningServer] = []

    def serve(script: str) -> RunningServer:
        path = tmp_path / "script.py"
        path.write_text(script)
        started.append(RunningServer(database_url, tmp_path, processes=1, script=path))
        return started[-1]

    yield serve
    for server in started:
        server.kill()


def ask(server: RunningServer, path: str) -> socket.socket:
    asked = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    asked.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    return asked


def receive(asked: socket.socket, wanted: bytes) -> bytes:
    """What comes until the wanted bytes are there."""
    found = b""
    while wanted not in found:
        piece = asked.recv(65_536)
        assert piece, found
        found += piece
    return found


def is_read(engine: Engine) -> bool:
    """Whether somebody else reads the database in a transaction that is open."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            others = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL"
            )
            return bool(connection.scalar(text(others)))
    with engine.execution_options(writing=True).begin() as connection:
        connection.exec_driver_sql("UPDATE party SET version = version")
    raw = engine.raw_connection()
    try:
        raw.execute("PRAGMA busy_timeout = 0")
        (busy, _pages, _done) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        raw.execute("PRAGMA busy_timeout = 15000")
    finally:
        raw.close()
    return bool(busy)


def batches_read(folder: Path) -> int:
    return len(list((folder / "uploads").glob("*.read")))


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx"])
def test_whoever_leaves_ends_the_query(
    seeded: Session, engine: Engine, serve: Serve, tmp_path: Path, kind: str
) -> None:
    server = serve(SLOW)
    total = seeded.scalar(text("SELECT count(*) FROM party"))
    assert total is not None
    seeded.rollback()
    with ask(server, f"/parties.{kind}") as asked:
        if kind == "csv":
            receive(asked, HEADER)
        until(lambda: batches_read(tmp_path) > 2)
        assert is_read(engine)

    until(lambda: not is_read(engine))

    assert batches_read(tmp_path) < total / 2
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_header_comes_before_any_row(
    seeded: Session, engine: Engine, serve: Serve, tmp_path: Path
) -> None:
    with ask(serve(SLOW), "/parties.csv?kind=state") as asked:
        found = receive(asked, HEADER)

        assert batches_read(tmp_path) <= 1
    head = found.partition(b"\r\n\r\n")[0].decode()
    assert 'filename="parties-state-20' in head


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_too_many_at_once_are_told_to_come_again_and_pages_are_answered(
    seeded: Session, serve: Serve, tmp_path: Path
) -> None:
    server = serve(SLOW)
    asked = [ask(server, "/parties.csv") for _ in range(MOST_AT_ONCE)]
    for one in asked:
        receive(one, HEADER)

    with ask(server, "/parties.jsonl") as refused:
        said = receive(refused, b"</html>")
    with closing(Visitor(server.port)) as reader:
        pages = [reader.get(page).status for page in ("/parties", "/", "/agreements/1")]

    assert said.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nRetry-After: 15\r\n" in said
    assert b"Try again in some seconds." in said
    assert pages == [200, 200, 200]
    asked.pop().close()
    until(lambda: _is_served(server))
    for one in asked:
        one.close()


def _is_served(server: RunningServer) -> bool:
    with ask(server, "/topics.csv") as again:
        return b" 200 " in receive(again, b"\r\n")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_file_that_is_taken_at_once_does_not_stay_in_memory(
    db_session: Session, serve: Serve
) -> None:
    note = "x" * 4_000
    rows = [{"name": f"P{n}", "name_key": f"p{n}", "note": note} for n in range(15_000)]
    db_session.execute(insert(Person), rows)
    db_session.commit()
    server = serve(SMALL)
    with ask(server, "/people.csv?q=P1*") as first:
        while first.recv(1_000_000):
            pass
    before = most_memory(server)

    with ask(server, "/people.csv") as asked:
        size = sum(map(len, iter(lambda: asked.recv(1_000_000), b"")))

    assert size > 15_000 * len(note)
    assert most_memory(server) - before < size / 2


def most_memory(server: RunningServer) -> int:
    """The most bytes that a server ever had in memory."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def test_a_reader_who_takes_nothing_holds_neither_thread_nor_transaction(
    db_session: Session, engine: Engine, serve: Serve
) -> None:
    note = "x" * PARAGRAPHS
    rows = [{"name": f"P{n}", "name_key": f"p{n}", "note": note} for n in range(1_500)]
    db_session.execute(insert(Person), rows)
    db_session.commit()
    server = serve("from tracker.cli import main\nmain()\n")

    with ask(server, "/people.csv") as asked:
        receive(asked, b"id,name")
        until(lambda: not is_read(engine))
        rest = b"".join(iter(lambda: asked.recv(1_000_000), b""))

    assert len(rest) > 1_499 * PARAGRAPHS
    assert b",P1499," in rest

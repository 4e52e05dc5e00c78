"""The limit: what the database can do when nothing stands between it and the wire.

A bare WSGI function runs prepared statements through the driver and formats the rows by hand:
without a count, a layout, a sign-in or a translation. The program's own server program serves it,
with as many threads and processes.

    python -m bench.limit --database FILE-OR-DSN [--processes 2]
"""

from __future__ import annotations

import argparse
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable
from html import escape
from typing import Any
from urllib.parse import parse_qs

import psycopg
from waitress.server import create_server

from tracker.serving import THREADS, listen

LINE = "place, number, title, a, b, signed_on, kind, status"
PAGE = 50
SHOWN = 200
PAIR = 100

_LIST = f"SELECT {LINE} FROM agreement"
SQL = {
    "newest": f"{_LIST} ORDER BY place DESC LIMIT {PAGE}",
    "oldest": f"{_LIST} WHERE signed_on > '' ORDER BY signed_on, place LIMIT {PAGE}",
    "last": f"{_LIST} ORDER BY place LIMIT {PAGE}",
    "party": f"SELECT {LINE} FROM agreement WHERE place IN (SELECT place FROM side"
    " WHERE party = ? AND status = ? AND signed_on BETWEEN ? AND ?"
    f" ORDER BY signed_on DESC, place DESC LIMIT {PAGE}) ORDER BY place DESC",
    "one": "SELECT place, number, reference, title, kind, status, signed_on, in_force_on,"
    " a_name, b_name FROM agreement WHERE number = ?",
    "signers": "SELECT side, name, capacity FROM signer WHERE place = ? ORDER BY position",
    "subjects": "SELECT name FROM subject WHERE place = ? ORDER BY position",
    "bodies": "SELECT id, name FROM commission WHERE place = ?",
    "sessions": "SELECT id, number, begins_on, status, city FROM meeting"
    " WHERE commission_id = ? ORDER BY number DESC LIMIT 5",
    "coming": "SELECT id, number, begins_on, status, city, name, a, b FROM meeting"
    f" WHERE begins_on >= ? ORDER BY begins_on, id LIMIT {PAGE}",
    "pair": f"{_LIST} WHERE a = ? AND b = ? ORDER BY place DESC LIMIT {PAIR}",
    "pair_bodies": "SELECT id, name FROM commission WHERE a = ? AND b = ?",
    "pair_meetings": "SELECT id, number, begins_on, status, city, name FROM meeting"
    f" WHERE a = ? AND b = ? ORDER BY begins_on DESC LIMIT {PAIR}",
    "due": "SELECT id, day, title, word, sides FROM due WHERE part = ?"
    f" ORDER BY day, id LIMIT {SHOWN}",
    "save": "UPDATE agreement SET title = ? WHERE number = ?",
}
_SQLITE = {
    "common": f"SELECT {LINE} FROM agreement WHERE place IN (SELECT rowid FROM words"
    f" WHERE words MATCH ? ORDER BY rowid DESC LIMIT {PAGE}) ORDER BY place DESC",
}
_SQLITE["rare"] = _SQLITE["common"]
_POSTGRES = {
    "common": f"{_LIST} WHERE words @@ to_tsquery('simple', ?) ORDER BY place DESC LIMIT {PAGE}",
    # Kept from walking the places: the words' index finds all there are.
    "rare": f"WITH found AS MATERIALIZED (SELECT {LINE} FROM agreement"
    " WHERE words @@ to_tsquery('simple', ?))"
    f" SELECT * FROM found ORDER BY place DESC LIMIT {PAGE}",
}


class Limit:
    """The WSGI function; each thread has a connection of its own."""

    def __init__(self, database: str, *, postgres: bool) -> None:
        self.database = database
        self.postgres = postgres
        self.own = threading.local()
        self.sql = {**SQL, **(_POSTGRES if postgres else _SQLITE)}
        if postgres:
            self.sql = {name: text.replace("?", "%s") for name, text in self.sql.items()}
        self.pages: dict[str, Callable[[dict[str, str]], str]] = {
            "/newest": lambda asked: self.table("newest"),
            "/oldest": lambda asked: self.table("oldest"),
            "/last": lambda asked: self.table("last"),
            "/party": lambda asked: self.table(
                "party", asked["party"], asked["status"], asked["from"], asked["to"]
            ),
            "/rare": lambda asked: self.table("rare", asked["q"]),
            "/common": lambda asked: self.table("common", asked["q"]),
            "/coming": lambda asked: self.table("coming", asked["from"]),
            "/agreement": lambda asked: self.agreement(int(asked["number"])),
            "/relation": lambda asked: self.relation(asked["a"], asked["b"]),
            "/home": lambda asked: self.home(),
        }

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            return self.save(environ, start)
        page = self.pages.get(environ["PATH_INFO"])
        if page is None:
            start("404 Not Found", [("Content-Length", "0")])
            return [b""]
        asked = {k: v[0] for k, v in parse_qs(environ["QUERY_STRING"]).items()}
        body = f"<!DOCTYPE html><title>x</title>{page(asked)}".encode()
        headers = [("Content-Type", "text/html"), ("Content-Length", str(len(body)))]
        start("200 OK", headers)
        return [body]

    def rows(self, name: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of one of the statements."""
        found: list[tuple[Any, ...]] = self.connection().execute(self.sql[name], values).fetchall()
        return found

    def connection(self) -> Any:
        """This thread's connection."""
        if not hasattr(self.own, "connection"):
            self.own.connection = self._connect()
        return self.own.connection

    def _connect(self) -> Any:
        if self.postgres:
            connection = psycopg.connect(self.database, autocommit=True, prepare_threshold=0)
            connection.execute("SET jit = off")
            return connection
        opened = sqlite3.connect(self.database, isolation_level=None, timeout=15)
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute("PRAGMA synchronous=FULL")
        return opened

    def table(self, name: str, *values: Any) -> str:
        """The rows of a statement as a table."""
        return f"<table>{''.join(map(_line, self.rows(name, *values)))}</table>"

    def agreement(self, number: int) -> str:
        """One agreement with its signers, topics, commission and its last sessions."""
        (facts,) = self.rows("one", number)
        parts = [_line(facts), self.table("signers", facts[0]), self.table("subjects", facts[0])]
        for body in self.rows("bodies", facts[0]):
            parts += [_line(body), self.table("sessions", body[0])]
        return "".join(parts)

    def relation(self, a: str, b: str) -> str:
        """What two parties have, whichever of them stands first."""
        parts = [
            self.table(name, *pair)
            for name in ("pair", "pair_bodies", "pair_meetings")
            for pair in ((a, b), (b, a))
        ]
        return "".join(parts)

    def home(self) -> str:
        """What is overdue, due and waited for, and what was recorded last."""
        return "".join(self.table("due", part) for part in ("overdue", "soon", "waiting"))

    def save(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Write a title, in a transaction that is on the disk when the answer is sent."""
        sent = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        asked = {k: v[0] for k, v in parse_qs(sent.decode()).items()}
        connection = self.connection()
        if not self.postgres:
            connection.execute("BEGIN IMMEDIATE")
        connection.execute(self.sql["save"], (asked["title"], int(asked["number"])))
        if not self.postgres:
            connection.execute("COMMIT")
        start("303 See Other", [("Location", "/newest"), ("Content-Length", "0")])
        return [b""]


def _line(row: tuple[Any, ...]) -> str:
    first, *rest = row
    cells = "".join(f"<td>{escape(str(value))}" for value in rest)
    return f"<tr><td><a href=/agreement?number={first}>{first}</a>{cells}"


def serve(app: Limit, processes: int) -> None:
    """Answer on a free port of this computer, until this process is told to end."""
    listener = listen("127.0.0.1", 0)
    sys.stdout.write(f"The limit answers on http://127.0.0.1:{listener.getsockname()[1]} .\n")
    sys.stdout.flush()
    workers = []
    for _ in range(processes):
        worker = os.fork()
        if worker == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            create_server(app, sockets=[listener], ident=None, threads=THREADS).run()
        workers.append(worker)
    signal.signal(signal.SIGTERM, lambda *_: _end(workers))
    for worker in workers:
        os.waitpid(worker, 0)


def _end(workers: list[int]) -> None:
    for worker in workers:
        os.kill(worker, signal.SIGTERM)


def main() -> None:
    """Serve a database of the limit's own tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--database", required=True, help="a file of SQLite, or a DSN")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    serve(Limit(asked.database, postgres=asked.postgresql), asked.processes)


if __name__ == "__main__":
    main()

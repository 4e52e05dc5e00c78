"""A file of new agreements taken by the program, beside the database's own way to take rows."""

from __future__ import annotations

import csv
import os
import pty
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import psycopg

from bench.building import COMMAND, environ, key_of, tracker
from bench.context import Bench, editor, prepare
from bench.places import copied, dsn, places
from bench.saving import Form, Tally, save_waiting
from bench.servers import program
from bench.table import Found, ratio
from tracker.importing.rows import WRITING

# What a new agreement of the data set consists of.
TABLES = ("agreement", "signature", "action", "agreement_topic")
# A database of the seeds, the topics and the people alone.
NOTHING = 0


def take(bench: Bench) -> Iterator[Found]:
    """Import by the command; then the rows that came of it once more, by the database alone."""
    source = places(bench.places.kept, NOTHING, bench.say)
    file = _file(bench)
    with copied(source, "taking") as url:
        process, terminal = _begun(url, file)
        ours = _watched(process, terminal)
        yield from _beside_the_limit(bench, url, ours, "import", f"import of {_agreements(bench)}")


def _agreements(bench: Bench) -> str:
    return f"{bench.places.n:,} agreements"


@dataclass(frozen=True)
class Took:
    """Seconds of an import: of all of it, and from when all rows were checked."""

    whole: float
    writing: float


def _begun(url: str, file: Path) -> tuple[subprocess.Popen[bytes], int]:
    """An import on a terminal of its own, on which it says how far it is."""
    terminal, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "import", "agreements", str(file)],
        env=environ(url),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    return process, terminal


def _watched(process: subprocess.Popen[bytes], terminal: int) -> Took:
    """Watch an import until it ends, from just after it was begun; raises where it fails."""
    begun = perf_counter()
    checked, said = None, b""
    try:
        while piece := os.read(terminal, 4096):
            said = said[-4096:] + piece
            if checked is None and WRITING.encode() in said:
                checked = perf_counter()
    except OSError:
        # Linux says so when the last program on a terminal is gone.
        pass
    finally:
        os.close(terminal)
    if process.wait() or checked is None:
        raise subprocess.CalledProcessError(process.returncode, process.args, stderr=said)
    ended = perf_counter()
    return Took(ended - begun, ended - checked)


def _beside_the_limit(bench: Bench, url: str, ours: Took, key: str, what: str) -> Iterator[Found]:
    """What an import took, beside what the database alone takes for the rows that came of it.

    The ratio is that of rows which are checked already; how many rows a second is of all.
    """
    postgres, folder = bench.places.postgres, bench.places.work / "rows"
    rows = _dump(url, folder, postgres=postgres)
    theirs = _by_database(url, folder, postgres=postgres)
    shutil.rmtree(folder)
    times, rate = ratio(ours.writing, theirs), rows / ours.whole
    limit = f"{'COPY' if postgres else '.import'} of these rows: {theirs:.2f} s"
    what = f"{what}, {rows:,} rows in {len(TABLES)} tables"
    said = f"{ours.writing:.1f} s from when they were checked"
    yield Found(key, what, limit, said, times, "≤ 4 ×", times <= 4)
    said = f"{rate:,.0f} rows a second, {ours.whole:.1f} s"
    yield Found(f"{key}-rate", "the same, in all", "", said, None, "≥ 10,000", rate >= 10_000)


def save_meanwhile(bench: Bench) -> Iterator[Found]:
    """Save again and again while a file is imported by the command into the same database.

    Where SQLite keeps a save waiting, it is sent again as the page does that waits.
    """
    source = places(bench.places.kept, NOTHING, bench.say)
    file = _file(bench)
    tally = Tally(waited=0)
    with copied(source, "saving") as url:
        token, _first = prepare(url)
        with (
            program(url, bench.places.work) as server,
            closing(editor(server, token)) as visitor,
        ):
            form = Form(visitor, "/agreements/1/edit")
            importing, terminal = _begun(url, file)
            with ThreadPoolExecutor(1) as beside_it:
                watched = beside_it.submit(_watched, importing, terminal)
                while not watched.done():
                    save_waiting(form, len(tally.seconds), tally)
                ours = watched.result()
        what = "that import, while somebody saved"
        beside = list(_beside_the_limit(bench, url, ours, "import-beside", what))
    met = tally.errors == 0
    what = f"saving while {_agreements(bench)} are imported"
    said = f"{len(tally.seconds)} saves, {tally.words}"
    # One client waits once for all of the second pass, which a share of its saves would not show.
    said += f", the slowest {max(tally.seconds, default=0):.0f} s"
    yield Found("save-beside-import", what, "", said, None, "no error", met)
    yield from beside


def _file(bench: Bench) -> Path:
    """The agreements of the data set as a file in the program's columns, all of them new."""
    path = bench.places.kept.folder / f"agreements-{key_of(bench.places.n)}.csv"
    if not path.exists():
        whole = path.with_suffix(".whole")
        tracker(bench.places.url, "export", "agreements", "--output", str(whole))
        _as_new(whole, path)
        whole.unlink()
    return path


def _as_new(whole: Path, path: Path) -> None:
    """Leave the seeds' own agreements out, and the numbers of the others."""
    with (
        whole.open(encoding="utf-8-sig", newline="") as given,
        path.open("w", encoding="utf-8", newline="") as made,
    ):
        rows = csv.DictReader(given)
        assert rows.fieldnames is not None
        writer = csv.DictWriter(made, rows.fieldnames)
        writer.writeheader()
        for row in rows:
            if row["references"].startswith("BA-"):
                writer.writerow({**row, "id": ""})


def _dump(url: str, folder: Path, *, postgres: bool) -> int:
    """The tables' rows as plain CSV files, a file a table; how many rows there are."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    count = 0
    for table in TABLES:
        path = folder / f"{table}.csv"
        if postgres:
            with path.open("wb") as file, psycopg.connect(dsn(url)) as connection:
                with connection.cursor().copy(f"COPY {table} TO STDOUT CSV") as blocks:
                    file.writelines(blocks)
                (found,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
        else:
            database = url.removeprefix("sqlite:///")
            with path.open("wb") as file:
                command = ["sqlite3", "-csv", database, f"SELECT * FROM {table}"]
                subprocess.run(command, check=True, stdout=file)
            with closing(sqlite3.connect(database)) as opened:
                (found,) = opened.execute(f"SELECT count(*) FROM {table}").fetchone()
        count += found
    return count


def _by_database(url: str, folder: Path, *, postgres: bool) -> float:
    """Seconds in which the database takes these rows into tables without any key or index."""
    if postgres:
        return _copied_in(url, folder)
    path = folder / "bare.db"
    script = [".mode csv"]
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as opened:
        for table in TABLES:
            names = [row[1] for row in opened.execute(f"PRAGMA table_info({table})")]
            script.append(f"CREATE TABLE {table} ({', '.join(names)});")
    script += [f".import {folder / table}.csv {table}" for table in TABLES]
    begun = perf_counter()
    subprocess.run(["sqlite3", path], input="\n".join(script), check=True, text=True)
    return perf_counter() - begun


def _copied_in(url: str, folder: Path) -> float:
    with psycopg.connect(dsn(url)) as connection:
        for table in TABLES:
            connection.execute(f"CREATE TABLE bare_{table} (LIKE {table})")
        connection.commit()
        begun = perf_counter()
        for table in TABLES:
            with (
                connection.cursor().copy(f"COPY bare_{table} FROM STDIN CSV") as copy,
                (folder / f"{table}.csv").open("rb") as file,
            ):
                while block := file.read(1024 * 1024):
                    copy.write(block)
        connection.commit()
        return perf_counter() - begun

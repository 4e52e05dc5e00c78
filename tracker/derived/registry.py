"""What is derived from what: each feature registers its own derivations here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, delete, select

from tracker.among import among

Ids = Sequence[int]
Rows = Iterable[tuple[Any, ...]]
WorkOut = Callable[[Connection, Ids], None]
More = Callable[[int], None]


@dataclass(frozen=True)
class Reads:
    """A table that a derivation reads, and which records a row of it concerns.

    ``ids`` is a SELECT in plain SQL, the same for both databases, of one column ``id``, in which
    ``{row}`` stands for the row that was written: see `own`. With ``columns``, an UPDATE that
    leaves these as they are concerns nobody; the table must then have a column ``id``.
    """

    table: str
    ids: str
    columns: tuple[str, ...] = ()


def own(column: str) -> str:
    """The ids of the one record that a row names in a column."""
    return f"SELECT {{row}}.{column} AS id"


@dataclass(frozen=True)
class Derivation:
    """Rows that follow from records of one kind.

    ``work_out`` writes them anew for some records, of which some may be deleted by now; ``wrong``
    gives those among some records of which something else is written. Both take at most a batch
    of ids, and neither commits. A table is named once in ``reads``. ``writes`` names the tables
    that are written, each with the column of the record's id by which alone their rows are found.
    ``very_many`` helps where very many records come: it gives what works out their batches, and
    puts their rows in besides, at the latest when it ends; it tells how many it has put in.
    """

    kind: str
    record: str
    reads: tuple[Reads, ...]
    work_out: WorkOut
    wrong: Callable[[Connection, Ids], Iterable[int]]
    writes: Mapping[str, str] = field(default_factory=dict)
    very_many: Callable[[Connection, More], AbstractContextManager[WorkOut]] | None = None


DERIVATIONS: list[Derivation] = []


def register(derivation: Derivation) -> Derivation:
    """Have the program keep a derivation right."""
    DERIVATIONS.append(derivation)
    return derivation


def replaced_rows(
    kind: str,
    record: str,
    reads: tuple[Reads, ...],
    table: Table,
    owner: str,
    rows: Callable[[Connection, Ids], Rows],
) -> Derivation:
    """A derivation whose rows are deleted and inserted: those that ``rows`` gives for records.

    A row has a value for each column of the table, in their order; ``owner`` is the column with
    the record's id.
    """
    names = [column.name for column in table.c]
    own = among(table.c[owner])
    clear, there = delete(table).where(own), select(table).where(own)

    def work_out(connection: Connection, ids: Ids) -> None:
        connection.execute(clear, {"ids": ids})
        write(connection, table, rows(connection, ids))

    def wrong(connection: Connection, ids: Ids) -> Iterable[int]:
        found = {tuple(row) for row in connection.execute(there, {"ids": ids})}
        place = names.index(owner)
        return {row[place] for row in found ^ set(rows(connection, ids))}

    return Derivation(kind, record, reads, work_out, wrong, {table.name: owner})


def together(kind: str, *parts: Derivation) -> Derivation:
    """Derivations of the same records as one: a record is noted once for all of them."""
    read = _united(reads for part in parts for reads in part.reads)

    def work_out(connection: Connection, ids: Ids) -> None:
        for part in parts:
            part.work_out(connection, ids)

    def wrong(connection: Connection, ids: Ids) -> Iterable[int]:
        return {number for part in parts for number in part.wrong(connection, ids)}

    written = {table: owner for part in parts for table, owner in part.writes.items()}
    return Derivation(kind, parts[0].record, read, work_out, wrong, written)


def _united(several: Iterable[Reads]) -> tuple[Reads, ...]:
    """Each table once, with all columns that are named; without columns, a table is read whole."""
    found: dict[str, Reads] = {}
    for reads in several:
        before = found.setdefault(reads.table, reads)
        assert before.ids == reads.ids
        both = (*before.columns, *reads.columns) if before.columns and reads.columns else ()
        found[reads.table] = replace(before, columns=tuple(dict.fromkeys(both)))
    return tuple(found.values())


def write(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert many rows, with a value for each column, by the quickest way of the database.

    Around SQLAlchemy's statements, which take longer for a row than the database does.
    """
    names = ", ".join(column.name for column in table.c)
    rows = list(rows)  # They may be read by this connection, which cannot do so while it copies.
    if connection.dialect.name == "postgresql":
        driver = connection.connection.driver_connection
        assert driver is not None
        copying = f"COPY {table.name} ({names}) FROM STDIN"
        with driver.cursor() as cursor, cursor.copy(copying) as copy:
            for row in rows:
                copy.write_row(row)
        return
    ways = _ways(table, connection.dialect)
    made = [tuple([way(value) if way else value for way, value in zip(ways, row)]) for row in rows]  # noqa: B905
    if made:
        marks = ", ".join("?" * len(table.c))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", made)


@lru_cache(maxsize=16)
def _ways(table: Table, dialect: Dialect) -> list[Callable[[Any], Any] | None]:
    """How the driver wants each column's values; derived rows repeat the same days often."""
    found = (column.type.bind_processor(dialect) for column in table.c)
    return [None if one is None else lru_cache(maxsize=50_000)(one) for one in found]

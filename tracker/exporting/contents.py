"""What a file holds: its header, and its rows a batch at a time from one state of the database."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, Result, Select

from tracker.clock import as_of
from tracker.columns import Table
from tracker.columns.batches import Batches, Vector
from tracker.sqlite_cache import SMALL_KIB, cache_of

# Rows of a batch: enough that a query for each list costs little, few enough that others who want
# the processor wait some hundredths of a second.
BATCH = 1_000
STREAMED = {"stream_results": True, "max_row_buffer": BATCH}
Turn = AbstractContextManager[Any]
Rows = Generator[list[Vector], None, None]


@dataclass(frozen=True)
class Contents:
    """The rows of a file, and how its columns are to be written.

    ``batches`` gives the rows anew each time, as vectors of texts and whole numbers (None for an
    empty cell), or of what JSON holds. Columns that are ``bare`` never look like formulas.
    """

    name: str
    header: tuple[str, ...]
    batches: Callable[[bool], Rows]
    bare: frozenset[str] = frozenset()


def in_batches(rows: Iterable[Sequence[Any]], size: int = BATCH, turn: Turn | None = None) -> Rows:
    """Rows as batches of vectors; each batch is read while it is our turn."""
    given = iter(rows)
    while True:
        with turn or nullcontext():
            some = list(islice(given, size))
        if not some:
            return
        yield list(zip(*some, strict=True))


def records(
    engine: Engine,
    table: Table,
    query: Select[Any],
    day: date | None = None,
    turn: Turn | None = None,
) -> Contents:
    """The records of a query in its order, with what is derived as of a day.

    All is read in one transaction that sees one state of the database, and that ends with the last
    row, or when whoever reads stops: close the iterator. ``turn`` is held while a batch is read.
    """
    ids = query.with_only_columns(table.model.id, maintain_column_froms=True)

    def batches(plain: bool) -> Rows:
        with one_state(engine, ids) as (connection, found):
            reader = _reader(table, day, plain=plain)
            numbers = iter(found.partitions(BATCH))
            while True:
                with turn or nullcontext():
                    some = [row[0] for row in next(numbers, ())]
                    vectors = reader.read(connection, some) if some else []
                if not some:
                    return
                yield vectors

    bare = frozenset(column.name for column in table.columns if column.bare)
    return Contents(table.name, table.header, batches, bare)


def _reader(table: Table, day: date | None, *, plain: bool) -> Batches:
    # The request in which the day was asked for may be over.
    token = as_of.set(day)
    try:
        return Batches(table, plain=plain)
    finally:
        as_of.reset(token)


@contextmanager
def one_state(engine: Engine, query: Select[Any]) -> Iterator[tuple[Connection, Result[Any]]]:
    """The rows of a query as they are asked for, and a connection that sees the same state.

    Nothing is written on it, and nothing of it stays open.
    """
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect() as opened:
        connection = opened.execution_options(**options)
        if engine.dialect.name == "postgresql":
            # Days are asked for as texts.
            connection.exec_driver_sql("SET LOCAL datestyle = 'ISO, YMD'")
        with (
            cache_of(connection, SMALL_KIB),
            connection.execute(query, execution_options=STREAMED) as found,
        ):
            yield connection, found

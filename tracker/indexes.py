"""What helps where very many rows come: a new look at tables, and SQLite's indexes made at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, text

# Fewer records go in one by one: into an index, and into what is worked out of them.
LEAST = 10_000
# As it does in a table that has so many times more rows than there are records to come.
MORE = 4
# After so many batches of rows `look_anew` is worth its time.
LOOKS = (1, 10, 100, 1000)


@contextmanager
def made_at_once(connection: Connection, tables: Mapping[str, str], coming: int) -> Iterator[None]:
    """Do without some tables' indexes while rows of many records are put in.

    Made of all rows in their order, an index takes a twentieth of what it takes to put the same
    rows in one by one, each at another place of a file that no cache holds. ``tables`` says which
    column has the record's id: an index that begins with it stays, as do those that keep values
    unique, since whoever puts the rows in asks for them. ``coming`` is the number of records.

    The block must be in a transaction that is rolled back when an exception leaves it: then the
    indexes are as they were. PostgreSQL would have to keep all readers out meanwhile.
    """
    if connection.dialect.name != "sqlite" or coming < LEAST:
        yield
        return
    found = [
        index
        for table, owner in tables.items()
        if _rows(connection, table) <= MORE * coming
        for index in _indexes(connection, table, owner)
    ]
    for name, _statement in found:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    yield
    for _name, statement in found:
        connection.exec_driver_sql(statement)


def look_anew(connection: Connection, tables: Iterable[str]) -> None:
    """Let the database see how large these tables have become.

    It takes them for much as they were when it last looked, and would for each batch rather read a
    whole table that was small then than look into its index: among a million records for hours.
    SQLite looks at all tables, at a thousand rows of each index; PostgreSQL at thirty thousand of
    each of these, as it does by itself once they are committed. Where somebody else just has it
    look at one, that is left out: an import would wait for the other one's end.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
        connection.exec_driver_sql("ANALYZE")
    else:
        for table in tables:
            connection.exec_driver_sql(f'ANALYZE (SKIP_LOCKED) "{table}"')


def _rows(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one())  # noqa: S608


def _indexes(connection: Connection, table: str, owner: str) -> Iterator[tuple[str, str]]:
    """The names of indexes that may be away, each with the statement that makes it."""
    query = text(
        "SELECT s.name, s.sql, i.name FROM sqlite_master AS s"
        ' JOIN pragma_index_list(:table) AS l ON l.name = s.name AND NOT l."unique"'
        " JOIN pragma_index_info(s.name) AS i ON i.seqno = 0"
        " WHERE s.type = 'index' AND s.sql IS NOT NULL"
    )
    for name, statement, first in connection.execute(query, {"table": table}).all():
        if first != owner:
            yield name, statement

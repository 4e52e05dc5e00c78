"""Tell of many new rows at once, where the triggers of SQLite would tell of each by itself.

Calling a trigger costs SQLite several times what it does. So while rows are put into tables in
bulk, their triggers are away, and one statement tells of each batch what they would have told.
All of it is within one savepoint: nobody else can write meanwhile, and what breaks off in between
is rolled back with the triggers in their places. PostgreSQL's triggers tell of all rows of a
statement at once anyhow, so that nothing is to be done there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, bindparam, inspect, text
from sqlalchemy.orm import Session

from tracker.authorship import BULK, Told
from tracker.history.kept import kept_tables
from tracker.history.triggers import OUTSIDE, PREFIX, insertion
from tracker.history.writing import open_entry


@contextmanager
def told_at_once(session: Session, tables: Sequence[str]) -> Iterator[Told]:
    """Tell of rows that are put into tables, when it is called with the ids of their records."""
    connection, entry = session.connection(), open_entry(session)
    if connection.dialect.name == "postgresql" or entry is None:
        # Without an entry the triggers make one for each row.
        yield lambda _ids: None
        return
    statements = [
        insertion(kept, _columns(connection, kept.name, kept.secret))
        for kept in kept_tables()
        if kept.name in tables
    ]

    def tell(ids: Sequence[int]) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement, (entry, json.dumps(ids)))

    with session.begin_nested():
        away = _take_away(connection, tables)
        yield tell
        for statement in away:
            connection.exec_driver_sql(statement)


def _columns(connection: Connection, table: str, secret: frozenset[str]) -> list[str]:
    return sorted({column["name"] for column in inspect(connection).get_columns(table)} - secret)


def _take_away(connection: Connection, tables: Sequence[str]) -> list[str]:
    """Drop what tells of new rows of some tables; gives the statements that make it again."""
    names = [f"{way}insert_{table}" for table in tables for way in (PREFIX, OUTSIDE)]
    query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN :names")
    found = connection.execute(
        query.bindparams(bindparam("names", expanding=True)), {"names": names}
    )
    away = [(name, statement) for name, statement in found]
    for name, _statement in away:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    return [statement for _name, statement in away]


BULK.append(told_at_once)

"""Tell of many new rows at once, where the triggers of SQLite would tell of each by itself.

While rows are put into tables in bulk, their triggers are away (see `tracker.triggers.taken_away`),
and one statement tells of each batch what they would have told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, inspect
from sqlalchemy.orm import Session

from tracker.authorship import BULK, Told
from tracker.history.kept import kept_tables
from tracker.history.triggers import OUTSIDE, PREFIX, insertion
from tracker.history.writing import open_entry
from tracker.triggers import taken_away


@contextmanager
def told_at_once(session: Session, tables: Mapping[str, str], _coming: int) -> Iterator[Told]:
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

    names = [f"{way}insert_{table}" for table in tables for way in (PREFIX, OUTSIDE)]
    with taken_away(connection, names):
        yield tell


def _columns(connection: Connection, table: str, secret: frozenset[str]) -> list[str]:
    return sorted({column["name"] for column in inspect(connection).get_columns(table)} - secret)


BULK.append(told_at_once)

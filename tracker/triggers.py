"""The triggers that a database has, and how SQLite does without some of them for a while.

Those of a feature begin with a word of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, bindparam, text

_POSTGRES = (
    "SELECT DISTINCT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
    " AND left(t.tgname, length(:prefix)) = :prefix"
)
_SQLITE = (
    "SELECT name, tbl_name FROM sqlite_master"
    " WHERE type = 'trigger' AND substr(name, 1, length(:prefix)) = :prefix"
)


def triggers_there(connection: Connection, prefix: str) -> list[tuple[str, str]]:
    """The name and the table of each trigger whose name begins so."""
    query = _POSTGRES if connection.dialect.name == "postgresql" else _SQLITE
    return [(row[0], row[1]) for row in connection.execute(text(query), {"prefix": prefix})]


@contextmanager
def taken_away(connection: Connection, names: Sequence[str]) -> Iterator[None]:
    """Do without some triggers of SQLite, for rows of which one statement a batch tells as much.

    Calling a trigger costs SQLite several times what it does. All of it is within one savepoint:
    nobody else can write meanwhile, and what breaks off in between is rolled back with the
    triggers in their places. PostgreSQL's triggers tell of all rows of a statement at once anyhow.
    """
    with connection.begin_nested():
        query = text(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN :names"
        )
        wanted = query.bindparams(bindparam("names", expanding=True))
        found = connection.execute(wanted, {"names": names}).all()
        for name, _statement in found:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        yield
        for _name, statement in found:
            connection.exec_driver_sql(statement)

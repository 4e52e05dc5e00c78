"""Which triggers a database has: those of a feature begin with a word of their own."""

from __future__ import annotations

from sqlalchemy import Connection, text

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

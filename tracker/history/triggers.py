"""The triggers that write the history and keep it from being changed, on both databases.

They are made anew whenever the schema moves (see `migrations/env.py`), from the columns that the
database has then; a migration itself runs without them, and `reconcile` tells afterwards what it
changed in the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, inspect, text

from tracker.history import counting
from tracker.history.kept import Kept, kept_tables
from tracker.triggers import triggers_there

PREFIX = "history_"
OUTSIDE = f"{PREFIX}outside_"
_INTO_CHANGE = (
    "INSERT INTO change (entry_id, record, record_id, also, also_id, table_name, row_key,"
    ' operation, "before", "after")'
)
KEPT_FROM_CHANGES = ("change", "change_entry")
REFUSAL = "the history cannot be changed"
SETTING = "tracker.entry"


def present(connection: Connection) -> bool:
    """Whether the database has the tables of the history."""
    return inspect(connection).has_table("change_context")


def drop(connection: Connection) -> None:
    """Take all triggers of the history away."""
    for name, table in triggers_there(connection, PREFIX):
        on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {name}{on}"))
    if connection.dialect.name == "postgresql":
        functions = connection.scalars(text(_POSTGRES_FUNCTIONS)).all()
        for name in functions:
            connection.execute(text(f"DROP FUNCTION {name}()"))


def install(connection: Connection) -> None:
    """Make all triggers anew, for the columns that the tables have now."""
    drop(connection)
    for statement in _statements(connection):
        # Not text(): a colon in the function's body is no parameter.
        connection.exec_driver_sql(statement)


def missing(connection: Connection) -> list[str]:
    """Triggers that should be there and are not."""
    there = {name for name, _table in triggers_there(connection, PREFIX)}
    return sorted({name for name, _sql in _wanted(connection)} - there)


def _statements(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "postgresql":
        for kept in kept_tables():
            for operation in ("insert", "update", "delete"):
                yield _postgres_function(kept, operation)
        yield _POSTGRES_REFUSE
        yield counting.POSTGRES_FUNCTION
    else:
        yield "INSERT OR IGNORE INTO change_context (id, entry_id) VALUES (1, NULL)"
    for _name, statement in _wanted(connection):
        yield statement


def _wanted(connection: Connection) -> Iterator[tuple[str, str]]:
    """The triggers by name, with the statement that makes each."""
    inspector = inspect(connection)
    there = set(inspector.get_table_names())
    postgres = connection.dialect.name == "postgresql"
    for kept in kept_tables():
        if kept.name in there:
            names = {column["name"] for column in inspector.get_columns(kept.name)}
            columns = sorted(names - kept.secret)
            yield from _postgres(kept) if postgres else _sqlite(kept, columns)
    for table in KEPT_FROM_CHANGES:
        yield from _refusing(table, postgres=postgres)
    if counting.TABLE in there:
        yield from counting.triggers([one.name for one in kept_tables()], there, postgres=postgres)


def _refusing(table: str, *, postgres: bool) -> Iterator[tuple[str, str]]:
    name = f"{PREFIX}kept_{table}"
    if postgres:
        yield (
            name,
            f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION history_refuse()",
        )
        return
    for operation in ("UPDATE", "DELETE"):
        own = f"{name}_{operation.lower()}"
        yield (
            own,
            f"CREATE TRIGGER {own} BEFORE {operation} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        )


def _sqlite(kept: Kept, columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Two triggers for each operation: within an entry, and outside of any, which makes one.

    They are two, since what a trigger might do costs as much as what it does: see ADR 0028.
    """
    for operation in ("INSERT", "UPDATE", "DELETE"):
        head = f'AFTER {operation} ON "{kept.name}" WHEN (SELECT entry_id FROM change_context) IS'
        name = f"{PREFIX}{operation.lower()}_{kept.name}"
        change = _change(kept, columns, operation, "(SELECT entry_id FROM change_context)")
        yield name, f"CREATE TRIGGER {name} {head} NOT NULL BEGIN {change}; END"
        name = f"{OUTSIDE}{operation.lower()}_{kept.name}"
        change = _change(kept, columns, operation, "(SELECT max(id) FROM change_entry)")
        yield name, f"CREATE TRIGGER {name} {head} NULL BEGIN {_OUTSIDE_ENTRY}; {change}; END"


_OUTSIDE_ENTRY = """
INSERT INTO change_entry (at, author, way, origin, request_id, note)
  VALUES (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000', '', 'outside', '', '', '')"""


def _change(kept: Kept, columns: Sequence[str], operation: str, entry: str) -> str:
    row = "OLD" if operation == "DELETE" else "NEW"
    before = _object("OLD", columns) if operation != "INSERT" else "NULL"
    after = _object("NEW", columns) if operation != "DELETE" else "NULL"
    return f"{_INTO_CHANGE} VALUES ({_told(kept, row, entry, operation)}, {before}, {after})"


def _told(kept: Kept, row: str, entry: str, operation: str) -> str:
    """What a change says of a row, but for the row before and after."""
    also, also_id = _also(kept, row)
    key = " || '|' || ".join(f'{row}."{column}"' for column in kept.key)
    return (
        f"{entry}, '{kept.record}', {row}.\"{kept.owner}\", {also}, {also_id}, '{kept.name}',"
        f" CAST({key} AS TEXT), '{operation.lower()}'"
    )


def insertion(kept: Kept, columns: Sequence[str]) -> str:
    """A statement of SQLite that tells of new rows at once, exactly as the triggers tell of each.

    Its parameters are the entry, and the ids of the records that the rows belong to as JSON.
    CROSS JOIN has SQLite begin with the ids, however small it takes the table for.
    """
    return (
        f"{_INTO_CHANGE} SELECT {_told(kept, 'new', '?', 'INSERT')}, NULL,"
        f" {_object('new', columns)} FROM json_each(?) AS ids"
        f' CROSS JOIN "{kept.name}" AS new ON new."{kept.owner}" = ids.value ORDER BY new.rowid'
    )


def _object(row: str, columns: Sequence[str]) -> str:
    pairs = ", ".join(f"'{name}', {row}.\"{name}\"" for name in columns)
    return f"json_object({pairs})"


def _also(kept: Kept, row: str) -> tuple[str, str]:
    if not kept.also:
        return "NULL", "NULL"
    cases = " ".join(
        f"WHEN {row}.\"{column}\" IS NOT NULL THEN '{table}'" for table, column in kept.also
    )
    ids = ", ".join(f'{row}."{column}"' for _table, column in kept.also)
    return f"CASE {cases} END", f"coalesce({ids}, NULL)"


def _postgres(kept: Kept) -> Iterator[tuple[str, str]]:
    """One trigger for each operation, called once for all rows of a statement."""
    for operation, rows in (
        ("insert", "NEW TABLE AS new_rows"),
        ("update", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
        ("delete", "OLD TABLE AS old_rows"),
    ):
        name = f"{PREFIX}{operation}_{kept.name}"
        yield (
            name,
            f'CREATE TRIGGER {name} AFTER {operation.upper()} ON "{kept.name}" REFERENCING {rows}'
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        )


def _postgres_function(kept: Kept, operation: str) -> str:
    """What a trigger of PostgreSQL does, made for one table, so that each row costs little."""
    # Its variable has a name that no column of ours has: the two would be taken for each other.
    name = f"{PREFIX}{operation}_{kept.name}"
    rows = "old_rows" if operation == "delete" else "new_rows"
    row = "(was)" if operation == "delete" else "(became)"
    secret = f" - string_to_array('{','.join(sorted(kept.secret))}', ',')" if kept.secret else ""
    before = f"to_jsonb(was){secret}" if operation != "insert" else "NULL"
    after = f"to_jsonb(became){secret}" if operation != "delete" else "NULL"
    return f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  entry_told integer := nullif(current_setting('{SETTING}', true), '')::integer;
BEGIN
  IF NOT EXISTS (SELECT FROM {rows}) THEN
    RETURN NULL;
  END IF;
  IF entry_told IS NULL THEN
    INSERT INTO change_entry (at, author, way, origin, request_id, note)
      VALUES (clock_timestamp(), '', 'outside', '', '', '') RETURNING id INTO entry_told;
    PERFORM set_config('{SETTING}', entry_told::text, true);
  END IF;
  {_INTO_CHANGE}
    SELECT {_told(kept, row, "entry_told", operation)}, {before}, {after}
      FROM {_POSTGRES_ROWS[operation]};
  RETURN NULL;
END $$"""


# The rows before and after an update stand in the same order.
_POSTGRES_ROWS = {
    "insert": "new_rows AS became",
    "delete": "old_rows AS was",
    "update": "(SELECT new_rows AS became, row_number() OVER () AS place FROM new_rows) AS later"
    " JOIN (SELECT old_rows AS was, row_number() OVER () AS place FROM old_rows) AS earlier"
    " USING (place)",
}

_POSTGRES_FUNCTIONS = """
SELECT proname FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
  WHERE nspname = current_schema() AND left(proname, 8) = 'history_'"""

_POSTGRES_REFUSE = f"""
CREATE OR REPLACE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{REFUSAL}';
END $$"""

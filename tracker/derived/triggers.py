"""The triggers that note which records are stale, on both databases.

As those of the history they are made anew whenever the schema moves (see `migrations/env.py`):
SQLite loses a table's triggers when a migration rebuilds the table. On PostgreSQL they run once a
statement, not once a row, and note each record once a statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, inspect, text

from tracker.derived.registry import DERIVATIONS, Derivation, Reads
from tracker.triggers import taken_away, triggers_there

PREFIX = "stale_"
# Names those triggers of PostgreSQL, in commas, that note nothing in this transaction.
SILENT = "tracker.silent"


def present(connection: Connection) -> bool:
    """Whether the database notes stale records at all."""
    return inspect(connection).has_table("stale")


def install(connection: Connection) -> None:
    """Make all triggers anew."""
    drop(connection)
    for _name, statements in _wanted(connection):
        for statement in statements:
            connection.exec_driver_sql(statement)


def missing(connection: Connection) -> list[str]:
    """Triggers that should be there and are not."""
    there = {name for name, _table in triggers_there(connection, PREFIX)}
    return sorted({name for name, _statements in _wanted(connection)} - there)


def drop(connection: Connection) -> None:
    """Take all triggers away."""
    for name, table in triggers_there(connection, PREFIX):
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"DROP TRIGGER {name} ON {table}"))
            connection.execute(text(f"DROP FUNCTION {name}()"))
        else:
            connection.execute(text(f"DROP TRIGGER {name}"))


def name_of(operation: str, kind: str, table: str) -> str:
    """What the trigger is called that notes records of a kind when rows of a table are written."""
    return f"{PREFIX}{operation.lower()}_{kind}_{table}"


@contextmanager
def silenced(connection: Connection, names: Sequence[str]) -> Iterator[None]:
    """Have some triggers note nothing. An exception must roll the transaction back."""
    if connection.dialect.name != "postgresql":
        with taken_away(connection, names):
            yield
        return
    setting = text(f"SELECT set_config('{SILENT}', :names, true)")
    connection.execute(setting, {"names": "".join(f",{name}," for name in names)})
    yield
    connection.execute(setting, {"names": ""})


def _wanted(connection: Connection) -> Iterator[tuple[str, list[str]]]:
    """The triggers by name, with the statements that make each."""
    make = _postgres if connection.dialect.name == "postgresql" else _sqlite
    for derivation in DERIVATIONS:
        for reads in derivation.reads:
            for operation in ("INSERT", "UPDATE", "DELETE"):
                name = name_of(operation, derivation.kind, reads.table)
                yield name, make(name, derivation, reads, operation)


def _sqlite(name: str, derivation: Derivation, reads: Reads, operation: str) -> list[str]:
    rows = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}[operation]
    noting = "".join(
        f"""
  INSERT INTO stale (kind, record_id)
    SELECT DISTINCT '{derivation.kind}', got.id FROM ({reads.ids.replace("{row}", row)}) AS got
    WHERE got.id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM stale WHERE kind = '{derivation.kind}' AND record_id = got.id);"""
        for row in rows
    )
    when = ""
    if operation == "UPDATE" and reads.columns:
        changed = " OR ".join(f'OLD."{one}" IS NOT NEW."{one}"' for one in reads.columns)
        when = f" WHEN {changed}"
    head = f'CREATE TRIGGER {name} AFTER {operation} ON "{reads.table}"{when}'
    return [f"{head} BEGIN{noting}\nEND"]


def _postgres(name: str, derivation: Derivation, reads: Reads, operation: str) -> list[str]:
    given = {
        "INSERT": "NEW TABLE AS after_rows",
        "UPDATE": "OLD TABLE AS before_rows NEW TABLE AS after_rows",
        "DELETE": "OLD TABLE AS before_rows",
    }[operation]
    return [
        f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF position(',{name},' IN coalesce(current_setting('{SILENT}', true), '')) > 0 THEN
    RETURN NULL;
  END IF;
  INSERT INTO stale (kind, record_id)
    SELECT DISTINCT '{derivation.kind}', got.id
    FROM ({_rows(reads, operation)}) AS one
    CROSS JOIN LATERAL ({reads.ids.replace("{row}", "one")}) AS got
    WHERE got.id IS NOT NULL;
  RETURN NULL;
END $$""",
        f'CREATE TRIGGER {name} AFTER {operation} ON "{reads.table}" REFERENCING {given}'
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


def _rows(reads: Reads, operation: str) -> str:
    """The rows that a statement wrote, as they were and as they are."""
    if operation != "UPDATE":
        return f"SELECT * FROM {'after' if operation == 'INSERT' else 'before'}_rows"
    if not reads.columns:
        return "SELECT * FROM before_rows UNION ALL SELECT * FROM after_rows"
    was, now = (", ".join(f'{end}."{one}"' for one in reads.columns) for end in ("b", "a"))
    changed = (
        f"before_rows b JOIN after_rows a ON a.id = b.id WHERE ({was}) IS DISTINCT FROM ({now})"
    )
    return f"SELECT b.* FROM {changed} UNION ALL SELECT a.* FROM {changed}"

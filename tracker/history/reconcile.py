"""Write into the history what a migration changed in the rows, while no trigger looked on.

The first time, this is everything: rows that were there before the history began are told as
found by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, insert, inspect, text
from sqlalchemy import Table as SqlTable

from tracker.authorship import Way
from tracker.clock import now
from tracker.db import exact_json
from tracker.history.kept import Kept, kept_tables
from tracker.history.models import ChangeEntry, Operation

BATCH = 1_000


def reconcile(connection: Connection) -> None:
    """Tell of each row that is not as the history left it, in one entry of its own."""
    entry: int | None = None
    for kept in kept_tables():
        if inspect(connection).has_table(kept.name):
            for batch in _batches(_differences(connection, kept)):
                entry = entry or _make_entry(connection)
                _write(connection, [{"entry_id": entry, **values} for values in batch])


def _write(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Insert changes whose contents are texts of JSON, as the database gave them."""
    place = "CAST(:{} AS json)" if connection.dialect.name == "postgresql" else ":{}"
    names = list(rows[0])
    values = (place.format(name) if name in ("before", "after") else f":{name}" for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    statement = f"INSERT INTO change ({columns}) VALUES ({', '.join(values)})"
    connection.execute(text(statement), rows)


def _make_entry(connection: Connection) -> int:
    values = {
        "at": now(),
        "author": "tracker init",
        "way": Way.MIGRATION.value,
        "origin": "",
        "request_id": "",
        "note": "",
    }
    table: SqlTable = ChangeEntry.__table__  # type: ignore[assignment]
    made = connection.execute(insert(table).values(values))
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def _batches(changes: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for change in changes:
        batch.append(change)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def differ(before: str, after: str) -> bool:
    """Whether two contents of a row differ in a column that both have.

    A column that only one of them has came or went with the schema, and says nothing.
    """
    if before == after:
        return False
    old, new = exact_json(before), exact_json(after)
    return any(old[name] != new[name] for name in old.keys() & new.keys())


def _differences(connection: Connection, kept: Kept) -> Iterator[dict[str, Any]]:
    known = latest_rows(connection, kept.name)
    for key, content in present_rows(connection, kept):
        before = known.pop(key, None)
        if before is None:
            yield _change(kept, key, Operation.INSERT, None, content)
        elif differ(before, content):
            yield _change(kept, key, Operation.UPDATE, before, content)
    for key, before in known.items():
        yield _change(kept, key, Operation.DELETE, before, None)


def _change(
    kept: Kept, key: str, operation: Operation, before: str | None, after: str | None
) -> dict[str, Any]:
    row = exact_json(after or before or "{}")
    also = [(table, row[column]) for table, column in kept.also if row.get(column) is not None]
    return {
        "record": kept.record,
        "record_id": row[kept.owner],
        "also": also[0][0] if also else None,
        "also_id": also[0][1] if also else None,
        "table_name": kept.name,
        "row_key": key,
        "operation": operation.value,
        "before": before,
        "after": after,
    }


def latest_rows(connection: Connection, table: str) -> dict[str, str]:
    """How the history left each row of a table that it says is there, as text of JSON."""
    query = text(
        'SELECT row_key, CAST("after" AS text) FROM change WHERE id IN'
        " (SELECT max(id) FROM change WHERE table_name = :table GROUP BY row_key)"
        " AND operation <> 'delete'"
    )
    return {row[0]: row[1] for row in connection.execute(query, {"table": table})}


def present_rows(connection: Connection, kept: Kept) -> Iterator[tuple[str, str]]:
    """Each row of a table with its key, written as the triggers write it."""
    if connection.dialect.name == "postgresql":
        key = " || '|' || ".join(f"(content ->> '{name}')" for name in kept.key)
        secret = ",".join(sorted(kept.secret))
        query = (
            f"SELECT {key}, CAST(content AS text) FROM (SELECT to_jsonb(one)"
            f" - string_to_array('{secret}', ',') AS content FROM \"{kept.name}\" AS one) AS rows"
        )
    else:
        names = sorted(c["name"] for c in inspect(connection).get_columns(kept.name))
        pairs = ", ".join(f"'{name}', \"{name}\"" for name in names if name not in kept.secret)
        key = " || '|' || ".join(f'"{name}"' for name in kept.key)
        query = f'SELECT CAST({key} AS TEXT), json_object({pairs}) FROM "{kept.name}"'
    for given in connection.execute(text(query)):
        yield given[0], given[1]

"""Whether the history and the tables agree: no gap in it, and it ends with what is there."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, inspect, text

from tracker.history import counting, triggers
from tracker.history.kept import Kept, kept_tables
from tracker.history.reconcile import differ, latest_rows, present_rows


def faults(connection: Connection) -> Iterator[str]:
    """Everything that does not fit, a line each."""
    for name in triggers.missing(connection):
        yield f"the trigger {name} is missing, so the history is not kept. Run: tracker init"
    if counting.is_lost(connection):
        yield "change_counter lacks rows, so nothing is known to be unchanged. Run: tracker init"
    yield from _gaps(connection)
    for kept in kept_tables():
        if inspect(connection).has_table(kept.name):
            yield from _strays(connection, kept)


def _gaps(connection: Connection) -> Iterator[str]:
    """Changes that do not begin with what the change before them ended with."""
    postgres = connection.dialect.name == "postgresql"
    same = "IS NOT DISTINCT FROM" if postgres else "IS"
    query = text(
        'SELECT id, table_name, row_key, CAST("before" AS text), CAST(former AS text) FROM'
        ' (SELECT id, table_name, row_key, "before", lag("after") OVER'
        " (PARTITION BY table_name, row_key ORDER BY id) AS former FROM change) AS each"
        f' WHERE NOT (CAST("before" AS text) {same} CAST(former AS text))'
    )
    for number, table, key, before, former in connection.execute(query):
        if before is None or former is None or differ(former, before):
            yield f"change {number}: {table} {key} does not begin as the change before it ended"


def _strays(connection: Connection, kept: Kept) -> Iterator[str]:
    """Rows that are not as the history left them."""
    known = latest_rows(connection, kept.name)
    for key, content in present_rows(connection, kept):
        before = known.pop(key, None)
        if before is None:
            yield f"{kept.name} {key} is not in the history"
        elif differ(before, content):
            yield f"{kept.name} {key} is not as the history left it"
    for key in known:
        yield f"{kept.name} {key} is gone, and the history does not say so"

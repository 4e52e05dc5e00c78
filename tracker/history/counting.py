"""The triggers that make the state of what is recorded another one (`tracker.counter`).

Each transaction that writes has an entry in the history, so they hang on that table. PostgreSQL
runs its own at the commit: whoever raises a counter keeps others from that one until he has
committed, and that must be short. So each rises in the order of its commits, as the numbers of the
entries do not: those are given before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, func, inspect, select

from tracker.counter import COUNTERS, ChangeCounter

TABLE = ChangeCounter.__tablename__


def present(connection: Connection) -> bool:
    """Whether the database has the counter."""
    return inspect(connection).has_table(TABLE)


def is_lost(connection: Connection) -> bool:
    """Whether one of the counters is gone."""
    return connection.scalar(select(func.count(ChangeCounter.id))) != COUNTERS


def triggers(kept: Iterable[str], there: set[str], *, postgres: bool) -> Iterator[tuple[str, str]]:
    """The triggers by name, with the statement that makes each.

    TRUNCATE leaves no entry. What it did is for `tracker check` to find, but pages show it at once.
    """
    if not postgres:
        yield "history_counter", _SQLITE
        return
    yield "history_counter", _POSTGRES
    for table in kept:
        if table in there:
            name = f"history_emptied_{table}"
            yield (
                name,
                f'CREATE TRIGGER {name} AFTER TRUNCATE ON "{table}"'
                " FOR EACH STATEMENT EXECUTE FUNCTION history_count()",
            )


_SQLITE = f"""
CREATE TRIGGER history_counter AFTER INSERT ON change_entry BEGIN
  UPDATE {TABLE} SET value = value + 1, token = lower(hex(randomblob(18))) WHERE id = 1;
END"""

_POSTGRES = """
CREATE CONSTRAINT TRIGGER history_counter AFTER INSERT ON change_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION history_count()"""

POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION history_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE {TABLE} SET value = value + 1, token = gen_random_uuid()::text
    WHERE id = 1 + mod(pg_backend_pid(), {COUNTERS});
  RETURN NULL;
END $$"""

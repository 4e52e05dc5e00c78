"""The triggers that make the state of what is recorded another one (`tracker.counter`).

Each transaction that writes has an entry in the history, so they hang on that table. PostgreSQL
runs its own at the commit: whoever raises the counter keeps others from committing until he has,
and that must be short. So values rise in the order of the commits, as the numbers of the entries do
not: those are given before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, inspect, select

from tracker.counter import ChangeCounter

TABLE = ChangeCounter.__tablename__


def present(connection: Connection) -> bool:
    """Whether the database has the counter."""
    return inspect(connection).has_table(TABLE)


def is_lost(connection: Connection) -> bool:
    """Whether the counter's only row is gone."""
    return connection.scalar(select(ChangeCounter.id)) is None


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
  UPDATE {TABLE} SET value = value + 1, token = lower(hex(randomblob(18)));
END"""

_POSTGRES = """
CREATE CONSTRAINT TRIGGER history_counter AFTER INSERT ON change_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION history_count()"""

POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION history_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE {TABLE} SET value = value + 1, token = gen_random_uuid()::text;
  RETURN NULL;
END $$"""

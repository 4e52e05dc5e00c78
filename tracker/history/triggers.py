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

PREFIX = "history_"
KEPT_FROM_CHANGES = ("change", "change_entry")
REFUSAL = "the history cannot be changed"
SETTING = "tracker.entry"


def present(connection: Connection) -> bool:
    """Whether the database has the tables of the history."""
    return inspect(connection).has_table("change_context")


def drop(connection: Connection) -> None:
    """Take all triggers of the history away."""
    for name, table in _existing(connection):
        on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {name}{on}"))


def install(connection: Connection) -> None:
    """Make all triggers anew, for the columns that the tables have now."""
    drop(connection)
    for statement in _statements(connection):
        # Not text(): a colon in the function's body is no parameter.
        connection.exec_driver_sql(statement)


def missing(connection: Connection) -> list[str]:
    """Triggers that should be there and are not."""
    there = {name for name, _table in _existing(connection)}
    return sorted({name for name, _sql in _wanted(connection)} - there)


def _existing(connection: Connection) -> list[tuple[str, str]]:
    if connection.dialect.name == "postgresql":
        query = (
            "SELECT DISTINCT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c"
            " ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
            " AND left(t.tgname, 8) = 'history_'"
        )
    else:
        query = (
            "SELECT name, tbl_name FROM sqlite_master"
            " WHERE type = 'trigger' AND substr(name, 1, 8) = 'history_'"
        )
    return [(row[0], row[1]) for row in connection.execute(text(query))]


def _statements(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "postgresql":
        yield _POSTGRES_RECORD
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
    for operation, given in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        name = f"{PREFIX}{operation.lower()}_{kept.name}"
        before = _object("OLD", columns) if operation != "INSERT" else "NULL"
        after = _object("NEW", columns) if operation != "DELETE" else "NULL"
        also, also_id = _also(kept, given)
        key = " || '|' || ".join(f'{given}."{column}"' for column in kept.key)
        yield (
            name,
            f"""
CREATE TRIGGER {name} AFTER {operation} ON "{kept.name}" BEGIN
  INSERT INTO change_entry (at, author, way, origin, request_id, note)
    SELECT strftime('%Y-%m-%d %H:%M:%f', 'now') || '000', '', 'outside', '', '', ''
    WHERE (SELECT entry_id FROM change_context) IS NULL;
  INSERT INTO change (entry_id, record, record_id, also, also_id, table_name, row_key, operation,
                      "before", "after")
    VALUES (coalesce((SELECT entry_id FROM change_context), (SELECT max(id) FROM change_entry)),
            '{kept.record}', {given}."{kept.owner}", {also}, {also_id}, '{kept.name}',
            CAST({key} AS TEXT), '{operation.lower()}', {before}, {after});
END""",
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
    name = f"{PREFIX}record_{kept.name}"
    also = ",".join(f"{table}:{column}" for table, column in kept.also)
    given = (kept.record, kept.owner, "|".join(kept.key), ",".join(sorted(kept.secret)), also)
    arguments = ", ".join(f"'{one}'" for one in given)
    yield (
        name,
        f'CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON "{kept.name}"'
        f" FOR EACH ROW EXECUTE FUNCTION history_record({arguments})",
    )


# Arguments: the record's table, the column with its id, the key's columns, the columns left out,
# and pairs table:column of records that the row also tells of.
_POSTGRES_RECORD = f"""
CREATE OR REPLACE FUNCTION history_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  old_row jsonb;
  new_row jsonb;
  one jsonb;
  number integer := nullif(current_setting('{SETTING}', true), '')::integer;
  row_key text := '';
  told text;
  told_id integer;
  pair text;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    old_row := to_jsonb(OLD) - string_to_array(TG_ARGV[3], ',');
  END IF;
  IF TG_OP <> 'DELETE' THEN
    new_row := to_jsonb(NEW) - string_to_array(TG_ARGV[3], ',');
  END IF;
  one := coalesce(new_row, old_row);
  IF number IS NULL THEN
    INSERT INTO change_entry (at, author, way, origin, request_id, note)
      VALUES (clock_timestamp(), '', 'outside', '', '', '') RETURNING id INTO number;
    PERFORM set_config('{SETTING}', number::text, true);
  END IF;
  SELECT string_agg(one ->> part, '|' ORDER BY place) INTO row_key
    FROM unnest(string_to_array(TG_ARGV[2], '|')) WITH ORDINALITY AS parts (part, place);
  FOREACH pair IN ARRAY string_to_array(TG_ARGV[4], ',') LOOP
    IF one ->> split_part(pair, ':', 2) IS NOT NULL THEN
      told := split_part(pair, ':', 1);
      told_id := (one ->> split_part(pair, ':', 2))::integer;
    END IF;
  END LOOP;
  INSERT INTO change (entry_id, record, record_id, also, also_id, table_name, row_key, operation,
                      "before", "after")
    VALUES (number, TG_ARGV[0], (one ->> TG_ARGV[1])::integer, told, told_id, TG_TABLE_NAME,
            row_key, lower(TG_OP), old_row, new_row);
  RETURN NULL;
END $$"""

_POSTGRES_REFUSE = f"""
CREATE OR REPLACE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{REFUSAL}';
END $$"""

"""What a database itself says about its schema and its rows, in a form that can be compared."""

from typing import Any

from sqlalchemy import Engine, Inspector, MetaData, inspect, select
from sqlalchemy.types import NullType

VERSION_TABLE = "alembic_version"
Snapshot = dict[str, dict[str, Any]]


def schema_of(engine: Engine) -> Snapshot:
    """Return columns, keys, indexes and checks by table, without Alembic's own table."""
    inspector = inspect(engine)
    return {
        table: _table(inspector, table, engine)
        for table in sorted(inspector.get_table_names())
        if table != VERSION_TABLE
    }


def rows_of(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows by table, as far as the database holds any.

    How SQLite lays out its index of words is left out: the same words lie there in many ways.
    """
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: rows
            for table in metadata.sorted_tables
            if table.name != VERSION_TABLE and not table.name.startswith("search_fts")
            if (rows := sorted(map(tuple, connection.execute(select(table))), key=repr))
        }


def _table(inspector: Inspector, table: str, engine: Engine) -> dict[str, Any]:
    return {
        "columns": {c["name"]: _column(c, engine) for c in inspector.get_columns(table)},
        "primary key": _plain(inspector.get_pk_constraint(table)),
        "foreign keys": _by_name(inspector.get_foreign_keys(table)),
        "unique": _by_name(inspector.get_unique_constraints(table)),
        "checks": _by_name(inspector.get_check_constraints(table)),
        "indexes": _by_name(inspector.get_indexes(table)),
    }


def _column(column: Any, engine: Engine) -> tuple[Any, ...]:
    # The columns of an index of words have no type.
    typed = not isinstance(column["type"], NullType)
    kind = column["type"].compile(dialect=engine.dialect) if typed else ""
    # SQLAlchemy cannot tell the expressions of several columns of SQLite apart.
    worked_out = "computed" in column
    return (kind, column["nullable"], column["default"], column.get("comment"), worked_out)


def _by_name(found: list[Any]) -> dict[str, Any]:
    return {item["name"]: _plain(item) for item in found}


def _plain(item: Any) -> dict[str, Any]:
    """White space in a CHECK says nothing, and every other difference counts."""
    found = {k: " ".join(v.split()) if k == "sqltext" else v for k, v in item.items()}
    if "dialect_options" in found:
        # The condition of an index of some rows is an object that equals no other one.
        found["dialect_options"] = {k: str(v) for k, v in found["dialect_options"].items()}
    return found

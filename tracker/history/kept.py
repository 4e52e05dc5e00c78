"""Which tables the history keeps, whose rows they are, and which of their columns it leaves out.

A record's table stands for itself. A table whose rows are deleted along with exactly one record,
and cannot be without it, belongs to that record. Tables that say ``info={"history": False}`` are
left out, and so are columns with ``info={"secret": True}``: what nobody may read is in no
history either. Columns that the database works out of others hold nothing that these do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from tracker.db import Base, Record


@dataclass(frozen=True)
class Kept:
    """A table of which the history keeps each row.

    ``record`` is the table of the record that its rows belong to, ``owner`` the column with that
    record's id. ``also`` holds pairs of a table and the column by which a row tells of one of its
    records, of which one at most is filled.
    """

    name: str
    record: str
    owner: str
    key: tuple[str, ...]
    secret: frozenset[str] = frozenset()
    also: tuple[tuple[str, str], ...] = ()


def kept_tables() -> Iterator[Kept]:
    """All tables that the history keeps."""
    models = models_by_table()
    for table in Base.metadata.sorted_tables:
        if table.info.get("history", True):
            yield from _kept(table, models[table.name], models)


def _kept(table: Table, model: Any, models: dict[str, Any]) -> Iterator[Kept]:
    key = tuple(column.name for column in table.primary_key)
    secret = frozenset(c.name for c in table.columns if c.info.get("secret") or c.computed)
    going_along = [
        (foreign.column.table.name, foreign.parent)
        for foreign in table.foreign_keys
        if foreign.ondelete == "CASCADE"
    ]
    if issubclass(model, Record):
        also = tuple(sorted((name, column.name) for name, column in going_along))
        yield Kept(table.name, table.name, "id", key, secret, also)
    elif len(going_along) == 1 and not going_along[0][1].nullable:
        (name, column) = going_along[0]
        if issubclass(models[name], Record):
            yield Kept(table.name, name, column.name, key, secret)


def models_by_table() -> dict[str, Any]:
    """The model of each table, by the table's name."""
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def record_models() -> dict[str, Any]:
    """The models of records, by the names of their tables."""
    return {name: model for name, model in models_by_table().items() if issubclass(model, Record)}

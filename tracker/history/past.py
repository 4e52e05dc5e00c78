"""How a record stood at some moment: its rows, and the record made of them again.

Such a record is a loose object, in no session: pages and files show it like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Date, Enum, inspect, select
from sqlalchemy.orm import RelationshipDirection, Session
from sqlalchemy.orm.attributes import set_committed_value

from tracker.db import Exact, Moment, Record
from tracker.history.kept import models_by_table
from tracker.history.models import Change
from tracker.history.queries import changes_of

Row = Mapping[str, Any]
RowKey = tuple[str, str]  # a table's name and a row's key
Rows = dict[RowKey, Row]


def fold(rows: Rows, changes: Iterable[Change]) -> Rows:
    """The rows as they are after some changes, in their order."""
    after = dict(rows)
    for change in changes:
        place = (change.table_name, change.row_key)
        if change.after is None:
            after.pop(place, None)
        else:
            after[place] = change.after
    return after


def rows_at(session: Session, record: str, number: int, last: int | None = None) -> Rows:
    """The rows of a record, as of a change (by its id; now, when none is given)."""
    return fold({}, session.scalars(changes_of(record, number, last)))


def last_of_version(changes: Sequence[Change], record: str, version: int) -> int | None:
    """The last of a record's changes (by its id) while it had a version; None if unknown.

    A version lasts until the entry that gave the record its next one, or deleted it: what was
    written around the program has an entry for each row.
    """
    own = [change for change in changes if change.table_name == record]
    began = next(
        (one for one in reversed(own) if one.after and one.after["version"] == version), None
    )
    if began is None:
        return None
    following = next((one.entry_id for one in own if one.id > began.id), None)
    end = min((one.id for one in changes if one.entry_id == following), default=None)
    return max(one.id for one in changes if end is None or one.id < max(end, began.id + 1))


def rows_of_version(session: Session, record: str, number: int, version: int) -> Rows | None:
    """The rows of a record when it had a version; None where the history does not know it."""
    changes = session.scalars(changes_of(record, number)).all()
    last = last_of_version(changes, record, version)
    if last is None:
        return None
    return fold({}, (change for change in changes if change.id <= last))


@dataclass
class Past:
    """Makes records of rows. What they point at is read for all of them together."""

    session: Session
    found: dict[tuple[type[Any], int], Any] = field(default_factory=dict)

    def prepare(self, states: Iterable[Rows]) -> None:
        """Read all that the rows point at: a query for each kind of record."""
        wanted: dict[type[Any], set[int]] = {}
        for rows in states:
            for (table, _key), row in rows.items():
                for model, number in _pointed_at(table, row):
                    wanted.setdefault(model, set()).add(number)
        for model, numbers in wanted.items():
            self._read(model, {n for n in numbers if (model, n) not in self.found})

    def _read(self, model: type[Any], numbers: set[int]) -> None:
        if numbers:
            for one in self.session.scalars(select(model).where(model.id.in_(numbers))):
                self.found[model, one.id] = one
            for number in sorted(numbers):
                if (model, number) not in self.found:
                    self.found[model, number] = self._gone(model, number)

    def _gone(self, model: type[Any], number: int) -> Any:
        """What has been deleted since, as the history knows it; None where it never was."""
        table = model.__tablename__
        query = changes_of(table, number).where(Change.table_name == table)
        last = next((c.after for c in reversed(self.session.scalars(query).all()) if c.after), None)
        return _revived(model, last) if last else None

    def record(self, model: type[Any], rows: Rows) -> Any:
        """The record that the rows hold, with its lists; None where its own row is not there."""
        own = next((row for (table, _k), row in rows.items() if table == model.__tablename__), None)
        if own is None:
            return None
        made = self._with_pointers(model, own)
        for relation in inspect(model).relationships:
            child = relation.mapper.class_
            if relation.direction is RelationshipDirection.ONETOMANY and not _is_record(child):
                held = [r for (table, _k), r in rows.items() if table == child.__tablename__]
                ordered = sorted(held, key=lambda row: row.get("position") or 0)
                items = [self._with_pointers(child, row) for row in ordered]
                set_committed_value(made, relation.key, items)
                for item in items:
                    _point_back(item, made)
        return made

    def _with_pointers(self, model: type[Any], row: Row) -> Any:
        made = _revived(model, row)
        for relation in inspect(model).relationships:
            if relation.direction is RelationshipDirection.MANYTOONE:
                (column,) = relation.local_columns
                number = row.get(column.name)
                target = self.found.get((relation.mapper.class_, number)) if number else None
                set_committed_value(made, relation.key, target)
        return made


def _is_record(model: type[Any]) -> bool:
    return issubclass(model, Record)


def _point_back(item: Any, record: Any) -> None:
    for relation in inspect(type(item)).relationships:
        to_record = relation.mapper.class_ is type(record)
        (column,) = relation.local_columns
        if to_record and not column.nullable and getattr(item, column.name) == record.id:
            set_committed_value(item, relation.key, record)
            return


def _pointed_at(table: str, row: Row) -> Iterator[tuple[type[Any], int]]:
    model = models_by_table()[table]
    for relation in inspect(model).relationships:
        if relation.direction is RelationshipDirection.MANYTOONE:
            (column,) = relation.local_columns
            if row.get(column.name) is not None:
                yield relation.mapper.class_, row[column.name]


def _revived(model: type[Any], row: Row) -> Any:
    made = inspect(model).class_manager.new_instance()
    for column, value in values_of(model, row).items():
        set_committed_value(made, inspect(model).get_property_by_column(column).key, value)
    return made


def values_of(model: type[Any], row: Row) -> dict[Column[Any], Any]:
    """What a row of the history holds, as the program's own values; by today's columns."""
    return {column: _value(column, row.get(column.name)) for column in inspect(model).local_table.c}


def _value(column: Column[Any], raw: Any) -> Any:
    kind = column.type
    if raw is None:
        return None
    if isinstance(kind, Boolean):
        return bool(raw)
    if isinstance(kind, Enum):
        assert kind.enum_class is not None
        return kind.enum_class(raw)
    if isinstance(kind, Exact):
        # SQLite has the whole number of ten-thousandths, PostgreSQL the number with its point.
        return Decimal(raw).scaleb(-Exact.PLACES) if isinstance(raw, int) else raw
    if isinstance(kind, Moment):
        moment = datetime.fromisoformat(raw)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if isinstance(kind, Date):
        return date.fromisoformat(raw)
    return raw

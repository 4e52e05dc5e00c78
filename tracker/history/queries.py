"""Questions to the history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.history.models import Change, ChangeEntry, Operation


def changes_of(record: str, number: int, last: int | None = None) -> Select[tuple[Change]]:
    """All changes of a record's rows in their order, up to one of them (by its id)."""
    query = select(Change).where(Change.record == record, Change.record_id == number)
    if last is not None:
        query = query.where(Change.id <= last)
    return query.order_by(Change.id)


def concerns(record: str, number: int) -> ColumnElement[bool]:
    """Changes of a record, and of what tells of it: its citations."""
    return or_(
        and_(Change.record == record, Change.record_id == number),
        and_(Change.also == record, Change.also_id == number),
    )


def entries_of(record: str, number: int) -> Select[tuple[int]]:
    """The numbers of the entries that concern a record, the newest first."""
    newest = func.max(Change.id)
    query = select(Change.entry_id).where(concerns(record, number))
    return query.group_by(Change.entry_id).order_by(newest.desc())


def deletion_of(session: Session, record: str, number: int) -> Change | None:
    """The change that deleted a record; None where it is there or never was."""
    query = (
        select(Change)
        .where(Change.record == record, Change.record_id == number, Change.table_name == record)
        .order_by(Change.id.desc())
        .limit(1)
    )
    last = session.scalar(query)
    return last if last is not None and last.operation == Operation.DELETE else None


def was_there(session: Session, model: Any, number: int) -> bool:
    """Whether a record that is not there was deleted."""
    return deletion_of(session, model.__tablename__, number) is not None


@dataclass(frozen=True)
class Wanted:
    """Which entries are asked for: by whom, of which kind of record, which one, by what way, when.

    ``record`` is the name of a record's table; the days are days of UTC; ``accounts`` takes in what
    was done to accounts, which only administrators are shown.
    """

    author: str = ""
    record: str = ""
    number: int | None = None
    way: str = ""
    first: date | None = None
    last: date | None = None
    operation: str = ""
    accounts: bool = False


def entries(wanted: Wanted) -> Select[tuple[ChangeEntry]]:
    """The entries that are asked for, the newest first. An entry without a change is not shown."""
    query = select(ChangeEntry).where(_about(wanted)).order_by(ChangeEntry.id.desc())
    if wanted.author:
        query = query.where(
            func.lower(ChangeEntry.author).contains(wanted.author.lower(), autoescape=True)
        )
    if wanted.way:
        query = query.where(ChangeEntry.way == wanted.way)
    if wanted.first is not None:
        query = query.where(ChangeEntry.at >= datetime.combine(wanted.first, time.min, UTC))
    if wanted.last is not None:
        query = query.where(ChangeEntry.at <= datetime.combine(wanted.last, time.max, UTC))
    return query


def _about(wanted: Wanted) -> ColumnElement[bool]:
    about = [Change.entry_id == ChangeEntry.id]
    if not wanted.accounts:
        about.append(Change.record != "account")
    if wanted.record and wanted.number is not None:
        about.append(concerns(wanted.record, wanted.number))
    elif wanted.record:
        about.append(Change.record == wanted.record)
    if wanted.operation:
        about.extend([Change.operation == wanted.operation, Change.table_name == Change.record])
    return exists().where(*about)


@dataclass(frozen=True)
class Touched:
    """A record that an entry touched, and what became of its own row, where that was written."""

    entry_id: int
    record: str
    record_id: int
    operation: str
    last: int


def touched(session: Session, numbers: Iterable[int], most: int) -> dict[int, list[Touched]]:
    """For each entry the records that it touched, ``most`` of them, in the order of writing."""
    own = func.max(Change.operation).filter(Change.table_name == Change.record)
    place = func.row_number().over(partition_by=Change.entry_id, order_by=func.min(Change.id))
    each = (
        select(
            Change.entry_id,
            Change.record,
            Change.record_id,
            own.label("operation"),
            func.max(Change.id).label("last"),
            place.label("place"),
        )
        .where(Change.entry_id.in_(list(numbers)))
        .group_by(Change.entry_id, Change.record, Change.record_id)
        .subquery()
    )
    found: dict[int, list[Touched]] = {}
    query = select(each).where(each.c.place <= most).order_by(each.c.entry_id, each.c.place)
    for row in session.execute(query):
        one = Touched(row.entry_id, row.record, row.record_id, row.operation or "", row.last)
        found.setdefault(one.entry_id, []).append(one)
    return found


def counts(session: Session, numbers: Iterable[int]) -> dict[int, int]:
    """How many records each entry touched."""
    each = (
        select(Change.entry_id, Change.record, Change.record_id)
        .where(Change.entry_id.in_(list(numbers)))
        .distinct()
        .subquery()
    )
    query = select(each.c.entry_id, func.count()).group_by(each.c.entry_id)
    return {row[0]: row[1] for row in session.execute(query)}

"""What was built on an entry since, and so keeps it from being taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.history.kept import kept_tables, models_by_table
from tracker.history.models import Change, ChangeEntry, Operation

SHOWN = 50


@dataclass(frozen=True)
class Obstacle:
    """A record that was changed after the entry, or that points at one which the entry made.

    ``entry_id`` is the later entry; None for one that points.
    """

    record: str
    record_id: int
    entry_id: int | None = None


def obstacles(session: Session, entry: ChangeEntry) -> list[Obstacle]:
    """The first records that stand in the way."""
    return [*_changed_since(session, entry.id), *_pointing(session, entry.id)][:SHOWN]


def _touched(entry: int) -> Subquery:
    made = func.max(Change.operation).filter(
        Change.table_name == Change.record, Change.operation == Operation.INSERT.value
    )
    return (
        select(
            Change.record, Change.record_id, func.max(Change.id).label("last"), made.label("made")
        )
        .where(Change.entry_id == entry)
        .group_by(Change.record, Change.record_id)
        .subquery()
    )


def _changed_since(session: Session, entry: int) -> Iterator[Obstacle]:
    """Records that a later entry changed, and what it cited for records that this one made."""
    own = _touched(entry)
    same = and_(Change.record == own.c.record, Change.record_id == own.c.record_id)
    told = and_(
        Change.also == own.c.record, Change.also_id == own.c.record_id, own.c.made.is_not(None)
    )
    query = (
        select(Change.record, Change.record_id, func.max(Change.entry_id))
        .join(own, and_(or_(same, told), Change.id > own.c.last))
        .where(Change.entry_id != entry)
        .group_by(Change.record, Change.record_id)
        .order_by(func.max(Change.id).desc())
        .limit(SHOWN)
    )
    for record, number, later in session.execute(query):
        yield Obstacle(record, number, later)


def _pointing(session: Session, entry: int) -> Iterator[Obstacle]:
    """Records that point at one which the entry made, and that it did not touch itself."""
    own = _touched(entry)
    owners = {kept.name: kept for kept in kept_tables()}
    for name, model in models_by_table().items():
        if name not in owners:
            continue
        table: Any = model.__table__
        kept = owners[name]
        for foreign in table.foreign_keys:
            if foreign.ondelete == "CASCADE":
                continue
            made = select(own.c.record_id).where(
                own.c.record == foreign.column.table.name, own.c.made.is_not(None)
            )
            there = select(own.c.record_id).where(own.c.record == kept.record)
            owner = table.c[kept.owner]
            query = select(owner).where(foreign.parent.in_(made), owner.not_in(there))
            for number in session.scalars(query.distinct().limit(SHOWN)):
                yield Obstacle(kept.record, number)

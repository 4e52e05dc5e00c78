"""What points at a record, and so keeps it from being deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.db import Base

SHOWN = 20


@dataclass(frozen=True)
class Pointer:
    """A record that points at another one, or the record on whose page the pointing row stands."""

    record: Any
    count: int = 1


def pointers(session: Session, record: Any) -> list[Pointer]:
    """Records that point at this one by a key that is not deleted along with it."""
    found: dict[Any, int] = {}
    for mapper in Base.registry.mappers:
        for key in mapper.local_table.foreign_keys:
            if key.column.table is record.__table__ and key.ondelete != "CASCADE":
                attribute = mapper.get_property_by_column(key.parent).class_attribute
                for row in session.scalars(
                    select(mapper.class_).where(attribute == record.id).limit(SHOWN)
                ):
                    owner = getattr(row, "owner", row)
                    found[owner] = found.get(owner, 0) + 1
    return [Pointer(owner, count) for owner, count in found.items() if owner is not record]


def count_rows(session: Session, query: Any) -> int:
    """How many rows a query of records gives."""
    counted = select(func.count()).select_from(query.order_by(None).options().subquery())
    return int(session.scalar(counted) or 0)

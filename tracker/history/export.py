"""The history as a file: one line for each row that changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, contains_eager

from tracker.history.models import Change
from tracker.history.queries import Wanted, entries

HEADER = (
    "entry",
    "at",
    "author",
    "way",
    "origin",
    "note",
    "undoes",
    "record",
    "record_id",
    "table",
    "row",
    "operation",
    "before",
    "after",
)


def change_rows(engine: Engine, wanted: Wanted) -> Iterator[list[str]]:
    """The rows of the file, newest entry first, in a session of its own while they are sent."""
    asked = entries(wanted).subquery()
    query = (
        select(Change)
        .join(Change.entry)
        .where(Change.entry_id.in_(select(asked.c.id)))
        .options(contains_eager(Change.entry))
        .order_by(Change.entry_id.desc(), Change.id)
    )
    if not wanted.accounts:
        query = query.where(Change.record != "account")
    with Session(engine) as session:
        for change in session.scalars(query.execution_options(yield_per=500)):
            yield _cells(change)


def plain_json(row: Any | None) -> str:
    """A row as text of JSON; numbers with a point keep all their digits as texts."""
    return "" if row is None else json.dumps(row, ensure_ascii=False, sort_keys=True, default=str)


def _cells(change: Any) -> list[str]:
    entry = change.entry
    return [
        str(entry.id),
        entry.at.isoformat(),
        entry.author,
        entry.way,
        entry.origin,
        entry.note,
        str(entry.undoes_id or ""),
        change.record,
        str(change.record_id),
        change.table_name,
        change.row_key,
        change.operation,
        plain_json(change.before),
        plain_json(change.after),
    ]

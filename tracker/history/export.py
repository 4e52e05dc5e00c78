"""The history as a file: one line for each row that changed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from tracker.exporting import Contents, Rows, Turn, in_batches, one_state
from tracker.history.models import Change, ChangeEntry
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


def changes(engine: Engine, wanted: Wanted, turn: Turn | None = None) -> Contents:
    """The file: newest entry first, read in a transaction of its own while it is sent."""
    asked = entries(wanted).with_only_columns(ChangeEntry.id).order_by(None)
    query = (
        select(
            ChangeEntry.id,
            ChangeEntry.at,
            ChangeEntry.author,
            ChangeEntry.way,
            ChangeEntry.origin,
            ChangeEntry.note,
            ChangeEntry.undoes_id,
            Change.record,
            Change.record_id,
            Change.table_name,
            Change.row_key,
            Change.operation,
            Change.before,
            Change.after,
        )
        .join_from(Change, ChangeEntry)
        .where(Change.entry_id.in_(asked))
        .order_by(Change.entry_id.desc(), Change.id)
    )
    if not wanted.accounts:
        query = query.where(Change.record != "account")

    def batches(plain: bool) -> Rows:
        cells = _plain if plain else _texts
        with one_state(engine, query) as (_connection, found):
            yield from in_batches(map(cells, found), turn=turn)

    return Contents("changes", HEADER, batches)


def plain_json(row: Any | None) -> str:
    """A row as text of JSON; numbers with a point keep all their digits as texts."""
    return "" if row is None else json.dumps(row, ensure_ascii=False, sort_keys=True, default=str)


def _texts(row: Any) -> list[str | None]:
    *cells, before, after = row
    texts = [text_of(cell) for cell in cells]
    return [*texts, plain_json(before), plain_json(after)]


def text_of(cell: Any) -> str | None:
    """A value of an entry or a change as text; moments as ISO 8601 has them."""
    if cell is None:
        return None
    return cell.isoformat() if isinstance(cell, datetime) else str(cell)


def _plain(row: Any) -> list[Any]:
    """Ids are numbers, what was before and after are objects, and all else is text."""
    *cells, before, after = row
    values = [cell if isinstance(cell, int) else text_of(cell) or None for cell in cells]
    return [*values, _exact(before), _exact(after)]


def _exact(row: Any | None) -> Any | None:
    return None if row is None else json.loads(plain_json(row))

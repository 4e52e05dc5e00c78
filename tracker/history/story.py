"""The story of one record: what each entry changed in it, newest first, and how it stood then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.columns import Table
from tracker.history.kept import models_by_table
from tracker.history.models import Change, ChangeEntry, Operation
from tracker.history.past import Past, Rows, fold
from tracker.history.queries import changes_of
from tracker.history.showing import Difference, differences
from tracker.history.words import OPERATIONS


@dataclass(frozen=True)
class Chapter:
    """What one entry did to one record.

    ``last`` is the record's last change in it, by its id; None where only its citations changed.
    ``unseen`` says that something changed which no page shows.
    """

    entry: ChangeEntry
    did: str
    operation: Operation
    differences: Sequence[Difference]
    citations: Sequence[str]
    last: int | None
    there: bool
    unseen: bool = False


def story(
    session: Session, table: Table, record: str, number: int, *, skip: int = 0, most: int = 50
) -> tuple[list[Chapter], int]:
    """The chapters of a record from the newest on, and how many there are."""
    own = list(session.scalars(changes_of(record, number)))
    told = list(session.scalars(_told(record, number)))
    states = _states(own)
    order = _newest_first([*own, *told])
    chosen = order[skip : skip + most]
    past = Past(session)
    shown = [states[number] for number in chosen if number in states]
    past.prepare(rows for _first, before, after in shown for rows in (before, after))
    past.prepare([_rows_of(change) for change in told if change.entry_id in chosen])
    numbers = select(ChangeEntry).where(ChangeEntry.id.in_(chosen))
    entries = {entry.id: entry for entry in session.scalars(numbers)}
    chapters = [
        _chapter(
            past, table, record, entries[n], states.get(n), [c for c in told if c.entry_id == n]
        )
        for n in chosen
    ]
    return chapters, len(order)


def entry_story(
    session: Session, tables: Mapping[str, Table], entry: ChangeEntry, most: int
) -> list[tuple[str, int, Sequence[Difference]]]:
    """What an entry changed in the first ``most`` records that it touched: record, id, fields."""
    query = select(Change).where(Change.entry_id == entry.id).order_by(Change.id)
    grouped: dict[tuple[str, int], list[Change]] = {}
    for change in session.scalars(query.execution_options(yield_per=500)):
        place = (change.record, change.record_id)
        if place in grouped or len(grouped) < most:
            grouped.setdefault(place, []).append(change)
    before = _before(session, grouped)
    states = {
        place: (before.get(place, {}), fold(before.get(place, {}), changes))
        for place, changes in grouped.items()
    }
    past = Past(session)
    past.prepare(rows for both in states.values() for rows in both)
    return [
        (record, number, _between(past, tables.get(record), before, after))
        for (record, number), (before, after) in states.items()
    ]


def _before(
    session: Session, grouped: Mapping[tuple[str, int], Sequence[Change]]
) -> dict[tuple[str, int], Rows]:
    """Records as they were before their changes of an entry; a query for each kind."""
    kinds: dict[str, list[int]] = {}
    for record, number in grouped:
        kinds.setdefault(record, []).append(number)
    found: dict[tuple[str, int], Rows] = {}
    for record, numbers in kinds.items():
        query = select(Change).where(Change.record == record, Change.record_id.in_(numbers))
        for change in session.scalars(query.order_by(Change.id)):
            place = (record, change.record_id)
            if change.id < grouped[place][0].id:
                found[place] = fold(found.get(place, {}), [change])
    return found


def _between(past: Past, table: Table | None, before: Rows, after: Rows) -> Sequence[Difference]:
    if table is None:
        return ()
    return differences(table, past.record(table.model, before), past.record(table.model, after))


def _told(record: str, number: int) -> Any:
    query = select(Change).where(Change.also == record, Change.also_id == number)
    return query.order_by(Change.id)


_State = tuple[int, Rows, Rows]  # the last change in an entry, the rows before and after it


def _states(own: Sequence[Change]) -> dict[int, _State]:
    """For each entry how the record stood before and after."""
    found: dict[int, _State] = {}
    rows: Rows = {}
    for change in own:
        after = fold(rows, [change])
        before = found[change.entry_id][1] if change.entry_id in found else rows
        found[change.entry_id] = (change.id, before, after)
        rows = after
    return found


def _newest_first(changes: Sequence[Change]) -> list[int]:
    newest: dict[int, int] = {}
    for change in changes:
        newest[change.entry_id] = max(change.id, newest.get(change.entry_id, 0))
    return sorted(newest, key=lambda entry: newest[entry], reverse=True)


def _rows_of(change: Change) -> Rows:
    row = change.after if change.after is not None else change.before
    return {(change.table_name, change.row_key): row or {}}


def _chapter(
    past: Past,
    table: Table,
    record: str,
    entry: ChangeEntry,
    state: _State | None,
    told: Sequence[Change],
) -> Chapter:
    citations = [_citation(past, table, change) for change in told]
    if state is None:
        return Chapter(entry, _("sources"), Operation.UPDATE, (), citations, None, there=True)
    last, before, after = state
    old, new = past.record(table.model, before), past.record(table.model, after)
    found = differences(table, old, new)
    operation = (
        Operation.INSERT if old is None else Operation.DELETE if new is None else Operation.UPDATE
    )
    return Chapter(
        entry,
        str(OPERATIONS[operation]),
        operation,
        found,
        citations,
        last,
        there=new is not None,
        unseen=not found and not told,
    )


def _citation(past: Past, table: Table, change: Change) -> str:
    """A citation that came, changed or went, in a line."""
    row = change.after if change.after is not None else change.before
    citation = past.record(_model_of(change), {(change.table_name, change.row_key): row or {}})
    source = citation.source.title if citation.source is not None else "?"
    labels = {column.name: str(column.label) for column in table.columns}
    fields = ", ".join(labels.get(name, name) for name in citation.field_names)
    what = f"{source} ({fields})" if fields else source
    if change.operation == Operation.INSERT:
        return _("Source cited: %(what)s", what=what)
    if change.operation == Operation.DELETE:
        return _("Citation taken away: %(what)s", what=what)
    return _("Citation changed: %(what)s", what=what)


def _model_of(change: Change) -> Any:
    return models_by_table()[change.table_name]

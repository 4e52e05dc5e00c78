"""Verbs that lead back: an earlier state of a record, or the state before a whole entry.

Both write rows like any other change, so both are told by the history and can be taken back too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table as SqlTable
from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.clock import now
from tracker.columns import Problem, Reading, Table
from tracker.constraints import explain
from tracker.history.kept import Kept, kept_tables, models_by_table, record_models
from tracker.history.models import Change, ChangeEntry
from tracker.history.obstacles import Obstacle, obstacles
from tracker.history.past import Row, RowKey, Rows, rows_at, values_of
from tracker.history.queries import deletion_of
from tracker.history.writing import tell
from tracker.text import N_

Tables = Mapping[str, Table]  # by the name of the record's table in the database
# What each save moves on by itself.
MOVING = frozenset({"version", "changed_at"})
_OWN_PAGES = N_("What was done to accounts is changed on their own pages.")


class NotTakenBack(Exception):
    """It cannot be: records that stand in the way, or what would be wrong."""

    def __init__(self, *, stand: Sequence[Obstacle] = (), problems: Sequence[Problem] = ()) -> None:
        super().__init__("; ".join(map(str, problems)) or "records stand in the way")
        self.obstacles = tuple(stand)
        self.problems = tuple(problems)


def bring_back(
    session: Session, tables: Tables, record: str, number: int, last: int, note: str
) -> None:
    """Let a record be as it was after a change (by its id), with its lists.

    One that was deleted comes back under its number, with the citations that went with it.
    Raises NotTakenBack.
    """
    tell(session, note=note)
    gone = deletion_of(session, record, number)
    current, target = rows_at(session, record, number), rows_at(session, record, number, last)
    if not any(table == record for table, _key in target):
        raise NotTakenBack(problems=[Problem(("",), N_("It was not there then."))])
    if gone is not None:
        target |= _went_along(session, gone)
    _write(session, tables, current, target, list(target))


def _went_along(session: Session, gone: Change) -> Rows:
    query = select(Change).where(
        Change.entry_id == gone.entry_id,
        Change.also == gone.record,
        Change.also_id == gone.record_id,
        Change.operation == "delete",
    )
    changes = session.scalars(query.order_by(Change.id))
    return {(c.table_name, c.row_key): c.before for c in changes if c.before is not None}


def take_back(session: Session, tables: Tables, entry: ChangeEntry, note: str) -> None:
    """Lead everything that an entry wrote back to what it was before, or nothing.

    Raises NotTakenBack where something was built on it since.
    """
    stand = obstacles(session, entry)
    if stand:
        raise NotTakenBack(stand=stand)
    tell(session, note=note, undoes=entry.id)
    query = select(Change).where(Change.entry_id == entry.id).order_by(Change.id)
    before: dict[RowKey, Row | None] = {}
    after: dict[RowKey, Row | None] = {}
    for change in session.scalars(query.execution_options(yield_per=1_000)):
        if change.record not in tables:
            raise NotTakenBack(problems=[Problem(("",), _OWN_PAGES)])
        place = (change.table_name, change.row_key)
        before.setdefault(place, change.before)
        after[place] = change.after
    # Backwards, so that what was made first, and what others of it point at, is deleted last.
    places = list(reversed(before))
    current = {place: row for place, row in after.items() if row is not None}
    target = {place: row for place, row in before.items() if row is not None}
    _write(session, tables, current, target, places)


def _write(
    session: Session, tables: Tables, current: Rows, target: Rows, places: Sequence[RowKey]
) -> None:
    writer = _Writer(session, current, target)
    every = [*dict.fromkeys([*places, *current])]
    moved = [place for place in every if writer.differs(place)]
    try:
        with session.begin_nested():
            writer.write(moved)
            problems = _problems(session, tables, writer.written)
            if problems:
                raise NotTakenBack(problems=problems)
    except IntegrityError as error:
        raise NotTakenBack(problems=[explain(error)]) from None


@dataclass
class _Writer:
    """Writes rows so that no order of keys is broken on the way."""

    session: Session
    current: Rows
    target: Rows

    def __post_init__(self) -> None:
        self.kept: dict[str, Kept] = {kept.name: kept for kept in kept_tables()}
        self.models = record_models()
        self.written: dict[tuple[str, int], bool] = {}

    def differs(self, place: RowKey) -> bool:
        """Whether a row is not as it is to be, but for what each save moves on."""
        before, after = self.current.get(place), self.target.get(place)
        if before is None or after is None:
            return before is not after
        names = (before.keys() & after.keys()) - MOVING
        return any(before[name] != after[name] for name in names)

    def write(self, moved: Iterable[RowKey]) -> None:
        """Write all that differs: lists are emptied first, and records are deleted last."""
        own = [place for place in moved if self._is_record(place)]
        lists = [place for place in moved if not self._is_record(place)]
        for place in lists:
            if place in self.current:
                self._delete(place)
        for place in own:
            if place not in self.current:
                self._insert(place)
            elif place in self.target:
                self._update(place)
        for place in lists:
            if place in self.target:
                self._insert(place)
        for place in own:
            if place not in self.target:
                self._delete(place)
        self._raise_versions(lists)
        self.session.expire_all()

    def _is_record(self, place: RowKey) -> bool:
        return self.kept[place[0]].record == place[0]

    def _table(self, place: RowKey) -> SqlTable:
        found: SqlTable = self._model(place).__table__
        return found

    def _model(self, place: RowKey) -> Any:
        return models_by_table()[place[0]]

    def _at(self, place: RowKey, row: Row) -> Any:
        values = values_of(self._model(place), row)
        table = self._table(place)
        return and_(*(column == values[column] for column in table.primary_key))

    def _values(self, place: RowKey, row: Row, version: int | None) -> dict[str, Any]:
        values = {
            column.name: value
            for column, value in values_of(self._model(place), row).items()
            if column.name in row
        }
        if version is not None:
            values |= {"version": version, "changed_at": now()}
        return values

    def _insert(self, place: RowKey) -> None:
        row = self.target[place]
        version = row["version"] + 1 if self._is_record(place) else None
        self._note(place, row, there=True)
        self.session.execute(insert(self._table(place)).values(self._values(place, row, version)))

    def _update(self, place: RowKey) -> None:
        row, now_there = self.target[place], self.current[place]
        self._note(place, row, there=True)
        values = self._values(place, row, now_there["version"] + 1)
        self.session.execute(
            update(self._table(place)).where(self._at(place, now_there)).values(values)
        )

    def _delete(self, place: RowKey) -> None:
        row = self.current[place]
        if self._is_record(place):
            self._note(place, row, there=False)
        self.session.execute(delete(self._table(place)).where(self._at(place, row)))

    def _note(self, place: RowKey, row: Row, *, there: bool) -> None:
        if self._is_record(place):
            self.written[place[0], row["id"]] = there

    def _raise_versions(self, lists: Iterable[RowKey]) -> None:
        """A record whose lists alone have changed has changed."""
        for place in lists:
            kept = self.kept[place[0]]
            row = self.target.get(place) or self.current[place]
            number = row[kept.owner]
            if (kept.record, number) not in self.written:
                self.written[kept.record, number] = True
                table: SqlTable = self.models[kept.record].__table__
                self.session.execute(
                    update(table)
                    .where(table.c.id == number)
                    .values(version=table.c.version + 1, changed_at=now())
                )


def _problems(
    session: Session, tables: Tables, written: Mapping[tuple[str, int], bool]
) -> list[Problem]:
    """What the rules between columns say of what came back, which once was right."""
    reading = Reading(session, now().date(), bulk=True)
    problems: list[Problem] = []
    for (record, number), there in written.items():
        if there and record in tables:
            table = tables[record]
            found = session.get(table.model, number, options=table.load)
            reading.record = found
            values = {column.name: column.get(found) for column in table.stored}
            problems.extend(table.check(values, reading))
    return problems

"""Rows of a file written as records, one by one: those that change a record, and hard cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from tracker.columns import CellError, Column, Problem, Reading, Table
from tracker.constraints import explain
from tracker.importing.exchange import give_up, take_back
from tracker.importing.rows import Pending, Rows
from tracker.tabular import FileRefused
from tracker.text import N_, Refusal

MEANWHILE = N_(
    "Somebody else saved one of these records meanwhile. Nothing was written; try again."
)


class Records:
    """Finds the records that rows are about, and lets them hold what the rows say."""

    def __init__(self, table: Table, reading: Reading, rows: Rows) -> None:
        self.table = table
        self.reading = reading
        self.rows = rows
        stored = tuple(table.stored)
        self.columns = tuple(column for column in stored if column.name in rows.fields)
        self.early = tuple(column for column in self.columns if not column.late)
        self.late = tuple(column for column in self.columns if column.late)
        self._stored = stored
        self._cleared = {column.name: column.cleared for column in stored}
        self._left = {column.name: column.cleared for column in stored if column.late}

    def find(self, pending: Sequence[Pending]) -> None:
        """Give each row the record that it is about, with one query for the whole chunk."""
        ids = {one.row.number: self.id(one) for one in pending if not one.wrong}
        found = self._by(self.table.model.id, {i for i in ids.values() if i})
        for one in pending:
            one.record = found.get(ids.get(one.row.number))
        if self.table.key:
            self._find_by_key([one for one in pending if ids.get(one.row.number, 0) is None])

    def _find_by_key(self, pending: Sequence[Pending]) -> None:
        key = str(self.table.key)
        keys = {one.row.number: self._key(one) for one in pending}
        found = self._by(getattr(self.table.model, key), set(filter(None, keys.values())))
        for one in pending:
            one.record = found.get(keys[one.row.number])

    def _key(self, one: Pending) -> Any:
        """The key that a row names its record by; what cannot be one is refused with its column."""
        try:
            return self.table[str(self.table.key)].read(
                one.given.get(str(self.table.key), ""), self.reading
            )
        except Refusal:
            return None

    def id(self, one: Pending) -> int | None:
        """The id that a row names, or that its record was given; what is none is refused."""
        cell = one.given.get("id", "")
        if not cell:
            return one.number
        try:
            number: int | None = self.table["id"].read(cell, self.reading)
        except CellError as error:
            self.rows.wrong(one, Problem.of(("id",), error))
            return None
        return one.number if number is None else number

    def _by(self, attribute: Any, values: set[Any]) -> dict[Any, Any]:
        if not values:
            return {}
        query = select(self.table.model).where(attribute.in_(values)).options(*self.table.load)
        with self.reading.session.no_autoflush:
            records = self.reading.session.scalars(query)
        return {getattr(record, attribute.key): record for record in records}

    def give_up(self, recorded: Sequence[Pending]) -> None:
        """Park values that rows exchange; a code that one row gives up no more finds its record."""
        give_up(self.table, ((one.record, one.given) for one in recorded), self.reading)
        for one in recorded:
            by_key = not one.given.get("id", "").strip()
            if by_key and self.reading.leaves(one.record, str(self.table.key)):
                one.record = None

    def prepare(self, pending: Sequence[Pending], columns: Iterable[Column]) -> None:
        """Have at hand what a chunk's cells point at, with a query for each kind of record."""
        if self.reading.bulk:
            for column in columns:
                column.prepare([one.given[column.name] for one in pending], self.reading)

    def write(self, pending: Sequence[Pending], columns: Sequence[Column]) -> None:
        """Read, check and write a chunk; what the schema refuses is found row by row."""
        self.prepare([one for one in pending if not one.wrong], columns)
        written: list[Pending] = []
        try:
            with self.reading.session.begin_nested(), self.reading.session.no_autoflush:
                for one in pending:
                    if self.differs(one, columns):
                        self._put(one)
                        written.append(one)
        except (IntegrityError, DataError):
            for one in written:
                self.write_alone(one)
        except StaleDataError:
            raise FileRefused(MEANWHILE) from None

    def write_alone(self, one: Pending) -> None:
        """Write a row that was read; what the schema refuses of it is said."""
        if one.record not in self.reading.session:
            one.record = None
        try:
            with self.reading.session.begin_nested():
                self._put(one)
        except (IntegrityError, DataError) as error:
            self.rows.wrong(one, explain(error, self.table))
        except StaleDataError:
            raise FileRefused(MEANWHILE) from None

    def differs(self, one: Pending, columns: Sequence[Column]) -> bool:
        """Read and check a row; whether there is something to write of it."""
        return not one.wrong and self.read(one, columns) and self.changes(one)

    def read(self, one: Pending, columns: Sequence[Column]) -> bool:
        """Read and check some columns of a row; False when something is wrong with it."""
        self.reading.record = one.record
        outcome = self.table.read(columns, one.given, self.reading)
        problems = outcome.problems or self._between(one, outcome.values)
        for problem in problems:
            self.rows.wrong(one, problem)
        if problems:
            return False
        one.report.warnings.extend(self.table.warn(outcome.values, self.reading))
        one.values = outcome.values
        return True

    def _between(self, one: Pending, values: Mapping[str, Any]) -> list[Problem]:
        whole = {**self._cleared, **values}
        if one.record is not None:
            for column in self._stored:
                if column.name not in values:
                    whole[column.name] = column.get(one.record)
        return list(self.table.check(whole, self.reading))

    def changes(self, one: Pending) -> bool:
        """Whether a row that was read says anything new; its report says what."""
        if one.record is None:
            one.report.verdict = "new"
            return True
        changes = self.table.differences(one.record, one.values)
        if changes and one.report.verdict != "new":
            one.report.verdict = "changed"
            one.report.changes.extend(changes)
        return bool(changes)

    def _put(self, one: Pending) -> None:
        if one.record is None:
            one.record = self.table.model()
            one.record.id = self.id(one)
            # A new record has nothing in its late columns: said now, it is not asked for later.
            self.table.apply(one.record, self._left | one.values)
            self.reading.session.add(one.record)
        else:
            self.table.apply(one.record, one.values)
            take_back(self.table, one.record, self.reading)

"""The first pass of a long file: which rows are new, changed, unchanged, wrong.

It writes nothing, and what it finds of some rows depends on no others. So the rows of a file are
given to several processes, some at a time, where whoever imports says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.columns import Problem, Reading, Table
from tracker.copies import Copies, CopyEnded, can_copy, processors
from tracker.importing.batches import Batch, packed
from tracker.importing.plain import NotPlain, Plan
from tracker.importing.records import Records
from tracker.importing.report import Report
from tracker.importing.rows import Pending, Rows
from tracker.tabular import FileRefused, Row
from tracker.text import N_

# A file of fewer bytes is read before the processes have begun.
LEAST_BYTES = 1_000_000
# More would wait for whoever reads the file, and each has its own records at hand.
MOST = 4


@dataclass(frozen=True)
class Some:
    """Rows of a file, with what was found to be wrong with them by all rows before them.

    ``kept`` is how many of them the report keeps in full, whatever becomes of them.
    """

    rows: Sequence[Row]
    wrong: Sequence[tuple[int, Problem]]
    kept: int


@dataclass(frozen=True)
class Checked:
    """What became of some rows: their report, their packed `Batch`, and what is known of it.

    ``highest`` is the highest id that they name, ``plain`` how many become plain rows.
    """

    report: Report
    batch: bytes
    highest: int
    plain: int


Check = Callable[[Some], Checked]


class Checking:
    """Checks rows of one file into a table, with a session that need only read."""

    def __init__(
        self, table: Table, reading: Reading, header: Sequence[str], fields: Sequence[str]
    ) -> None:
        self._rows = Rows(table, Report(), header, fields)
        self._session = reading.session
        self._records = Records(table, reading, self._rows)
        self._plan = Plan(table, reading.session.get_bind().dialect)
        self._cleared = {column.name: column.cleared for column in table.stored}

    def __call__(self, some: Some) -> Checked:
        """Check some rows, and say what is to be written of them."""
        self._rows.report = report = Report(some.kept)
        pending = [self._rows.pending(row) for row in some.rows]
        if some.wrong:
            by_number = {one.row.number: one for one in pending}
            for number, problem in some.wrong:
                self._rows.wrong(by_number[number], problem)
        with self._session.no_autoflush:
            batch, highest = self._batch(pending)
        for one in pending:
            report.add(one.report)
        return Checked(report, packed(batch), highest, len(batch.rows))

    def _batch(self, pending: Sequence[Pending]) -> tuple[Batch, int]:
        records = self._records
        records.find(pending)
        records.prepare([one for one in pending if not one.wrong], records.early)
        batch, highest = Batch(len(pending), [[] for _target in self._plan.targets]), 0
        for one in pending:
            if not one.wrong and records.read(one, records.early):
                number = self._sort(one, batch)
                highest = max(highest, number or 0)
        return batch, highest

    def _sort(self, one: Pending, batch: Batch) -> int | None:
        changes = self._records.changes(one)
        number = self._records.id(one)
        cells = (one.row.number, one.row.cells)
        if one.record is None and self._add_plain(one, batch):
            batch.rows.append(cells)
            batch.ids.append(number)
        elif changes:
            batch.hard.append((cells, one.report.verdict))
        if self._has_late(one):
            batch.late[one.row.number] = (cells, number, one.report.verdict)
        return number

    def _add_plain(self, one: Pending, batch: Batch) -> bool:
        try:
            self._plan.add(self._cleared | one.values, batch.tables)
        except NotPlain:
            return False
        return True

    def _has_late(self, one: Pending) -> bool:
        """Whether the late columns say anything else than the record holds."""
        for column in self._records.late:
            held = "" if one.record is None else column.format(column.get(one.record))
            if one.given[column.name] != held:
                return True
        return False


@dataclass(frozen=True)
class Processes:
    """Where rows can be checked beside: each process opens the database anew, and only reads."""

    engine: Engine
    today: date
    count: int

    @classmethod
    def of(cls, engine: Engine, today: date) -> Processes | None:
        """As many as there are processors, None for one or where this one cannot be copied.

        There must be no connection in use.
        """
        count = min(processors(), MOST)
        return cls(engine, today, count) if count > 1 and can_copy() else None

    def check(self, make: Callable[[Reading], Check], several: Iterable[Some]) -> Iterator[Checked]:
        """Check rows in several processes; the answers come in the order of the rows.

        Raises FileRefused where a process was ended by somebody else.
        """
        # SQLite must not be open in a process that is copied, and no connection may be shared.
        self.engine.dispose()
        copies: Copies[Some, Checked] = Copies(self.count, lambda: self._begin(make))
        try:
            yield from copies.answers(several)
        except CopyEnded:
            raise FileRefused(
                N_("A process that checked rows was ended. Nothing was written; try again.")
            ) from None

    def _begin(self, make: Callable[[Reading], Check]) -> Check:
        self.engine.dispose(close=False)
        session = Session(self.engine.execution_options(writing=False))
        return make(Reading(session, self.today, bulk=True))

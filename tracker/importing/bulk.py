"""Files of any length: a first pass that checks every row and writes nothing, a second that writes.

The first pass may run in a session that only reads, so that nobody waits for it. What it found lies
in a file of its own, without a name, which goes with the process. New records lie there as plain
rows (see `plain`); the second pass puts them into the tables in batches. Rows that change a record
are read again by the second pass and written one by one, as are batches that the schema refuses, so
that the row and the column are named.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError

from tracker.authorship import about_to_write
from tracker.columns import Reading, Table
from tracker.importing.plain import NotPlain, Plain, Plan
from tracker.importing.records import Records
from tracker.importing.report import Report
from tracker.importing.rows import Pending, Progress, Rows, Seen, chunks
from tracker.importing.tables import align_ids, free_ids, put
from tracker.tabular import Row, Sheet, SheetFile

Cells = tuple[int, tuple[str, ...]]  # a row's number and its cells
Hard = tuple[Cells, str]  # and its verdict


@dataclass
class Batch:
    """Rows of the file that were found in order, as the second pass takes them.

    ``rows`` are those that became plain rows in ``tables``, with the ``ids`` that they name;
    ``hard`` are written as records, each with its verdict; of ``late`` ones the late columns have
    something to write: by their numbers, with the id of the record where it is known.
    """

    count: int
    tables: list[list[Plain]]
    rows: list[Cells] = field(default_factory=list)
    ids: list[int | None] = field(default_factory=list)
    hard: list[Hard] = field(default_factory=list)
    late: dict[int, tuple[Cells, int | None, str]] = field(default_factory=dict)


class Spool:
    """Things put aside outside the memory, to be taken out in the same order."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by its owner

    def add(self, thing: object) -> None:
        """Put a thing aside."""
        pickle.dump(thing, self._file, pickle.HIGHEST_PROTOCOL)

    def __iter__(self) -> Iterator[Any]:
        self._file.seek(0)
        while True:
            try:
                yield pickle.load(self._file)  # noqa: S301 - nobody else can write there
            except EOFError:
                return

    def close(self) -> None:
        """Forget all of it."""
        self._file.close()


class Bulk:
    """One file into a table whose rows stand apart (see `Table.apart`)."""

    def __init__(self, table: Table, rows: Rows, report: Report, progress: Progress) -> None:
        self.table = table
        self.rows = rows
        self.report = report
        self.progress = progress
        self.highest = 0
        self._spool = Spool()
        self._late = Spool()

    def close(self) -> None:
        """Forget what was put aside."""
        self._spool.close()
        self._late.close()

    def check(self, sheet: Sheet | SheetFile, reading: Reading) -> None:
        """Read and check every row, and put aside what is to be written; writes nothing."""
        dialect = reading.session.get_bind().dialect
        checking = _Checking(self, Records(self.table, reading, self.rows), dialect)
        seen = Seen(self.rows)
        try:
            with reading.session.no_autoflush:
                for chunk in chunks(sheet.rows):
                    pending = [self.rows.pending(row) for row in chunk]
                    seen.look(pending)
                    self._spool.add(checking.batch(pending))
                    if isinstance(sheet, SheetFile):
                        self.progress(sheet.position, sheet.size)
        finally:
            seen.close()

    def write(self, reading: Reading) -> None:
        """Write what the first pass put aside; what the schema refuses is reported by its row."""
        writing = _Writing(self, reading)
        done = 0
        for batch in self._spool:
            writing.batch(batch, self._late)
            done += batch.count
            self.progress(done, self.report.rows_total)
        if not self.report.errors_total:
            for chunk in chunks(self._late):
                writing.late(chunk)
        writing.align()


class _Checking:
    """The first pass: which rows are new, changed, unchanged, wrong."""

    def __init__(self, bulk: Bulk, records: Records, dialect: Any) -> None:
        self._bulk = bulk
        self._records = records
        self._plan = Plan(bulk.table, dialect)
        self._cleared = {column.name: column.cleared for column in bulk.table.stored}

    def batch(self, pending: Sequence[Pending]) -> Batch:
        """Check a chunk of rows, report them, and say what is to be written of them."""
        records = self._records
        records.find(pending)
        records.prepare([one for one in pending if not one.wrong], records.early)
        batch = Batch(len(pending), [[] for _target in self._plan.targets])
        for one in pending:
            if not one.wrong and records.read(one, records.early):
                self._sort(one, batch)
            self._bulk.report.add(one.report)
        return batch

    def _sort(self, one: Pending, batch: Batch) -> None:
        changes = self._records.changes(one)
        number = self._records.id(one)
        cells = (one.row.number, one.row.cells)
        self._bulk.highest = max(self._bulk.highest, number or 0)
        if one.record is None and self._add_plain(one, batch):
            batch.rows.append(cells)
            batch.ids.append(number)
        elif changes:
            batch.hard.append((cells, one.report.verdict))
        if self._has_late(one):
            batch.late[one.row.number] = (cells, number, one.report.verdict)

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


class _Writing:
    """The second pass: batches of plain rows, and records one by one."""

    def __init__(self, bulk: Bulk, reading: Reading) -> None:
        self._bulk = bulk
        self._session = reading.session
        self._records = Records(bulk.table, reading, bulk.rows)
        self._plan = Plan(bulk.table, self._session.get_bind().dialect)
        about_to_write(self._session)
        self._ids = free_ids(self._session, bulk.table.model, bulk.highest)

    def batch(self, batch: Batch, late: Spool) -> None:
        """Write a batch, and put aside what its late columns say."""
        ids = [number or next(self._ids) for number in batch.ids]
        self._put(batch, ids)
        made = {row[0]: number for row, number in zip(batch.rows, ids, strict=True)}
        if batch.hard:
            made |= self._write_hard(batch.hard)
        for place, (cells, known, verdict) in batch.late.items():
            late.add((cells, made.get(place, known), verdict))

    def _put(self, batch: Batch, ids: Sequence[int]) -> None:
        connection = self._session.connection()
        driver = connection.dialect.loaded_dbapi
        try:
            with self._session.begin_nested():
                for target, rows in zip(self._plan.targets, batch.tables, strict=True):
                    put(connection, target, [(ids[row[0]], *row[1:]) for row in rows])
        except (IntegrityError, DataError, driver.IntegrityError, driver.DataError):
            self._write_hard([(cells, "new") for cells in batch.rows], alone=True)

    def _write_hard(self, rows: Sequence[Hard], *, alone: bool = False) -> dict[int, int]:
        """Write rows as records; gives their ids by the numbers of the rows."""
        pending = [self._bulk.rows.pending(Row(*cells)) for cells, _verdict in rows]
        for one, (_cells, verdict) in zip(pending, rows, strict=True):
            if verdict == "new":
                one.number = self._records.id(one) or next(self._ids)
        self._records.find(pending)
        if alone:
            self._one_by_one(pending)
        else:
            self._records.write(pending, self._records.early)
        for one, (_cells, verdict) in zip(pending, rows, strict=True):
            if one.wrong:
                # What would have changed was told by the first pass.
                one.report.changes.clear()
                self._bulk.report.turn(one.report, verdict)
        return {one.row.number: one.record.id for one in pending if one.record is not None}

    def _one_by_one(self, pending: Sequence[Pending]) -> None:
        self._records.prepare(pending, self._records.early)
        for one in pending:
            with self._session.no_autoflush:
                differs = self._records.differs(one, self._records.early)
            if differs:
                self._records.write_alone(one)

    def late(self, rows: Sequence[tuple[Cells, int | None, str]]) -> None:
        """Write the late columns of rows whose records are all there now."""
        pending = [self._bulk.rows.pending(Row(*cells)) for cells, _number, _verdict in rows]
        for one, (_cells, number, verdict) in zip(pending, rows, strict=True):
            one.number, one.report.verdict = number, verdict
        self._records.find(pending)
        self._records.write(pending, self._records.late)
        for one, (_cells, _number, verdict) in zip(pending, rows, strict=True):
            if one.report.verdict != verdict or one.report.changes:
                self._bulk.report.turn(one.report, verdict)

    def align(self) -> None:
        """Let the database's own counter go on behind the ids that the file brought along."""
        if not self._bulk.report.errors_total:
            align_ids(self._session, self._bulk.table.model)

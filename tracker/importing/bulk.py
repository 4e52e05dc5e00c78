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
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError

from tracker.authorship import Told, in_bulk
from tracker.columns import Reading, Table
from tracker.importing.plain import NotPlain, Plain, Plan
from tracker.importing.records import Records
from tracker.importing.report import Report
from tracker.importing.rows import CHECKING, CHUNK, WRITING, Pending, Progress, Rows, Seen, chunks
from tracker.importing.tables import align_ids, free_ids, put
from tracker.indexes import LOOKS, look_anew, made_at_once
from tracker.sqlite_cache import LARGE_KIB, cache_of
from tracker.tabular import Row, Sheet, SheetFile

Cells = tuple[int, tuple[str, ...]]  # a row's number and its cells
Hard = tuple[Cells, str]  # and its verdict
Aside = tuple[Cells, int | None, str]  # a row, the id of its record, and its verdict


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
    late: dict[int, Aside] = field(default_factory=dict)


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
        self.plain = 0
        self._spool = Spool()
        self.hard = Spool()
        self.late = Spool()

    def close(self) -> None:
        """Forget what was put aside."""
        for spool in (self._spool, self.hard, self.late):
            spool.close()

    def check(self, sheet: Sheet | SheetFile, reading: Reading) -> None:
        """Read and check every row, and put aside what is to be written; writes nothing."""
        dialect = reading.session.get_bind().dialect
        checking = _Checking(self, Records(self.table, reading, self.rows), dialect)
        seen = Seen(self.rows)
        try:
            with reading.session.no_autoflush:
                for chunk in chunks(sheet.rows, CHUNK):
                    pending = [self.rows.pending(row) for row in chunk]
                    seen.look(pending)
                    self._spool.add(checking.batch(pending))
                    if isinstance(sheet, SheetFile):
                        self.progress(CHECKING, sheet.position, sheet.size)
        finally:
            seen.close()

    def write(self, reading: Reading) -> None:
        """Write what the first pass put aside; what the schema refuses is reported by its row."""
        with cache_of(reading.session.connection(), LARGE_KIB):
            self._write(_Writing(self, reading))
            if not self.report.errors_total:
                align_ids(reading.session, self.table.model)

    def _write(self, writing: _Writing) -> None:
        done = 0
        with writing.plain_rows():
            for number, batch in enumerate(self._spool, 1):
                writing.batch(batch)
                if number in LOOKS and batch.rows:
                    writing.look_anew()
                done += batch.count - len(batch.hard)
                self.progress(WRITING, done, self.report.rows_total)
        if done > CHUNK:
            writing.look_anew()
        for hard in chunks(writing.hard, CHUNK):
            writing.records(hard)
            done += len(hard)
            self.progress(WRITING, done, self.report.rows_total)
        if not self.report.errors_total:
            for late in chunks(writing.late, CHUNK):
                writing.late_columns(late)


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
            self._bulk.plain += 1
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
    """The second pass: batches of plain rows, then what is written as records, one by one."""

    def __init__(self, bulk: Bulk, reading: Reading) -> None:
        self._report = bulk.report
        self._rows = bulk.rows
        self._session = reading.session
        self._records = Records(bulk.table, reading, bulk.rows)
        self._targets = Plan(bulk.table, self._session.get_bind().dialect).targets
        self._ids = free_ids(self._session, bulk.table.model, bulk.highest)
        self._tables = {target.table.name: target.columns[0] for target in self._targets}
        self._coming = bulk.plain
        self._tell: Told = _nobody
        self.hard = bulk.hard
        self.late = bulk.late

    @contextmanager
    def plain_rows(self) -> Iterator[None]:
        """While this lasts, only plain rows are written."""
        with (
            made_at_once(self._session.connection(), self._tables, self._coming),
            in_bulk(self._session, self._tables, self._coming) as self._tell,
        ):
            yield

    def look_anew(self) -> None:
        """Let the database see how large the tables have become that are written."""
        look_anew(self._session.connection(), self._tables)

    def batch(self, batch: Batch) -> None:
        """Write the plain rows of a batch, and put aside what has to wait."""
        ids = [number or next(self._ids) for number in batch.ids]
        hard = batch.hard
        if not self._put(batch, ids):
            hard = [*([(cells, "new") for cells in batch.rows]), *hard]
        made: dict[int, int | None] = dict(zip((row[0] for row in batch.rows), ids, strict=True))
        for cells, verdict in hard:
            number = made.get(cells[0]) or (next(self._ids) if verdict == "new" else None)
            made[cells[0]] = number
            self.hard.add((cells, number, verdict))
        for place, (cells, known, verdict) in batch.late.items():
            self.late.add((cells, made.get(place) or known, verdict))

    def _put(self, batch: Batch, ids: Sequence[int]) -> bool:
        """Write plain rows; False where the schema refuses one of them."""
        driver = self._session.connection().dialect.loaded_dbapi
        try:
            with self._session.begin_nested():
                # Asked for in here: only so does the savepoint begin before the first row.
                connection = self._session.connection()
                for target, rows in zip(self._targets, batch.tables, strict=True):
                    put(connection, target, [(ids[row[0]], *row[1:]) for row in rows])
                self._tell(ids)
        except (IntegrityError, DataError, driver.IntegrityError, driver.DataError):
            return False
        return True

    def records(self, rows: Sequence[Aside]) -> None:
        """Write rows as records; one that is refused is named, and the others are written."""
        pending = self._pending(rows)
        self._records.find(pending)
        self._records.write(pending, self._records.early)
        for one, (_cells, _number, verdict) in zip(pending, rows, strict=True):
            if one.wrong:
                # What would have changed was told by the first pass.
                one.report.changes.clear()
                self._report.turn(one.report, verdict)

    def _pending(self, rows: Sequence[Aside]) -> list[Pending]:
        pending = [self._rows.pending(Row(*cells)) for cells, _number, _verdict in rows]
        for one, (_cells, number, _verdict) in zip(pending, rows, strict=True):
            one.number = number
        return pending

    def late_columns(self, rows: Sequence[Aside]) -> None:
        """Write the late columns of rows whose records are all there now."""
        pending = self._pending(rows)
        for one, (_cells, _number, verdict) in zip(pending, rows, strict=True):
            one.report.verdict = verdict
        self._records.find(pending)
        self._records.write(pending, self._records.late)
        for one, (_cells, _number, verdict) in zip(pending, rows, strict=True):
            if one.report.verdict != verdict or one.report.changes:
                self._report.turn(one.report, verdict)


def _nobody(_ids: Sequence[int]) -> None:
    return

"""Files of any length: a first pass that checks every row and writes nothing, a second that writes.

The first pass may run in a session that only reads, so that nobody waits for it. What it found lies
in a file of its own, without a name, which goes with the process. New records lie there as plain
rows (see `plain`); the second pass puts them into the tables in batches. Rows that change a record
are read again by the second pass and written one by one, as are batches that the schema refuses, so
that the row and the column are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.exc import DataError, IntegrityError

from tracker.authorship import Told, in_bulk
from tracker.columns import Reading, Table
from tracker.importing.batches import Aside, Batch, Spool
from tracker.importing.checking import LEAST_BYTES, Checked, Checking, Processes, Some
from tracker.importing.plain import Plan
from tracker.importing.records import Records
from tracker.importing.report import ROWS_KEPT, Report
from tracker.importing.rows import CHECKING, CHUNK, WRITING, Pending, Progress, Rows, Seen, chunks
from tracker.importing.tables import align_ids, free_ids, put
from tracker.indexes import LOOKS, look_anew, made_at_once
from tracker.sqlite_cache import LARGE_KIB, cache_of
from tracker.tabular import Row, Sheet, SheetFile


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

    def check(
        self, sheet: Sheet | SheetFile, reading: Reading, beside: Processes | None = None
    ) -> None:
        """Read and check every row, and put aside what is to be written; writes nothing.

        A long file is checked ``beside``, where that is given.
        """
        for checked in self._checked(sheet, reading, beside):
            self.report.take(checked.report)
            self.highest = max(self.highest, checked.highest)
            self.plain += checked.plain
            self._spool.add_packed(checked.batch)
            if isinstance(sheet, SheetFile):
                self.progress(CHECKING, sheet.position, sheet.size)

    def _checked(
        self, sheet: Sheet | SheetFile, reading: Reading, beside: Processes | None
    ) -> Iterator[Checked]:
        def checking(reading: Reading) -> Checking:
            return Checking(self.table, reading, self.rows.header, self.rows.fields)

        several = self._several(sheet)
        if beside and isinstance(sheet, SheetFile) and sheet.size >= LEAST_BYTES:
            return beside.check(checking, several)
        return map(checking(reading), several)

    def _several(self, sheet: Sheet | SheetFile) -> Iterator[Some]:
        seen = Seen(self.rows)
        kept = ROWS_KEPT
        try:
            for chunk in chunks(sheet.rows, CHUNK):
                yield Some(chunk, seen.look(chunk), max(0, kept))
                kept -= len(chunk)
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

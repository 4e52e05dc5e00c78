"""One run of one file into one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tracker.columns import Problem, Reading, Table
from tracker.importing.bulk import Bulk
from tracker.importing.checking import Processes
from tracker.importing.plain import Plan
from tracker.importing.records import Records
from tracker.importing.report import ImportRefused, Report
from tracker.importing.rows import WRITING, Progress, Rows, Seen, chunks
from tracker.importing.tables import align_ids
from tracker.tabular import Sheet, SheetFile
from tracker.text import N_


def silent(_stage: str, _done: int, _total: int) -> None:
    """Nobody wants to know how far it is."""
    return


class Importer:
    """One run of one file into one table.

    ``partial`` lets a file lack columns: what they hold stays. ``fields`` says for each column of
    the file as which of ours it is read; an empty name leaves it out. ``checking`` may be another
    reading whose session only reads: then rows are checked there, and the writers' turn is taken
    when that is done; a long file is checked in ``beside``, where that is given. ``progress`` is
    told how far it is.
    """

    def __init__(
        self,
        table: Table,
        reading: Reading,
        *,
        partial: bool = False,
        fields: Sequence[str] | None = None,
        checking: Reading | None = None,
        beside: Processes | None = None,
        progress: Progress = silent,
    ) -> None:
        self.table = table
        self.reading = reading
        self.checking = checking or reading
        self.beside = beside
        self.partial = partial
        self.fields = fields
        self.progress = progress
        self.report = Report()

    def run(self, sheet: Sheet | SheetFile) -> Report:
        """Write the rows into the session and report; raises ImportRefused for a wrong header.

        Where the report has errors, some rows may have been written: the caller rolls back.
        """
        fields = sheet.header if self.fields is None else self.fields
        rows = Rows(self.table, self.report, sheet.header, fields)
        self._check_header(rows, [name for name in fields if name or self.fields is None])
        if self.table.apart and Plan.fits(self.table):
            self._run_bulk(sheet, rows)
        else:
            self._run_whole(sheet, rows)
        return self.report

    def _run_bulk(self, sheet: Sheet | SheetFile, rows: Rows) -> None:
        """A file of any length; nothing is written, and nobody has to wait, while it has errors."""
        bulk = Bulk(self.table, rows, self.report, self.progress)
        try:
            bulk.check(sheet, self.checking, self.beside)
            if self.checking is not self.reading:
                self.checking.session.rollback()
            if not self.report.errors_total:
                bulk.write(self.reading)
        finally:
            bulk.close()

    def _run_whole(self, sheet: Sheet | SheetFile, rows: Rows) -> None:
        """A file whose rows bear upon each other: all of them are held until it is done."""
        records = Records(self.table, self.reading, rows)
        pending = [rows.pending(row) for row in sheet.rows]
        by_number = {one.row.number: one for one in pending}
        seen = Seen(rows)
        for number, problem in seen.look([one.row for one in pending]):
            rows.wrong(by_number[number], problem)
        seen.close()
        for chunk in chunks(pending):
            records.find(chunk)
        records.give_up([one for one in pending if one.record is not None])
        for chunk in chunks(pending):
            records.write(chunk, records.early)
            self.progress(WRITING, chunk[-1].row.number, pending[-1].row.number)
        if records.late and not self.report.errors_total:
            for chunk in chunks(pending):
                records.write(chunk, records.late)
        for one in pending:
            self.report.add(one.report)
        if not self.report.errors_total:
            align_ids(self.reading.session, self.table.model)

    def _check_header(self, rows: Rows, header: Sequence[str]) -> None:
        known = self.table.header
        twice = [name for name, count in Counter(header).items() if count > 1]
        unknown = [name for name in header if name not in known]
        needed = known if not self.partial else [c.name for c in self.table.columns if c.required]
        missing = [name for name in needed if name not in header]
        for message, names in (
            (N_("These columns are in the file twice: %(names)s."), twice),
            (N_("These columns are not known: %(names)s. Known are: %(known)s."), unknown),
            (N_("These columns are missing: %(names)s."), missing),
        ):
            for name in names:
                problem = Problem((name,), message, {"names": name, "known": ", ".join(known)})
                rows.refuse(1, problem)
        if self.report.errors_total:
            raise ImportRefused(self.report)

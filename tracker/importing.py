"""Import of a file of records: a dry run that says row by row what would be, then all or nothing.

The same code makes the dry run and the import: it writes into the session, and whoever called
it commits or rolls back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from tracker.columns import CellError, Column, Problem, Reading, Table
from tracker.constraints import explain
from tracker.tabular import FileRefused, Row, Sheet
from tracker.text import N_, Refusal

ERRORS_SHOWN = 100
CHUNK = 500


@dataclass(frozen=True)
class RowError:
    """What is wrong in a file, by row (1 is the header) and column (may be empty)."""

    row: int
    column: str
    problem: Problem

    def __str__(self) -> str:
        place = f"row {self.row}" + (f", column {self.column}" if self.column else "")
        return f"{place}: {self.problem}"


@dataclass
class RowReport:
    """What became of one row: new, changed, unchanged or wrong."""

    number: int
    label: str
    verdict: str = "unchanged"
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


@dataclass
class Report:
    """What a file would do, or did."""

    rows: list[RowReport] = field(default_factory=list)
    all_errors: list[RowError] = field(default_factory=list)

    @property
    def totals(self) -> dict[str, int]:
        """How many rows are new, changed, unchanged and wrong."""
        counted = Counter(row.verdict for row in self.rows)
        return {verdict: counted[verdict] for verdict in ("new", "changed", "unchanged", "wrong")}

    @property
    def errors(self) -> list[RowError]:
        """The first errors, in the order of the rows."""
        return sorted(self.all_errors, key=lambda error: error.row)[:ERRORS_SHOWN]

    @property
    def errors_total(self) -> int:
        """How many errors there are in all."""
        return len(self.all_errors)


@dataclass
class _Pending:
    """A row on its way into the database."""

    row: Row
    given: dict[str, str]
    report: RowReport
    record: Any = None


Between = Callable[[_Pending, Mapping[str, Any]], list[Problem]]


class Importer:
    """One run of one file into one table."""

    def __init__(self, table: Table, reading: Reading, *, partial: bool = False) -> None:
        self.table = table
        self.reading = reading
        self.partial = partial
        self.report = Report()

    def run(self, sheet: Sheet) -> Report:
        """Write the rows into the session and report; raises FileRefused for a wrong header."""
        self._check_header(sheet.header)
        pending = [self._pending(row, sheet.header) for row in sheet.rows]
        self._refuse_twice(pending)
        for start in range(0, len(pending), CHUNK):
            self._write(pending[start : start + CHUNK])
        self._write_late(pending)
        self._align_ids()
        return self.report

    def _check_header(self, header: Sequence[str]) -> None:
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
                self.report.all_errors.append(RowError(1, name, problem))
        if self.report.all_errors:
            raise HeaderRefused(self.report)

    def _pending(self, row: Row, header: Sequence[str]) -> _Pending:
        given = dict(zip(header, row.cells, strict=False))
        pending = _Pending(row, given, RowReport(row.number, self._label(given)))
        self.report.rows.append(pending.report)
        if len(row.cells) != len(header):
            self._wrong(
                pending,
                Problem(
                    ("",),
                    N_("This row has %(found)s cells; the header has %(wanted)s."),
                    {"found": len(row.cells), "wanted": len(header)},
                ),
            )
        return pending

    def _label(self, given: Mapping[str, str]) -> str:
        for name in ("title", "name", "number", "fields", "id"):
            if given.get(name):
                return given[name]
        return ""

    def _wrong(self, pending: _Pending, problem: Problem) -> None:
        pending.report.verdict = "wrong"
        self.report.all_errors.append(RowError(pending.row.number, problem.column, problem))

    def _refuse_twice(self, pending: Sequence[_Pending]) -> None:
        for name in ("id", self.table.key):
            seen: dict[str, int] = {}
            for one in pending:
                cell = one.given.get(name, "").strip() if name else ""
                first = seen.setdefault(cell, one.row.number) if cell else one.row.number
                if name and first != one.row.number:
                    message = N_("Row %(first)s has the same %(name)s: %(cell)s.")
                    values = {"first": first, "name": name, "cell": cell}
                    self._wrong(one, Problem((name,), message, values))

    def _write(self, pending: Sequence[_Pending]) -> None:
        self._find(pending)
        columns = [c for c in self.table.stored if not c.late]
        written = [one for one in pending if self._apply(one, columns, self._between)]
        self._flush(written)

    def _find(self, pending: Sequence[_Pending]) -> None:
        """Give each row the record that it is about, with one query for the whole chunk."""
        ids = {one.row.number: self._id(one) for one in pending if one.report.verdict != "wrong"}
        found = self._by(self.table.model.id, {i for i in ids.values() if i})
        key = self.table.key
        wanted = {one.given[key].strip().upper() for one in pending} if key else set()
        by_key = self._by(getattr(self.table.model, key), wanted) if key else {}
        for one in pending:
            number = ids.get(one.row.number)
            one.record = found.get(number) if number else None
            if one.record is None and number is None and key:
                one.record = by_key.get(one.given[key].strip().upper())

    def _id(self, one: _Pending) -> int | None:
        try:
            number: int | None = self.table["id"].read(one.given.get("id", ""), self.reading)
        except CellError as error:
            self._wrong(one, Problem.of(("id",), error))
            return None
        return number

    def _by(self, attribute: Any, values: set[Any]) -> dict[Any, Any]:
        if not values:
            return {}
        query = select(self.table.model).where(attribute.in_(values)).options(*self.table.load)
        with self.reading.session.no_autoflush:
            records = self.reading.session.scalars(query)
        return {getattr(record, attribute.key): record for record in records}

    def _apply(
        self, one: _Pending, columns: Sequence[Column], between: Between = lambda *_: []
    ) -> bool:
        """Read and check a row and let its record hold the values; False when it is wrong."""
        if one.report.verdict == "wrong":
            return False
        given = {c.name: one.given[c.name] for c in columns if c.name in one.given}
        self.reading.record = one.record
        with self.reading.session.no_autoflush:
            outcome = self.table.read([c for c in columns if c.name in given], given, self.reading)
            problems = outcome.problems or between(one, outcome.values)
            for problem in problems:
                self._wrong(one, problem)
            if not problems:
                one.report.warnings.extend(self.table.warn(outcome.values, self.reading))
                self._hold(one, outcome.values)
        return not problems

    def _between(self, one: _Pending, values: Mapping[str, Any]) -> list[Problem]:
        whole = dict(values)
        if one.record is not None:
            for column in self.table.stored:
                whole.setdefault(column.name, column.get(one.record))
        return list(self.table.check(whole, self.reading))

    def _hold(self, one: _Pending, values: Mapping[str, Any]) -> None:
        if one.record is None:
            one.report.verdict = "new"
            one.record = self.table.model()
            number = self._id(one)
            if number is not None:
                one.record.id = number
            self.table.apply(one.record, values)
            self.reading.session.add(one.record)
            return
        changes = self.table.differences(one.record, values)
        if changes:
            one.report.verdict = "changed"
            one.report.changes.extend(changes)
            self.table.apply(one.record, values)

    def _flush(self, written: Sequence[_Pending]) -> None:
        """Write the chunk; what the schema refuses is found again row by row."""
        if self.report.all_errors:
            return
        try:
            self.reading.session.flush()
        except IntegrityError as error:
            self.reading.session.rollback()
            problem = explain(error)
            rows = [one.row.number for one in written]
            self.report.all_errors.append(RowError(rows[0], problem.column, problem))
            raise ImportRefused(self.report) from None

    def _write_late(self, pending: Sequence[_Pending]) -> None:
        late = [column for column in self.table.stored if column.late]
        if not late or self.report.all_errors:
            return
        for one in pending:
            verdict = one.report.verdict
            self._apply(one, late, self._between)
            if verdict == "new" and one.report.verdict != "wrong":
                one.report.verdict = "new"
                one.report.changes = []
        self._flush(pending)

    def _align_ids(self) -> None:
        """PostgreSQL's counter does not see ids that a file brought along."""
        session = self.reading.session
        if session.get_bind().dialect.name != "postgresql" or self.report.all_errors:
            return
        name = self.table.model.__tablename__
        highest = session.scalar(select(func.max(self.table.model.id)))
        if highest:
            session.execute(
                text(
                    "SELECT setval(pg_get_serial_sequence(:name, 'id'), greatest(:highest,"
                    " nextval(pg_get_serial_sequence(:name, 'id')) - 1))"
                ),
                {"name": name, "highest": highest},
            )


class ImportRefused(FileRefused):
    """A file that was not taken; ``report`` says why, row by row."""

    def __init__(self, report: Report) -> None:
        Refusal.__init__(self, N_("The file was not taken. Nothing was written."))
        self.report = report


class HeaderRefused(ImportRefused):
    """A file whose header does not name the columns of the record."""


def differences(report: Report) -> Iterator[str]:
    """The report as plain lines, for a terminal."""
    for row in report.rows:
        yield f"row {row.number}: {row.verdict}" + (f" – {row.label}" if row.label else "")
        for column, before, after in row.changes:
            yield f"    {column}: {before or '(empty)'} → {after or '(empty)'}"
        for warning in row.warnings:
            yield f"    warning, {warning.column}: {warning}"

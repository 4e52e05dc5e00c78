"""One run of one file into one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from tracker.columns import CellError, Column, Problem, Reading, Table
from tracker.constraints import explain
from tracker.importing.exchange import give_up, take_back
from tracker.importing.report import ImportRefused, Report, RowError, RowReport
from tracker.tabular import FileRefused, Row, Sheet
from tracker.text import N_, Refusal, visible

CHUNK = 500


@dataclass
class _Pending:
    """A row on its way into the database."""

    row: Row
    given: dict[str, str]
    report: RowReport
    record: Any = None
    values: dict[str, Any] = field(default_factory=dict)


class Importer:
    """One run of one file into one table.

    ``partial`` lets a file lack columns: what they hold stays. ``fields`` says for each column of
    the file as which of ours it is read; an empty name leaves it out.
    """

    def __init__(
        self,
        table: Table,
        reading: Reading,
        *,
        partial: bool = False,
        fields: Sequence[str] | None = None,
    ) -> None:
        self.table = table
        self.reading = reading
        self.partial = partial
        self.fields = fields
        self.report = Report()
        self._called: dict[str, str] = {}

    def run(self, sheet: Sheet) -> Report:
        """Write the rows into the session and report; raises ImportRefused for a wrong header.

        Where the report has errors, some rows may have been written: the caller rolls back.
        """
        fields = sheet.header if self.fields is None else self.fields
        self._called = dict(zip(fields, sheet.header, strict=True))
        self._check_header([name for name in fields if name or self.fields is None])
        pending = [self._pending(row, fields) for row in sheet.rows]
        self._refuse_twice(pending)
        for chunk in _chunks(pending):
            self._find(chunk)
        self._give_up([one for one in pending if one.record is not None])
        for chunk in _chunks(pending):
            self._write(chunk, [c for c in self.table.stored if not c.late])
        late = [column for column in self.table.stored if column.late]
        if late and not self.report.all_errors:
            for chunk in _chunks(pending):
                self._write(chunk, late)
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
                self._refuse(1, problem)
        if self.report.all_errors:
            raise ImportRefused(self.report)

    def _refuse(self, row: int, problem: Problem) -> None:
        """Name what is wrong by the file's own word for the column."""
        column = self._called.get(problem.column, problem.column)
        self.report.all_errors.append(RowError(row, column, problem))

    def _pending(self, row: Row, fields: Sequence[str]) -> _Pending:
        given = {name: cell for name, cell in zip(fields, row.cells, strict=False) if name}
        pending = _Pending(row, given, RowReport(row.number, self._label(given)))
        self.report.rows.append(pending.report)
        if len(row.cells) != len(fields):
            self._wrong(
                pending,
                Problem(
                    ("",),
                    N_("This row has %(found)s cells; the header has %(wanted)s."),
                    {"found": len(row.cells), "wanted": len(fields)},
                ),
            )
        return pending

    def _label(self, given: Mapping[str, str]) -> str:
        for name in ("title", "name", "number", "fields", "id"):
            if given.get(name):
                return visible(given[name])
        return ""

    def _wrong(self, pending: _Pending, problem: Problem) -> None:
        pending.report.verdict = "wrong"
        self._refuse(pending.row.number, problem)

    def _refuse_twice(self, pending: Sequence[_Pending]) -> None:
        for name in filter(None, ("id", self.table.key)):
            seen: dict[str, int] = {}
            for one in pending:
                cell = one.given.get(name, "").strip().upper()
                same = str(int(cell)) if name == "id" and _is_number(cell) else cell
                first = seen.setdefault(same, one.row.number) if same else one.row.number
                if first != one.row.number:
                    message = N_("Row %(first)s has the same %(name)s: %(cell)s.")
                    values = {"first": first, "name": name, "cell": cell}
                    self._wrong(one, Problem((name,), message, values))

    def _find(self, pending: Sequence[_Pending]) -> None:
        """Give each row the record that it is about, with one query for the whole chunk."""
        ids = {one.row.number: self._id(one) for one in pending if one.report.verdict != "wrong"}
        found = self._by(self.table.model.id, {i for i in ids.values() if i})
        for one in pending:
            one.record = found.get(ids.get(one.row.number))
        if self.table.key:
            self._find_by_key([one for one in pending if ids.get(one.row.number, 0) is None])

    def _find_by_key(self, pending: Sequence[_Pending]) -> None:
        key = str(self.table.key)
        keys = {one.row.number: self._key(one) for one in pending}
        found = self._by(getattr(self.table.model, key), set(filter(None, keys.values())))
        for one in pending:
            one.record = found.get(keys[one.row.number])

    def _key(self, one: _Pending) -> Any:
        """The key that a row names its record by; what cannot be one is refused with its column."""
        try:
            return self.table[str(self.table.key)].read(
                one.given.get(str(self.table.key), ""), self.reading
            )
        except Refusal:
            return None

    def _give_up(self, recorded: Sequence[_Pending]) -> None:
        """Park values that rows exchange; a code that one row gives up no more finds its record."""
        give_up(self.table, ((one.record, one.given) for one in recorded), self.reading)
        for one in recorded:
            by_key = not one.given.get("id", "").strip()
            if by_key and self.reading.leaves(one.record, str(self.table.key)):
                one.record = None

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

    def _write(self, pending: Sequence[_Pending], columns: Sequence[Column]) -> None:
        """Read, check and write a chunk; what the schema refuses is found row by row."""
        written: list[_Pending] = []
        try:
            with self.reading.session.begin_nested(), self.reading.session.no_autoflush:
                written.extend(one for one in pending if self._take(one, columns))
        except (IntegrityError, DataError):
            for one in written:
                self._write_alone(one)
        except StaleDataError:
            raise FileRefused(_MEANWHILE) from None

    def _write_alone(self, one: _Pending) -> None:
        if one.record not in self.reading.session:
            one.record = None
        try:
            with self.reading.session.begin_nested():
                self._put(one)
        except (IntegrityError, DataError) as error:
            self._wrong(one, explain(error, self.table))
        except StaleDataError:
            raise FileRefused(_MEANWHILE) from None

    def _take(self, one: _Pending, columns: Sequence[Column]) -> bool:
        """Read and check a row and let its record hold the values; False when there is nothing."""
        if one.report.verdict == "wrong":
            return False
        read = [column for column in columns if column.name in one.given]
        self.reading.record = one.record
        outcome = self.table.read(read, one.given, self.reading)
        problems = outcome.problems or self._between(one, outcome.values)
        for problem in problems:
            self._wrong(one, problem)
        if problems:
            return False
        one.report.warnings.extend(self.table.warn(outcome.values, self.reading))
        one.values = outcome.values
        if not self._differs(one):
            return False
        self._put(one)
        return True

    def _between(self, one: _Pending, values: Mapping[str, Any]) -> list[Problem]:
        whole = dict(values)
        for column in self.table.stored:
            if column.name not in whole:
                recorded = one.record is not None
                whole[column.name] = column.get(one.record) if recorded else column.cleared
        return list(self.table.check(whole, self.reading))

    def _differs(self, one: _Pending) -> bool:
        if one.record is None:
            one.report.verdict = "new"
            return True
        changes = self.table.differences(one.record, one.values)
        if changes and one.report.verdict != "new":
            one.report.verdict = "changed"
            one.report.changes.extend(changes)
        return bool(changes)

    def _put(self, one: _Pending) -> None:
        if one.record is None:
            one.record = self.table.model()
            one.record.id = self._id(one)
            # A new record has nothing in its late columns: said now, it is not asked for later.
            later = {c.name: c.cleared for c in self.table.stored if c.late}
            self.table.apply(one.record, later | one.values)
            self.reading.session.add(one.record)
        else:
            self.table.apply(one.record, one.values)
            take_back(self.table, one.record, self.reading)

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


_MEANWHILE = N_(
    "Somebody else saved one of these records meanwhile. Nothing was written; try again."
)


def _chunks(pending: Sequence[_Pending]) -> Iterator[Sequence[_Pending]]:
    return (pending[start : start + CHUNK] for start in range(0, len(pending), CHUNK))


def _is_number(cell: str) -> bool:
    return cell.isascii() and cell.isdigit()

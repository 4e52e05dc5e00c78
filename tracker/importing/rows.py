"""The rows of a file as they are read: what each says, and what its report says of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from tracker.columns import Problem, Table
from tracker.importing.report import Report, RowError, RowReport
from tracker.tabular import Row
from tracker.text import N_, visible

CHUNK = 500
T = TypeVar("T")
# Is told of a stage how much is done of how much: of CHECKING in bytes, of WRITING in rows, of
# FOLLOWING in records of which something has to be worked out anew.
Progress = Callable[[str, int, int], None]
CHECKING = "Checking"
WRITING = "Writing"
FOLLOWING = "Working out what follows"


@dataclass(slots=True)
class Pending:
    """A row on its way into the database.

    ``number`` is the id that its new record was given; ``first`` of them is None where the file
    or the database gives it.
    """

    row: Row
    given: dict[str, str]
    report: RowReport
    record: Any = None
    values: dict[str, Any] = field(default_factory=dict)
    number: int | None = None

    @property
    def wrong(self) -> bool:
        """Whether something was found to be wrong with it."""
        return self.report.verdict == "wrong"


class Rows:
    """Makes pending rows of a file's, and says what is wrong by the file's own words.

    ``fields`` names for each column of the file ours, or nothing where it is left out.
    """

    def __init__(
        self, table: Table, report: Report, header: Sequence[str], fields: Sequence[str]
    ) -> None:
        self.table = table
        self.report = report
        self.header = header
        self.fields = fields
        self._called = dict(zip(fields, header, strict=True))
        self._labels = [n for n in ("title", "name", "number", "fields", "id") if n in fields]
        self._whole = "" not in fields

    def pending(self, row: Row) -> Pending:
        """A row with its cells by our names; one of another length is wrong."""
        given = dict(zip(self.fields, row.cells, strict=False))
        if not self._whole:
            given.pop("", None)
        pending = Pending(row, given, RowReport(row.number, self._label(given)))
        if len(row.cells) != len(self.fields):
            message = N_("This row has %(found)s cells; the header has %(wanted)s.")
            values = {"found": len(row.cells), "wanted": len(self.fields)}
            self.wrong(pending, Problem(("",), message, values))
        return pending

    def _label(self, given: Mapping[str, str]) -> str:
        for name in self._labels:
            if given.get(name):
                return visible(given[name])
        return ""

    def wrong(self, pending: Pending, problem: Problem) -> None:
        """Let a row be wrong, and say why."""
        pending.report.verdict = "wrong"
        self.refuse(pending.row.number, problem)

    def refuse(self, row: int, problem: Problem) -> None:
        """Name what is wrong by the file's own word for the column."""
        column = self._called.get(problem.column, problem.column)
        self.report.refuse(RowError(row, column, problem))


class Seen:
    """Ids and keys that rows of a file name, kept outside the memory to find those given twice."""

    def __init__(self, rows: Rows) -> None:
        named = ("id", rows.table.key)
        self._places = {str(n): rows.fields.index(n) for n in named if n in rows.fields}
        # A private file that nobody sees and that goes with the process.
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.execute("PRAGMA synchronous = OFF")
        self._kept.execute("PRAGMA journal_mode = OFF")
        for name in self._places:
            self._kept.execute(f'CREATE TABLE "{name}" (said PRIMARY KEY, row) WITHOUT ROWID')

    def close(self) -> None:
        """Forget all of them."""
        self._kept.close()

    def look(self, rows: Sequence[Row]) -> list[tuple[int, Problem]]:
        """The numbers of rows that name what a row before them names, each with what is wrong."""
        found: list[tuple[int, Problem]] = []
        for name, place in self._places.items():
            given = [
                (_same(name, row.cells[place]), row)
                for row in rows
                if place < len(row.cells) and row.cells[place].strip()
            ]
            before = self._kept.total_changes
            self._kept.executemany(
                f'INSERT OR IGNORE INTO "{name}" VALUES (?, ?)',  # noqa: S608 - a column's name
                ((same, row.number) for same, row in given),
            )
            if self._kept.total_changes - before < len(given):
                found.extend(self._named_twice(name, given))
        return found

    def _named_twice(
        self, name: str, given: Iterable[tuple[object, Row]]
    ) -> Iterator[tuple[int, Problem]]:
        query = f'SELECT row FROM "{name}" WHERE said = ?'  # noqa: S608 - a column's name
        for same, row in given:
            (first,) = self._kept.execute(query, (same,)).fetchone()
            if first != row.number:
                message = N_("Row %(first)s has the same %(name)s: %(cell)s.")
                cell = row.cells[self._places[name]].strip().upper()
                values = {"first": first, "name": name, "cell": cell}
                yield row.number, Problem((name,), message, values)


def _same(name: str, cell: str) -> object:
    """What two cells have in common that name the same record."""
    cell = cell.strip().upper()
    number = name == "id" and cell.isascii() and cell.isdigit() and len(cell) < 19
    return int(cell) if number else cell


def chunks(some: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """A stream in pieces."""
    stream = iter(some)
    while piece := list(islice(stream, size)):
        yield piece

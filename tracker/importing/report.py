"""What an import says: of each row what became of it, and every error with its row and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.columns import Problem
from tracker.tabular import FileRefused
from tracker.text import N_, Refusal

ERRORS_SHOWN = 100
ERRORS_KEPT = 1_000
ROWS_KEPT = 1_000


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


class Report:
    """What a file would do, or did: everything is counted, and so much of it kept in full.

    ``rows`` holds the ``first`` rows and besides them the first ROWS_KEPT that change a record,
    ``all_errors`` the first ERRORS_KEPT errors that were found.
    """

    def __init__(self, first: int = ROWS_KEPT) -> None:
        self._first = first
        self.all_errors: list[RowError] = []
        self.errors_total = 0
        self._counted: Counter[str] = Counter()
        self._kept: dict[int, RowReport] = {}
        self._changed = 0

    def add(self, row: RowReport) -> None:
        """Count a row by its verdict, and keep it if it is one of the first."""
        self._counted[row.verdict] += 1
        changed = row.verdict == "changed"
        if self.rows_total <= self._first or (changed and self._changed < ROWS_KEPT):
            self._kept[row.number] = row
            self._changed += changed

    def take(self, other: Report) -> None:
        """Add what another report says of the rows that follow, some of which it keeps in full."""
        kept = other.rows
        for row in kept:
            self.add(row)
        self._counted += other._counted - Counter(row.verdict for row in kept)
        self.errors_total += other.errors_total
        self.all_errors.extend(other.all_errors[: ERRORS_KEPT - len(self.all_errors)])

    def turn(self, row: RowReport, before: str) -> None:
        """Count a row anew that was counted with the verdict ``before``; it keeps what it said."""
        self._counted[before] -= 1
        kept = self._kept.pop(row.number, None)
        if kept is not None:
            row.changes[:0] = kept.changes
            row.warnings[:0] = kept.warnings
        self.add(row)

    def refuse(self, error: RowError) -> None:
        """Count an error, and keep it if it is one of the first."""
        self.errors_total += 1
        if len(self.all_errors) < ERRORS_KEPT:
            self.all_errors.append(error)

    @property
    def rows(self) -> list[RowReport]:
        """The rows that are kept in full, in their order."""
        return [self._kept[number] for number in sorted(self._kept)]

    @property
    def rows_total(self) -> int:
        """How many rows there are in all."""
        return self._counted.total()

    @property
    def totals(self) -> dict[str, int]:
        """How many rows are new, changed, unchanged and wrong."""
        return {name: self._counted[name] for name in ("new", "changed", "unchanged", "wrong")}

    @property
    def errors(self) -> list[RowError]:
        """The first errors, in the order of the rows."""
        return sorted(self.all_errors, key=lambda error: error.row)[:ERRORS_SHOWN]


class ImportRefused(FileRefused):
    """A file whose header does not name the columns of the record; ``report`` says how not."""

    def __init__(self, report: Report) -> None:
        Refusal.__init__(self, N_("The file was not taken. Nothing was written."))
        self.report = report


def differences(report: Report) -> Iterator[str]:
    """The report as plain lines, for a terminal."""
    for row in report.rows:
        yield f"row {row.number}: {row.verdict}" + (f" – {row.label}" if row.label else "")
        for column, before, after in row.changes:
            yield f"    {column}: {before or '(empty)'} → {after or '(empty)'}"
        for warning in row.warnings:
            yield f"    warning, {warning.column}: {warning}"
    if more := report.rows_total - len(report.rows):
        yield f"and {more:,} more rows, which are counted below"

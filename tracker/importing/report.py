"""What an import says: of each row what became of it, and every error with its row and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.columns import Problem
from tracker.tabular import FileRefused
from tracker.text import N_, Refusal

ERRORS_SHOWN = 100


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

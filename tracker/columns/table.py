"""A record's table: its columns in their fixed order, and what holds between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.interfaces import ORMOption

from tracker.columns.cells import Column
from tracker.columns.reading import ItemErrors, Problem, Reading
from tracker.text import Refusal

Check = Callable[[Mapping[str, Any], Reading], Iterable[Problem]]


@dataclass
class Outcome:
    """What the reading of one row gave: values by column, and all problems found.

    ``companions`` are the values of other records that a form recorded along with this one.
    """

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    companions: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Own:
    """Columns whose values together no two records share.

    While rows of one file exchange such values, ``attribute`` holds what ``parked`` gives for a
    record's id: a value that no cell can mean.
    """

    columns: tuple[str, ...]
    attribute: str
    parked: Callable[[int], Any]


def _nothing(_values: Mapping[str, Any], _reading: Reading) -> Iterable[Problem]:
    return ()


@dataclass(frozen=True)
class Table:
    """Everything that files, forms and pages need to know of one kind of record.

    ``name`` is the plural that stands in addresses and commands; ``key`` the column that names a
    record beside its id; ``check`` finds what is wrong between columns, ``warn`` what is unusual;
    ``load`` holds the loader options that a row's cells need, so that lists cost few queries;
    ``own`` names the columns whose values no two records share. ``apart`` says that what holds of a
    row of a file depends on no other row of it, but for its late columns: such files may have any
    length, see `tracker.importing.bulk`.
    """

    name: str
    model: type[Any]
    columns: tuple[Column, ...]
    key: str | None = None
    check: Check = _nothing
    warn: Check = _nothing
    load: Sequence[ORMOption] = ()
    own: Sequence[Own] = ()
    apart: bool = False

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns in their order."""
        return tuple(column.name for column in self.columns)

    @property
    def stored(self) -> Iterator[Column]:
        """The columns that a record holds, without the id and what is derived."""
        return (c for c in self.columns if c.name != "id" and not c.derived)

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def cells(self, record: Any) -> list[str]:
        """A record as a row of a file."""
        return [column.format(column.get(record)) for column in self.columns]

    def plain(self, record: Any) -> dict[str, Any]:
        """A record as a JSON object."""
        return {column.name: column.plain(column.get(record)) for column in self.columns}

    def read(
        self, columns: Iterable[Column], given: Mapping[str, Any], reading: Reading
    ) -> Outcome:
        """Read columns from cells (text) or from form rows (a list of mappings)."""
        outcome = Outcome()
        reading.row = outcome.values
        for column in columns:
            cell = given[column.name]
            if cell == "" and not column.required:
                outcome.values[column.name] = column.cleared
            else:
                self._read_column(column, cell, reading, outcome)
        return outcome

    def _read_column(self, column: Column, given: Any, reading: Reading, outcome: Outcome) -> None:
        try:
            value = (
                column.read(given, reading)
                if isinstance(given, str)
                else column.read_items(given, reading)  # type: ignore[attr-defined]
            )
        except Refusal as refusal:
            outcome.problems.append(Problem.of((column.name,), refusal))
        except ItemErrors as errors:
            outcome.problems.extend(
                replace(p, path=(column.name, *p.path)) for p in errors.problems
            )
        else:
            outcome.values[column.name] = value

    def differences(self, record: Any, values: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """What values would change in a record: column, text before, text after."""
        changes = []
        for column in self.stored:
            if column.name in values:
                before = column.format(column.get(record))
                after = column.format(values[column.name])
                if before != after:
                    changes.append((column.name, before, after))
        return changes

    def apply(self, record: Any, values: Mapping[str, Any]) -> None:
        """Let a record hold values; a change in a list counts as a change of the record."""
        for column in self.stored:
            if column.name in values:
                column.set(record, values[column.name])
        if inspect(record).persistent:
            touch(record)


def touch(record: Any) -> None:
    """Let the next flush write the record, and so raise its version."""
    mapper = inspect(type(record))
    version = mapper.version_id_col
    own = (p.key for p in mapper.column_attrs if p.columns[0] is not version)
    flag_modified(record, next(key for key in own if key != "id"))

"""New records as plain rows of their tables, made from the values of columns without any object.

What a record's columns hold goes into the row of its table, and each list into a table of its
own, as the models say. Tables with columns that keep their values in ways of their own are not
written like this (see `Plan.of`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Column as SqlColumn
from sqlalchemy import Dialect, inspect
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import CompositeProperty, RelationshipProperty

from tracker.columns import Codes, Column, Items, Names, Table
from tracker.text import fold

Convert = Callable[[Any], Any]
Plain = tuple[Any, ...]


class NotPlain(Exception):
    """A row that points at a record which is made along with it."""


class _Cell(NamedTuple):
    """Where a value comes from, and what the columns of the database hold of it.

    Of None they hold None.
    """

    name: str
    convert: Convert
    width: int = 1


@dataclass(frozen=True)
class Target:
    """A table of the database, and which of its columns plain rows hold, in their order."""

    table: SqlTable
    columns: tuple[str, ...]


class _Maker:
    """Makes plain rows of one model: the leading ones given, then its values, then what is set."""

    def __init__(self, model: type[Any], leading: Sequence[str], columns: Sequence[Column]) -> None:
        self._mapper: Any = inspect(model)
        self._leading = tuple(leading)
        self._columns = columns

    def build(self, dialect: Dialect) -> tuple[Target, list[_Cell]]:
        """The table with its columns, and the cells that fill those behind the leading ones."""
        names, cells = list(self._leading), []
        for column in self._columns:
            attribute = column.attribute
            places, convert = self._places(attribute, dialect)
            names += places
            cells.append(_Cell(column.name, convert, len(places)))
            if f"{attribute}_key" in self._mapper.columns:
                names.append(f"{attribute}_key")
                cells.append(_Cell(column.name, fold))
        return Target(self._mapper.local_table, tuple(names)), cells

    def _places(self, attribute: str, dialect: Dialect) -> tuple[list[str], Convert]:
        found = self._mapper.attrs[attribute]
        if isinstance(found, RelationshipProperty):
            (foreign,) = found.local_columns
            return [str(foreign.name)], _number
        if isinstance(found, CompositeProperty):
            columns = [self._mapper.columns[one.name] for one in found.columns]
            return [str(c.name) for c in columns], _ends(_stored(columns[0], dialect))
        (column,) = found.columns
        return [str(column.name)], _stored(column, dialect)


def _number(value: Any) -> Any:
    if value.id is None:
        raise NotPlain
    return value.id


def _ends(stored: Convert) -> Convert:
    return lambda value: (stored(value.first), stored(value.last))


def _stored(column: SqlColumn[Any], dialect: Dialect) -> Convert:
    """What the database is given for a value of a column."""
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    return process or (lambda value: value)


@dataclass(frozen=True)
class _List:
    """A list column, and how each of its items becomes a row."""

    name: str
    cells: tuple[_Cell, ...]
    # What an item is called by its parts: a mapping has them, a code or name stands for itself.
    part: str | None

    def rows(self, values: Mapping[str, Any], owner: int) -> Iterator[Plain]:
        for position, item in enumerate(values[self.name]):
            parts = item if self.part is None else {self.part: item}
            yield (owner, position, *_plain(self.cells, parts))


class Plan:
    """How the values of a new record become plain rows: of its own table, then of its lists.

    A row of a list begins with the place of its record in the batch, which its id replaces.
    """

    def __init__(self, table: Table, dialect: Dialect) -> None:
        stored = [column for column in table.stored if not column.late]
        simple = [column for column in stored if not isinstance(column, Items | Codes | Names)]
        lists: list[Any] = [c for c in stored if isinstance(c, Items | Codes | Names)]
        own, cells = _Maker(table.model, ("id",), simple).build(dialect)
        self._cells = tuple(cells)
        self._set = tuple(_defaults(own, dialect))
        columns = (*own.columns, *(name for name, _convert in self._set))
        self.targets = [Target(own.table, columns)]
        self._lists = [self._list(table, column, dialect) for column in lists]

    @staticmethod
    def fits(table: Table) -> bool:
        """Whether all columns keep their values as their kind does."""
        return all(_is_known(column) for column in table.stored if not column.late)

    def _list(self, table: Table, column: Any, dialect: Dialect) -> _List:
        part = None
        parts: Sequence[Any] = ()
        attribute = "names" if isinstance(column, Names) else column.attribute
        if isinstance(column, Items):
            parts = column.parts
        else:
            part = "name" if isinstance(column, Names) else column.part
            parts = (Column(part, ""),)
        relation: Any = inspect(table.model).attrs[attribute]
        (foreign,) = relation.remote_side
        leading = (str(foreign.name), "position")
        target, cells = _Maker(column.model, leading, parts).build(dialect)
        self.targets.append(target)
        return _List(column.name, tuple(cells), part)

    def add(self, values: Mapping[str, Any], tables: Sequence[list[Plain]]) -> None:
        """Add the rows of a new record to those of a batch; raises NotPlain, and adds nothing."""
        place = len(tables[0])
        own = (place, *_plain(self._cells, values), *(make() for _name, make in self._set))
        rows = [list(one.rows(values, place)) for one in self._lists]
        tables[0].append(own)
        for table, more in zip(tables[1:], rows, strict=True):
            table.extend(more)


_NOTHING = {1: (None,), 2: (None, None)}


def _plain(cells: Sequence[_Cell], values: Mapping[str, Any]) -> list[Any]:
    found: list[Any] = []
    for name, convert, width in cells:
        value = values[name]
        if value is None:
            # Most cells of most rows.
            found += _NOTHING[width]
        elif width == 1:
            found.append(convert(value))
        else:
            found += convert(value)
    return found


def _defaults(own: Target, dialect: Dialect) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What the columns hold that no column of a file fills, such as the version."""
    for column in own.table.columns:
        default: Any = column.default
        if column.name not in own.columns and default is not None:
            stored = _stored(column, dialect)
            yield str(column.name), _made(default, stored)


def _made(default: Any, stored: Convert) -> Callable[[], Any]:
    if default.is_callable:
        return lambda: stored(default.arg(None))
    fixed = stored(default.arg)
    return lambda: fixed


_WAYS = (Column.set, Items.set, Codes.set, Names.set)


def _is_known(column: Column) -> bool:
    parts: Sequence[Column] = getattr(column, "parts", ())
    return type(column).set in _WAYS and all(map(_is_known, parts))

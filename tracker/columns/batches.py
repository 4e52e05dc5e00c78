"""Records a batch at a time, as plain rows of the database: files of any length in steady memory.

A column says once what it asks of its table's rows, and how the values of a whole batch become
the texts of a file. No objects are made: a batch is a list of vectors, one for each column. What
comes out is what `Table.cells` and `Table.plain` say of each record; tests hold them together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    inspect,
    select,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from tracker.columns.table import Table

Vector = Sequence[Any]
Make = Callable[..., Vector]


def as_it_is(values: Vector) -> Vector:
    """The values themselves."""
    return values


def or_nothing(values: Vector) -> Vector:
    """Texts as JSON holds them: None for an empty one."""
    return [value or None for value in values]


@dataclass(frozen=True)
class Cells:
    """What a column asks of each row, and what follows for the rows of a batch.

    ``texts`` and ``plain`` take one vector for each thing asked. They give a text or a whole number
    for each row, None for an empty cell, and what JSON holds.
    """

    asked: tuple[ColumnElement[Any], ...]
    texts: Make = as_it_is
    plain: Make = or_nothing


@dataclass(frozen=True)
class Listed:
    """The rows of another table that belong to records: the query, and the cells that they give.

    The query gives the record's id and then what is asked, in the order of the lists.
    ``texts`` and ``plain`` make an item of each row; ``joined`` and ``gathered`` then make the cell
    of a record's items.
    """

    query: Select[Any]
    texts: Make
    plain: Make | None = None

    def of_records(self, rows: Vector, ids: Sequence[int], *, plain: bool) -> Vector:
        """The cells of these records."""
        owners, *vectors = zip(*rows, strict=True) if rows else ((), ())
        if plain and self.plain is not None:
            lists: dict[int, list[Any]] = {}
            for owner, item in zip(owners, self.plain(*vectors) if rows else (), strict=True):
                lists.setdefault(owner, []).append(item)
            return [lists.get(number, []) for number in ids]
        cells: dict[int, str] = {}
        for owner, item in zip(owners, self.texts(*vectors) if rows else (), strict=True):
            cells[owner] = f"{cells[owner]};{item}" if owner in cells else item
        found = [cells.get(number) for number in ids]
        return or_nothing(found) if plain else found


class Origin:
    """Where the rows of a kind come from: a table, and what is joined to it along the way."""

    def __init__(
        self, model: type[Any], table: FromClause | None = None, root: Origin | None = None
    ) -> None:
        self.mapper: Any = inspect(model)
        self.table = self.mapper.local_table if table is None else table
        self.root = root or self
        self.whole: FromClause = self.table
        self._joined: dict[str, Origin] = {}

    def column(self, attribute: str) -> ColumnElement[Any]:
        """The column that holds an attribute; closed lists and texts as texts, days as they are."""
        (column,) = self.mapper.column_attrs[attribute].columns
        return self._here(column)

    def text(self, attribute: str) -> ColumnElement[str]:
        """The same, as the text that is stored."""
        return type_coerce(self.column(attribute), String)

    def day(self, attribute: str) -> ColumnElement[str]:
        """A day, as 2022-03-09."""
        return cast(self.column(attribute), String)

    def span(self, attribute: str) -> tuple[ColumnElement[str], ColumnElement[str]]:
        """The first and the last day of a partial date, as texts."""
        first, last = self.mapper.composites[attribute].columns
        return cast(self._here(first), String), cast(self._here(last), String)

    def end(self, attribute: str, which: Literal["first", "last"]) -> ColumnElement[date]:
        """One end of a partial date, as a day."""
        ends = self.mapper.composites[attribute].columns
        return self._here(ends[("first", "last").index(which)])

    def key(self, attribute: str) -> ColumnElement[int]:
        """The id of the record that a relationship points at."""
        (column,) = self.mapper.relationships[attribute].local_columns
        return self._here(column)

    def related(self, attribute: str) -> Origin:
        """The record that a relationship points at, joined once."""
        if attribute not in self._joined:
            relation = self.mapper.relationships[attribute]
            table = relation.mapper.local_table.alias()
            found = Origin(relation.mapper.class_, table, self.root)
            self._joined[attribute] = found
            self.root.whole = self.root.whole.outerjoin(
                table, found.column("id") == self.key(attribute)
            )
        return self._joined[attribute]

    def listed(
        self, attribute: str, model: type[Any], ask: Callable[[Origin], Sequence[Any]]
    ) -> Select[Any]:
        """The rows of lists in their order: the record's id, then what is asked."""
        relation = self.mapper.relationships[attribute]
        ((_own, owner),) = relation.local_remote_pairs
        rows = Origin(model)
        asked = ask(rows)
        query = select(owner, *asked).select_from(rows.whole)
        return query.where(in_batch(owner)).order_by(*relation.order_by)

    def _here(self, column: Any) -> ColumnElement[Any]:
        found: ColumnElement[Any] = self.table.c[column.name]
        return found


class _InBatch(FunctionElement[int]):
    """Whether a column holds one of the ids of the batch that a query is run for."""

    name = "in_batch"
    # As a Boolean it would be compared with 1 on SQLite, and then no index is used.
    type = Integer()
    inherit_cache = True


@compiles(_InBatch, "sqlite")
def _in_batch_sqlite(element: _InBatch, compiler: SQLCompiler, **more: Any) -> str:
    column, batch = (compiler.process(clause, **more) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each('[' || {batch} || ']'))"  # noqa: S608


@compiles(_InBatch, "postgresql")
def _in_batch_postgresql(element: _InBatch, compiler: SQLCompiler, **more: Any) -> str:
    column, batch = (compiler.process(clause, **more) for clause in element.clauses)
    return f"{column} = ANY (CAST(string_to_array({batch}, ',') AS integer[]))"


def in_batch(column: ColumnElement[int]) -> ColumnElement[int]:
    """The clause of a query that is run for a batch; whoever runs it gives it the ids."""
    return _InBatch(column, bindparam("batch", type_=String))


class Batches:
    """The rows of a table's records, for as many batches of ids as follow.

    What depends on the day that is asked for is made for the day on which this is made.
    """

    def __init__(self, table: Table, *, plain: bool = False) -> None:
        origin = Origin(table.model)
        self.columns = [column.fetch(origin) for column in table.columns]
        self.plain = plain
        number = origin.column("id")
        asked = [one for cells in self.columns if isinstance(cells, Cells) for one in cells.asked]
        query = select(number, *(one.label(f"c{place}") for place, one in enumerate(asked)))
        self.query = query.select_from(origin.whole).where(in_batch(number))

    def read(self, connection: Connection, ids: Sequence[int]) -> list[Vector]:
        """The cells of these records in their order: a vector for each column.

        Raises KeyError for an id that is not there: the ids are of the same transaction.
        """
        given = {"batch": ",".join(map(str, ids))}
        rows = {row[0]: row for row in connection.execute(self.query, given)}
        values = iter(list(zip(*(rows[number] for number in ids), strict=True))[1:])
        vectors = []
        for cells in self.columns:
            if isinstance(cells, Listed):
                found = connection.execute(cells.query, given).fetchall()
                vectors.append(cells.of_records(found, ids, plain=self.plain))
            else:
                make = cells.plain if self.plain else cells.texts
                vectors.append(make(*islice(values, len(cells.asked))))
        return vectors

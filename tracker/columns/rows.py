"""Some attributes of records, as plain rows of the database: what a line of a page shows of them.

No objects of the mapped classes are made, so that a line costs little more than its query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from tracker.columns.batches import Origin, in_batch
from tracker.columns.reading import Reading
from tracker.dates import PartialDate

MakeRows = Callable[[Sequence[int], Reading], Sequence[Any]]


@dataclass(frozen=True)
class _Attribute:
    """What is asked for an attribute, and what follows from it."""

    name: str
    asked: Sequence[ColumnElement[Any]]
    make: Callable[..., Any] | None = None


class Rows:
    """Makes rows of the records of some numbers, in no order, by one statement that is kept.

    A row holds ``id`` and what is named here, as the record does: columns and partial dates, and of
    each record that it points at, some columns.
    """

    def __init__(self, model: type[Any], *names: str, **related: Sequence[str]) -> None:
        self._model = model
        self._names = ("id", *names)
        self._related = related

    def __call__(self, numbers: Sequence[int], reading: Reading) -> Sequence[Any]:
        query, attributes = self._made
        given = {"batch": ",".join(map(str, numbers))}
        found = reading.session.connection().execute(query, given)
        return [SimpleNamespace(**dict(_values(row, attributes))) for row in found]

    @cached_property
    def _made(self) -> tuple[Select[Any], Sequence[_Attribute]]:
        """Made when it is first asked for: by then all models are known to each other."""
        origin = Origin(self._model)
        attributes = [_own(origin, name) for name in self._names]
        attributes += [_pointed_at(origin, *one) for one in self._related.items()]
        asked = [one for attribute in attributes for one in attribute.asked]
        query = select(*(one.label(f"c{place}") for place, one in enumerate(asked)))
        return query.select_from(origin.whole).where(in_batch(origin.column("id"))), attributes


def _own(origin: Origin, name: str) -> _Attribute:
    if name in origin.mapper.composites:
        ends = (origin.end(name, "first"), origin.end(name, "last"))
        return _Attribute(name, ends, PartialDate.from_span)
    return _Attribute(name, (origin.column(name),))


def _pointed_at(origin: Origin, name: str, columns: Sequence[str]) -> _Attribute:
    other = origin.related(name)

    def make(number: int | None, *values: Any) -> SimpleNamespace | None:
        given = zip(columns, values, strict=True)
        return None if number is None else SimpleNamespace(id=number, **dict(given))

    return _Attribute(name, [other.column(column) for column in ("id", *columns)], make)


def _values(row: Sequence[Any], attributes: Sequence[_Attribute]) -> Iterator[tuple[str, Any]]:
    at = 0
    for attribute in attributes:
        values = row[at : at + len(attribute.asked)]
        yield attribute.name, attribute.make(*values) if attribute.make else values[0]
        at += len(attribute.asked)

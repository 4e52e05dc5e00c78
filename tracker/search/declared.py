"""What of each kind of record is searched; each feature says it of its own records.

    search(
        Searched(
            kind="people",
            number=3,
            model=Person,
            fields=(Field(Person.name, name=True, sounding=True), Field(Person.note)),
            lines=(Lines(PersonName.person_id, PersonName.name, name=True, sounding=True),),
            rows=Rows(Person, "name"),
        )
    )

The numbers stand in the database: they never change. A new one needs an index of its own on
PostgreSQL, see `models.KINDS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracker.columns.rows import MakeRows
from tracker.derived import Reads, own
from tracker.search.models import KINDS


@dataclass(frozen=True)
class Field:
    """A column that is searched.

    ``name``: the record is called so, which counts more than what else is said of it.
    ``sounding``: it holds a name of a person or place, which is found in other spellings, too.
    """

    column: Any
    name: bool = False
    sounding: bool = False


@dataclass(frozen=True)
class Lines:
    """A column of further rows of a record; ``owner`` is theirs that points at it."""

    owner: Any
    column: Any
    name: bool = False
    sounding: bool = False


@dataclass(frozen=True)
class Searched:
    """A kind of record as it is searched; ``kind`` is the name of its pages.

    ``day`` is the column by which the newest are known, None where the last recorded ones are.
    ``joins`` are pairs of an alias and the key that points at it, for fields of another record;
    whom a change there concerns stands in ``also``. ``by_sound``: other spellings are always looked
    for, not only where nothing is written as it was typed. ``rows`` gives the records with what a
    result shows of them: their title, and beside it the columns that ``beside`` names.
    """

    kind: str
    number: int
    model: Any
    fields: tuple[Field, ...]
    rows: MakeRows
    lines: tuple[Lines, ...] = ()
    day: Any = None
    joins: tuple[tuple[Any, Any], ...] = ()
    also: tuple[Reads, ...] = ()
    by_sound: bool = False
    beside: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """The name of the records' table."""
        return str(self.model.__tablename__)

    @property
    def reads(self) -> tuple[Reads, ...]:
        """The tables that its words are made of."""
        return (Reads(self.table, own("id"), tuple(self._own_columns())), *self._lines, *self.also)

    @property
    def _lines(self) -> Iterator[Reads]:
        for owner in dict.fromkeys(lines.owner for lines in self.lines):
            yield Reads(owner.class_.__tablename__, own(owner.key))

    def _own_columns(self) -> Iterator[str]:
        yield from (one.column.key for one in self.fields if one.column.class_ is self.model)
        yield from (key.key for _alias, key in self.joins)
        if self.day is not None:
            yield self.day.name


SEARCHED: dict[str, Searched] = {}


def declare(searched: Searched) -> Searched:
    """Have records of a kind searched."""
    assert searched.number in KINDS
    assert searched.number not in {one.number for one in SEARCHED.values()}
    SEARCHED[searched.kind] = searched
    return searched

"""What the reading of one row, or of one form, has at hand, and how it says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.text import REMEMBERED, Refusal

T = TypeVar("T")


class CellError(Refusal):
    """A cell that cannot be taken; ``candidates`` are texts that would be, to choose from."""

    candidates: tuple[str, ...] = ()

    def offering(self, candidates: Iterable[str]) -> Self:
        """The same error with texts to choose from."""
        self.candidates = tuple(candidates)
        return self


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: a column, or an item of a list and its part.

    ``path`` is ``("title",)`` or ``("signatories", 0, "person")``; ``message`` is English with
    %(name)s places for ``values``.
    """

    path: tuple[str | int, ...]
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()

    @classmethod
    def of(cls, path: tuple[str | int, ...], refusal: Refusal) -> Problem:
        """A refusal, placed."""
        return cls(path, refusal.message, refusal.values, getattr(refusal, "candidates", ()))

    @property
    def column(self) -> str:
        """The column that the problem belongs to."""
        return str(self.path[0])

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class ItemErrors(Exception):
    """Problems in the items of one list; their paths begin with the item's index."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass
class Reading:
    """The database session, the day that counts as today, and what was read before.

    ``row`` holds the values of this row's columns to the left of the one being read, ``item``
    the parts of the list item being read. ``record`` is the record that the row would change.
    ``bulk`` says that many rows follow, so that whole small tables are worth loading at once.
    ``leaving`` holds, by attribute, the ids of records that get another value in the same file.
    """

    session: Session
    today: date
    bulk: bool = False
    row: dict[str, Any] = field(default_factory=dict)
    item: dict[str, Any] = field(default_factory=dict)
    record: Any = None
    leaving: dict[str, set[int]] = field(default_factory=dict)
    _kept: dict[object, Any] = field(default_factory=dict)
    _near: dict[type[Any], dict[int, Any]] = field(default_factory=dict)

    def leaves(self, record: Any, attribute: str) -> bool:
        """Whether a record gives up its present value, so that another row may have it."""
        return record.id in self.leaving.get(attribute, ())

    def fetch(self, model: type[Any], numbers: Iterable[int]) -> None:
        """Load records by their ids with one query; so many are kept at hand, and no more."""
        near = self._near.setdefault(model, {})
        if len(near) > REMEMBERED:
            near.clear()
        missing = [number for number in numbers if number not in near]
        if missing:
            with self.session.no_autoflush:
                found = self.session.scalars(select(model).where(model.id.in_(missing)))
                near.update((record.id, record) for record in found)

    def numbered(self, model: type[Any], number: int) -> Any:
        """The record of this id, or None."""
        near = self._near.get(model, {}).get(number)
        return near if near is not None else self.session.get(model, number)

    def once(self, key: object, make: Callable[[], T]) -> T:
        """What `make` gave the first time; a file of many rows asks the database once."""
        if key not in self._kept:
            with self.session.no_autoflush:
                self._kept[key] = make()
        kept: T = self._kept[key]
        return kept

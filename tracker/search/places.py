"""Where a record stands among all that are searched: by kind, then by day, then by its number.

A place is one whole number of 63 bits, so that "the newest ones of a kind" are a range.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement

_DAY = 32
_KIND = 54


def place_of(kind: int, day: date | None, record_id: int) -> int:
    """The place of a record; those without a day stand before all days."""
    return kind << _KIND | (day.toordinal() if day else 0) << _DAY | record_id


def record_at(place: int) -> int:
    """The number of the record at a place."""
    return place & ((1 << _DAY) - 1)


def record_in(place: ColumnElement[int]) -> ColumnElement[int]:
    """The same in a query."""
    return place.bitwise_and((1 << _DAY) - 1)


def places_of(kind: int) -> tuple[int, int]:
    """The first and the last place that records of a kind may have."""
    return kind << _KIND, (kind + 1 << _KIND) - 1

"""Lines made of rows, of which a damaged one (written around the program) never ends the list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.calendars import BAD_ROW, left_out

Line = TypeVar("Line")
LIST = "what falls due"


def lines(
    session: Session,
    query: Select[Any],
    number: InstrumentedAttribute[int],
    lines_of: Callable[[Any], Iterable[Line]],
    *,
    whole: bool = False,
) -> Iterator[Line]:
    """The lines of each row of a query; ``number`` is the id of the record that a row is.

    ``lines_of`` gets the record or, with ``whole``, the row of columns.
    A row that cannot be read or shown is logged and left out.
    """
    for row in _readable(session, query.add_columns(number), number):
        try:
            made = list(lines_of(row if whole else row[0]))
        except BAD_ROW as error:
            left_out(_key(number, row[-1]), error, LIST)
        else:
            yield from made


def _readable(
    session: Session, query: Select[Any], number: InstrumentedAttribute[int]
) -> Iterable[Sequence[Any]]:
    try:
        return session.execute(query).all()
    except BAD_ROW:
        session.expunge_all()
    first, last = session.execute(select(func.min(number), func.max(number))).one()
    return _halved(session, query, number, first, last)


def _halved(
    session: Session, query: Select[Any], number: InstrumentedAttribute[int], first: int, last: int
) -> Iterator[Sequence[Any]]:
    """Rows with a number from ``first`` to ``last``.

    A damaged row takes those along that are read with it; so halves are read, until it is alone.
    """
    try:
        rows = session.execute(query.where(number.between(first, last))).all()
    except BAD_ROW as error:
        session.expunge_all()
        if first == last:
            left_out(_key(number, first), error, LIST)
            return
        middle = (first + last) // 2
        yield from _halved(session, query, number, first, middle)
        yield from _halved(session, query, number, middle + 1, last)
    else:
        yield from rows


def _key(number: InstrumentedAttribute[int], found: int) -> str:
    return f"{number.class_.__tablename__}-{found}"

"""Pages of a list by where its rows stand, and not by how many stand before them.

An order is a row of stretches. Each holds the rows for which its condition is true, all of them
in one direction by a key that is never NULL there, and then by their number: what an index gives
from any place on, forwards and backwards. Rows whose key is NULL are a stretch of their own, so
that their place is the same on both databases. A page begins at a mark, which holds where the row
at its edge stood: whether that row is still there does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    case,
    cast,
    literal_column,
    null,
    select,
    tuple_,
    union_all,
)

LONGEST_MARK = 16_000
# How a walk's statement names where it goes on.
EDGE_KEY, EDGE_NUMBER = "edge_key", "edge_number"


@dataclass(frozen=True)
class Stretch:
    """Rows that follow each other by one key and their number, or by their number alone.

    ``same`` is a key that is the same for all of them, by which an index has them in order.
    """

    key: ColumnElement[Any] | None = None
    descending: bool = False
    where: ColumnElement[bool] | None = None
    same: ColumnElement[Any] | None = None


Order = Sequence[Stretch]


@dataclass(frozen=True)
class Walk:
    """The rows of a list: the column of their numbers, their order, and what they fit.

    Of several ``branches`` one must be fitted as well; an index has the order within each.
    ``counted`` is another query of the same numbers in no order, or another walk along them, where
    one is quicker.
    """

    number: Column[int]
    order: Order
    clauses: Sequence[ColumnElement[bool]] = ()
    branches: Sequence[ColumnElement[bool]] = ()
    counted: Select[Any] | Walk | None = None


def by(
    key: ColumnElement[Any],
    *,
    descending: bool = False,
    nullable: bool = False,
    where: ColumnElement[bool] | None = None,
) -> Order:
    """The stretches of a key; rows without it come last in both directions."""
    if not nullable:
        return (Stretch(key, descending, where),)
    known, unknown = key.is_not(None), key.is_(None)
    return (
        Stretch(key, descending, known if where is None else where & known),
        Stretch(None, descending, unknown if where is None else where & unknown, same=key),
    )


@dataclass(frozen=True)
class Place:
    """Where a row stands in an order: its stretch, its key there, its number."""

    stretch: int
    key: date | str | int | None
    number: int


class MarkRefused(ValueError):
    """A mark that this list did not give out for this order."""


def write_mark(place: Place, secret: str, order: str) -> str:
    """A place as text for an address, good for one order of one list."""
    key = ["day", place.key.isoformat()] if isinstance(place.key, date) else ["", place.key]
    return str(_signer(secret, order).dumps([place.stretch, *key, place.number]))


def read_mark(text: str, secret: str, order: str) -> Place:
    """The place that a mark stands for; raises MarkRefused."""
    if len(text) > LONGEST_MARK:
        raise MarkRefused
    try:
        stretch, kind, key, number = _signer(secret, order).loads(text)
    except BadData:
        raise MarkRefused from None
    return Place(stretch, date.fromisoformat(key) if kind == "day" else key, number)


@lru_cache(maxsize=200)
def _signer(secret: str, order: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=f"page mark {order}")


def walked(
    walk: Walk, *, size: int, edge: Place | None = None, backwards: bool = False
) -> Select[Any]:
    """The query of so many rows: their stretch, key and number, as they are read."""
    order, step = walk.order, -1 if backwards else 1
    first = edge.stretch if edge else (len(order) - 1 if backwards else 0)
    kind = next((s.key.type for s in order if s.key is not None), Integer())
    arms = []
    for index in range(first, len(order) if step > 0 else -1, step):
        clauses = list(walk.clauses)
        if edge is not None and index == first:
            clauses.append(_past(order[index], walk.number, edge, step))
        arms.append(_merged(walk, index, clauses, kind, step, size))
    if len(arms) == 1:
        return arms[0]
    # One after the other, as `db` sees to; what follows is not read once there are enough rows.
    together = union_all(*(select(arm.subquery()) for arm in arms)).limit(size).subquery()
    return select(together)


def numbers(walk: Walk, most: int) -> Select[Any]:
    """The query of all numbers, each once, in no order; there may be some more than ``most``."""
    if isinstance(walk.counted, Walk):
        return numbers(walk.counted, most)
    if walk.counted is not None:
        (column,) = walk.counted.selected_columns
        return walk.counted.with_only_columns(column.label("number"), maintain_column_froms=True)
    query = select(walk.number.label("number")).where(*walk.clauses)
    if len(walk.branches) < 2:
        return query.where(*walk.branches)
    # A record stands once in a branch, but may stand in several.
    arms = (query.where(branch).limit(most).subquery() for branch in walk.branches)
    together = union_all(*(select(arm) for arm in arms)).subquery()
    return select(together.c.number).distinct()


def _merged(
    walk: Walk, index: int, clauses: list[ColumnElement[bool]], kind: Any, step: int, size: int
) -> Select[Any]:
    """The next rows of one stretch; where there are branches, the nearest of all of them."""
    stretch = walk.order[index]
    if len(walk.branches) < 2:
        here = [*walk.branches, *clauses]
        return _arm(index, stretch, walk.number, here, kind, step).limit(size)
    arms = (
        _arm(index, stretch, walk.number, [branch, *clauses], kind, step).limit(size).subquery()
        for branch in walk.branches
    )
    together = union_all(*(select(arm) for arm in arms)).subquery()
    columns = together.c
    ends = _ends(None if stretch.key is None else columns.key, columns.number, stretch, step)
    return select(together).distinct().order_by(*ends).limit(size)


def _arm(
    index: int,
    stretch: Stretch,
    number: ColumnElement[int],
    clauses: Sequence[ColumnElement[bool]],
    kind: Any,
    step: int,
) -> Select[Any]:
    key = cast(null(), kind) if stretch.key is None else stretch.key
    arm = select(
        literal_column(str(index)).label("stretch"), key.label("key"), number.label("number")
    )
    where = clauses if stretch.where is None else [stretch.where, *clauses]
    return arm.where(*where).order_by(*_ends(_first(stretch), number, stretch, step))


def _first(stretch: Stretch) -> ColumnElement[Any] | None:
    """PostgreSQL does not see that a key is the same for all rows, unless it is ordered by."""
    return stretch.same if stretch.key is None else stretch.key


def _ends(
    key: ColumnElement[Any] | None, number: ColumnElement[int], stretch: Stretch, step: int
) -> list[ColumnElement[Any]]:
    ends = [number] if key is None else [key, number]
    falling = stretch.descending == (step > 0)
    return [end.desc() for end in ends] if falling else list(ends)


def _past(
    stretch: Stretch, number: ColumnElement[int], edge: Place, step: int
) -> ColumnElement[bool]:
    """Rows of the edge's own stretch that come after it, seen in the direction of reading."""
    rising = stretch.descending != (step > 0)
    its_number = bindparam(EDGE_NUMBER, edge.number, Integer)
    if stretch.key is None:
        return number > its_number if rising else number < its_number
    own = tuple_(stretch.key, number)
    its = tuple_(bindparam(EDGE_KEY, edge.key, stretch.key.type), its_number)
    return own > its if rising else own < its


def in_order(order: Order, number: ColumnElement[int]) -> list[ColumnElement[Any]]:
    """The same order for one query of all rows, such as a file's."""
    if len(order) == 1 or (len(order) == 2 and order[1].key is None and order[0].key is not None):
        one = order[0]
        keys = [number] if one.key is None else [one.key, number]
        first, *others = [key.desc() if one.descending else key.asc() for key in keys]
        return [first.nulls_last() if len(order) == 2 else first, *others]
    parts = [(stretch, stretch.where) for stretch in order if stretch.where is not None]
    assert len(parts) == len(order), "several stretches are told apart by their conditions"
    ends: list[ColumnElement[Any]]
    ends = [case(*((where, place) for place, (_stretch, where) in enumerate(parts)))]
    for stretch, where in parts:
        if stretch.key is not None:
            own = case((where, stretch.key))
            ends.append(own.desc() if stretch.descending else own.asc())
    falling = [(where, -number) for stretch, where in parts if stretch.descending]
    return [*ends, case(*falling, else_=number) if falling else number]

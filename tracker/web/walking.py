"""Walk along a list, or count its rows, by statements that are kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, func, literal_column, select
from sqlalchemy.orm import Session

from tracker.web import kept_statements
from tracker.web.keyset import EDGE_KEY, EDGE_NUMBER, Place, Stretch, Walk, numbers, walked


def places(
    session: Session,
    walk: Walk,
    *,
    size: int,
    edge: Place | None = None,
    backwards: bool = False,
) -> list[Place]:
    """The next rows after a place, in the list's order, or the last ones before it.

    Without an edge they are counted from the beginning, or backwards from the end.
    """
    shape = ("places", _shape(walk), size, edge and edge.stretch, backwards)
    given = {} if edge is None else _given(walk.order[edge.stretch], edge)
    found = kept_statements.rows(
        session.connection(),
        shape,
        _parts(walk),
        lambda: walked(walk, size=size, edge=edge, backwards=backwards),
        **given,
    )
    return [Place(*row) for row in found][:: -1 if backwards else 1]


def _shape(walk: Walk) -> tuple[object, ...]:
    """What makes two walks differ, beside the parts that they are made of."""
    order = [
        (one.descending, one.key is None, one.where is None, one.same is None) for one in walk.order
    ]
    return (*order, len(walk.clauses), len(walk.branches))


def _parts(walk: Walk) -> list[ColumnElement[Any]]:
    """All conditions and columns of a walk."""
    ends = (part for one in walk.order for part in (one.key, one.where, one.same))
    order = [part for part in ends if part is not None]
    return [walk.number, *order, *walk.clauses, *walk.branches]


def _given(stretch: Stretch, edge: Place) -> dict[str, Any]:
    """Where a walk goes on, by the names that its statement has for it."""
    key = {} if stretch.key is None else {EDGE_KEY: edge.key}
    return {**key, EDGE_NUMBER: edge.number}


def count_to(session: Session, walk: Walk, most: int) -> int:
    """How many rows there are, counted no further than to ``most``."""
    while isinstance(walk.counted, Walk):
        walk = walk.counted
    own: list[ColumnElement[Any]] = [walk.number, *walk.clauses, *walk.branches]
    shape = ("count", most, walk.counted is None, len(walk.clauses), len(walk.branches))
    ((found,),) = kept_statements.rows(
        session.connection(),
        shape,
        own if walk.counted is None else [walk.counted],
        lambda: _count(walk, most),
    )
    return int(found)


def _count(walk: Walk, most: int) -> Select[Any]:
    # Rows alone: to read a column of them takes SQLite longer than to step over them.
    row = literal_column("1", Integer).label("row")
    table = walk.number.table
    if isinstance(walk.counted, Select):
        some: Select[Any] = walk.counted.with_only_columns(row, maintain_column_froms=True)
    elif len(walk.branches) > 1:
        some = numbers(walk, most)
    elif walk.clauses or walk.branches:
        some = select(row).select_from(table).where(*walk.clauses, *walk.branches)
    else:
        # Of all that there are, it is known sooner whether there is a last one that counts.
        last = select(row).select_from(table).limit(1).offset(most - 1)
        every = select(func.count()).select_from(table).scalar_subquery()
        return select(case((last.exists(), most), else_=every))
    return select(func.count()).select_from(some.limit(most).subquery())

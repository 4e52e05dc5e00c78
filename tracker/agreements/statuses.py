"""Lists and counts of agreements by their status on a day, from the spans that are kept of them.

They say what `queries.status_expression` works out for each agreement anew, for a day by which
everything undated has happened, and cost a look into an index.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Date,
    Select,
    bindparam,
    case,
    false,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.orm import Session

from tracker.agreements.kept_spans import SPANS
from tracker.agreements.models import Agreement
from tracker.agreements.rules import AgreementStatus
from tracker.agreements.sides import AGREEMENT_SIDE

# Up to so many agreements of a status are gathered and sorted; of more, a list soon meets enough.
FEW = 5_000


_OWN: Any = Agreement.__table__
NUMBER: Column[int] = _OWN.c.id
_SIDE = AGREEMENT_SIDE.c


def status_on_day(day: date | BindParameter[date], number: Column[int] = NUMBER) -> Any:
    """The status of an agreement of the query around it, in which its number is a column.

    Spans follow each other, so that it is that of the last one that has begun: one look into the
    key, whatever the database holds for probable. Along the sides there is no look where the last
    one of all has begun, as most have.
    """
    looked_up = (
        select(SPANS.c.status)
        .where(SPANS.c.agreement_id == number, SPANS.c.first_day <= day)
        .order_by(SPANS.c.first_day.desc())
        .limit(1)
        .correlate(number.table)
        .scalar_subquery()
    )
    if number is not _SIDE.agreement_id:
        return looked_up
    return case((_SIDE.last_since <= day, _SIDE.last_status), else_=looked_up)


def numbers_with_status(status: AgreementStatus, day: date) -> Select[tuple[int]]:
    """The ids of the agreements of a status: a part of one index."""
    return select(SPANS.c.agreement_id).where(
        SPANS.c.status == status.value, SPANS.c.last_day >= day, SPANS.c.first_day <= day
    )


def has_status(
    session: Session, status: AgreementStatus, day: date, number: Column[int] = NUMBER
) -> ColumnElement[bool]:
    """Agreements of a status, as a clause that suits how many they are.

    Few are gathered by the index; where there are many, the agreements of a list are looked at in
    its own order, and soon fill a page. Along the sides it stands in the index that is walked, and
    nothing is gained by gathering.
    """
    along_sides = number is _SIDE.agreement_id
    if not along_sides and count_with_status(session, status, day, FEW + 1) <= FEW:
        return number.in_(numbers_with_status(status, day))
    # PostgreSQL takes a comparison with a query for one that hardly any row passes, and would sort
    # all that there are; of a CASE it takes half to pass, which is nearer to the truth.
    same: ColumnElement[bool] = status_on_day(day, number) == status.value
    return case((same, true()), else_=false())


def count_with_status(session: Session, status: AgreementStatus, day: date, most: int) -> int:
    """How many agreements have a status, counted no further than to ``most``."""
    given = {"status": status.value, "day": day}
    return session.connection().scalar(_count_to(most), given) or 0


@lru_cache(maxsize=8)
def _count_to(most: int) -> Select[tuple[int]]:
    """Kept, and of rows alone: to read their numbers takes SQLite longer than to find them."""
    day, columns = bindparam("day", type_=Date), SPANS.c
    some: Select[Any] = select(literal_column("1").label("row")).select_from(SPANS)
    some = some.where(
        columns.status == bindparam("status"), columns.last_day >= day, columns.first_day <= day
    )
    return select(func.count()).select_from(some.limit(most).subquery())

"""With whom a party has most to do."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import Session

from tracker.agreements.models import Agreement
from tracker.commissions.models import Commission
from tracker.meetings.models import Meeting
from tracker.meetings.queries import final_day, looked_at
from tracker.meetings.sequence import MeetingStatus
from tracker.parties.models import Party


def partners(party: Party, session: Session, day: date, most: int) -> list[tuple[Party, int, int]]:
    """The parties with which a party has most agreements, how many, and meetings overdue."""
    a, b = Agreement.side_a_id, Agreement.side_b_id
    # One look into an index for each side.
    sides = union_all(
        select(b.label("other"), func.count().label("times")).where(a == party.id).group_by(b),
        select(a.label("other"), func.count().label("times")).where(b == party.id).group_by(a),
    ).subquery()
    ranked = (
        select(sides.c.other, func.sum(sides.c.times).label("agreements"))
        .group_by(sides.c.other)
        .order_by(func.sum(sides.c.times).desc(), sides.c.other)
        .limit(most)
    )
    counted = {row.other: row.agreements for row in session.execute(ranked)}
    late = _overdue_with(party, session, day)
    wanted = {*counted, *late}
    found = {p.id: p for p in session.scalars(select(Party).where(Party.id.in_(wanted)))}
    rows = [(found[n], counted.get(n, 0), late.get(n, 0)) for n in wanted]
    return sorted(rows, key=lambda row: (-row[1], -row[2], row[0].name))[:most]


def _overdue_with(party: Party, session: Session, day: date) -> dict[int, int]:
    """How many meetings with each other party have passed without a record."""
    passed = and_(
        Meeting.status.in_((MeetingStatus.PLANNED, MeetingStatus.CONFIRMED)), final_day() < day
    )
    # Looked at in the meetings of the party: the indexes of both lead to those of everybody.
    late = looked_at(passed)
    each = union_all(
        _with(party, Commission, late).join(Meeting, Meeting.commission_id == Commission.id),
        _with(party, Meeting, late).where(Meeting.commission_id.is_(None)),
    ).subquery()
    counted = select(each.c.other, func.count().label("late")).group_by(each.c.other)
    return {row.other: row.late for row in session.execute(counted)}


def _with(party: Party, sides: Any, late: ColumnElement[bool]) -> Select[tuple[int]]:
    """The other party of each late meeting whose two sides stand in a table."""
    other = func.coalesce(func.nullif(sides.side_a_id, party.id), sides.side_b_id)
    own = or_(sides.side_a_id == party.id, sides.side_b_id == party.id)
    return select(other.label("other")).select_from(sides).where(own, late)

"""With whom a party has most to do."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.agreements.models import Agreement
from tracker.commissions.models import Commission
from tracker.meetings.models import Meeting
from tracker.meetings.queries import final_day
from tracker.meetings.sequence import MeetingStatus
from tracker.parties.models import Party


def partners(party: Party, session: Session, day: date, most: int) -> list[tuple[Party, int, int]]:
    """The parties with which a party has most agreements, how many, and meetings overdue."""
    other = func.coalesce(func.nullif(Agreement.side_a_id, party.id), Agreement.side_b_id).label(
        "other"
    )
    own = or_(Agreement.side_a_id == party.id, Agreement.side_b_id == party.id)
    ranked = (
        select(other, func.count().label("agreements"))
        .where(own)
        .group_by(other)
        .order_by(func.count().desc(), other)
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
    side_a = func.coalesce(Commission.side_a_id, Meeting.side_a_id)
    side_b = func.coalesce(Commission.side_b_id, Meeting.side_b_id)
    other = func.coalesce(func.nullif(side_a, party.id), side_b).label("other")
    query = (
        select(other, func.count().label("late"))
        .select_from(Meeting)
        .outerjoin(Commission, Meeting.commission_id == Commission.id)
        .where(
            or_(side_a == party.id, side_b == party.id),
            Meeting.status.in_((MeetingStatus.PLANNED, MeetingStatus.CONFIRMED)),
            final_day() < day,
        )
        .group_by(other)
    )
    return {row.other: row.late for row in session.execute(query)}

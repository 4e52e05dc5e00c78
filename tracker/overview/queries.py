"""What needs attention."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from tracker.commissions.models import Commission
from tracker.meetings.models import Meeting
from tracker.meetings.queries import final_day
from tracker.meetings.rules import OPEN


def _open_meetings() -> Select[tuple[Meeting]]:
    return (
        select(Meeting)
        .where(Meeting.status.in_(OPEN))
        .options(
            joinedload(Meeting.commission).joinedload(Commission.side_a),
            joinedload(Meeting.commission).joinedload(Commission.side_b),
            joinedload(Meeting.own_side_a),
            joinedload(Meeting.own_side_b),
            joinedload(Meeting.host),
        )
        .order_by(final_day(), Meeting.id)
    )


def overdue(today: date) -> Select[tuple[Meeting]]:
    """Meetings whose time has passed and of which nothing says that they were held."""
    return _open_meetings().where(final_day() < today)


def due_within(today: date, days: int) -> Select[tuple[Meeting]]:
    """Meetings to be held within so many days, or by a day within them."""
    until = today + timedelta(days=days)
    return _open_meetings().where(final_day() >= today, final_day() <= until)

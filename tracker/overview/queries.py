"""What needs attention."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from tracker.commissions.models import Commission
from tracker.db import last_day
from tracker.meetings.models import Meeting
from tracker.meetings.sequence import MeetingStatus

OPEN = (MeetingStatus.PLANNED, MeetingStatus.CONFIRMED)


def _last_day() -> ColumnElement[date]:
    """The last day on which a meeting may take place as planned."""
    return func.coalesce(last_day(Meeting.ends_on), last_day(Meeting.begins_on), Meeting.due_to)


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
        .order_by(_last_day(), Meeting.id)
    )


def overdue(today: date) -> Select[tuple[Meeting]]:
    """Meetings whose time has passed and of which nothing says that they were held."""
    return _open_meetings().where(_last_day() < today)


def due_within(today: date, days: int) -> Select[tuple[Meeting]]:
    """Meetings to be held within so many days, or by a day within them."""
    until = today + timedelta(days=days)
    return _open_meetings().where(_last_day() >= today, _last_day() <= until)

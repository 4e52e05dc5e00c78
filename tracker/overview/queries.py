"""What needs attention."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from tracker.commissions.models import Commission
from tracker.meetings.models import Meeting, MeetingStatus

OPEN = (MeetingStatus.PLANNED, MeetingStatus.CONFIRMED)


def _last_day() -> Any:
    """The last day on which a meeting may take place as planned."""
    last: Any = Meeting.ends_on_last  # type: ignore[attr-defined]
    begins: Any = Meeting.begins_on_last  # type: ignore[attr-defined]
    return func.coalesce(last, begins, Meeting.due_to)


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

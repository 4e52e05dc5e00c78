"""Meetings as events of a calendar feed (docs/adr/0011)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload

from tracker.calendars import Event, EventStatus, events_of
from tracker.commissions.models import Commission
from tracker.dates import PartialDate
from tracker.meetings.models import Meeting
from tracker.meetings.pages import describe_meeting
from tracker.meetings.queries import last_note, last_planned, shown_between
from tracker.meetings.sequence import MeetingStatus
from tracker.meetings.shown import host_text, state_sentence
from tracker.meetings.words import KINDS
from tracker.web.site import date_text

Address = Callable[[Meeting], str]


def meeting_events(
    session: Session,
    clauses: list[ColumnElement[bool]],
    window: tuple[date, date],
    alarm: timedelta | None,
    address: Address,
) -> Iterator[Event]:
    """The events of the meetings that fit all clauses and lie in a window of days."""

    def event(meeting: Meeting, first: date | None, last: date | None, note: str) -> Event | None:
        return event_of(meeting, PartialDate.from_span(first, last), note, alarm, address)

    numbers = select(Meeting.id).where(*clauses, shown_between(*window))
    return events_of(session, numbers, _rows(), Meeting.id, event)


def _rows() -> Select[Any]:
    return select(Meeting, last_planned("first"), last_planned("last"), last_note()).options(
        joinedload(Meeting.commission).joinedload(Commission.side_a),
        joinedload(Meeting.commission).joinedload(Commission.side_b),
        joinedload(Meeting.own_side_a),
        joinedload(Meeting.own_side_b),
        joinedload(Meeting.host),
    )


def event_of(
    meeting: Meeting,
    planned: PartialDate | None,
    note: str | None,
    alarm: timedelta | None,
    address: Address,
) -> Event | None:
    """A meeting as an event; None when nothing says when it is.

    ``planned`` is the last date that an act gave, ``note`` what the last act says of itself.
    """
    when = meeting.begins_on
    put_off = meeting.status == MeetingStatus.POSTPONED and when is None and planned is not None
    if put_off:
        when = planned
    span = _span(when, meeting)
    if span is None:
        return None
    gone = put_off or meeting.status == MeetingStatus.CANCELLED
    known = when is not None and when.precision == "day"
    return Event(
        key=f"meeting-{meeting.id}",
        version=meeting.version,
        changed_at=meeting.changed_at,
        first=span[0],
        last=span[1],
        title=_title(meeting, when, put_off=put_off),
        status=EventStatus.CANCELLED if gone else _status(meeting),
        busy=known and not gone,
        place=host_text(meeting),
        url=address(meeting),
        text=_text(meeting, note),
        categories=(
            str(KINDS[meeting.kind]),
            *(side.name for side in (meeting.side_a, meeting.side_b)),
        ),
        alarm=None if gone or meeting.status == MeetingStatus.HELD else alarm,
    )


def _span(when: PartialDate | None, meeting: Meeting) -> tuple[date, date] | None:
    """Its days where they are known; else the last day on which it can be, or is due.

    A whole month or year as one event would cover all others in most programs.
    """
    ends = meeting.ends_on if when is meeting.begins_on else None
    if when is None:
        return (meeting.due_to, meeting.due_to) if meeting.due_to else None
    if when.precision == "day":
        exact = ends is not None and ends.precision == "day"
        return when.first, ends.last if ends and exact else when.last
    last = ends.last if ends else when.last
    return last, last


def _status(meeting: Meeting) -> EventStatus:
    sure = meeting.status in (MeetingStatus.CONFIRMED, MeetingStatus.HELD)
    return EventStatus.CONFIRMED if sure else EventStatus.TENTATIVE


def _title(meeting: Meeting, when: PartialDate | None, *, put_off: bool) -> str:
    title = describe_meeting(meeting)
    if put_off:
        return _("postponed: %(title)s", title=title)
    if meeting.status == MeetingStatus.CANCELLED:
        return _("cancelled: %(title)s", title=title)
    if when is None:
        return _("due: %(title)s", title=title)
    if when.precision != "day":
        return _("%(when)s, day not known: %(title)s", when=date_text(when), title=title)
    return title


def _text(meeting: Meeting, note: str | None) -> str:
    """What a reader of the calendar wants to know without opening the page.

    The state is told as of a day before all others: a feed does not change because time passes.
    """
    parts = [
        f"{meeting.side_a.name} – {meeting.side_b.name}",
        state_sentence(meeting, date.min),
        *(
            f"{label}: {value}"
            for label, value in (
                (_("Host"), host_text(meeting)),
                (_("Note"), note),
                (_("Outcome"), meeting.outcome),
                (_("Agreed minutes"), meeting.minutes),
            )
            if value
        ),
    ]
    return "\n".join(parts)

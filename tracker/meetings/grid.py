"""A year of meetings as a grid: commissions down, months across."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from tracker.meetings.listing import AnyMeeting
from tracker.meetings.models import Meeting
from tracker.meetings.rules import Section, section_of
from tracker.meetings.sequence import MeetingStatus
from tracker.meetings.standing import Standing
from tracker.meetings.words import STATUSES
from tracker.web.links import record_url

MONTHS = range(1, 13)


@dataclass(frozen=True)
class Mark:
    """One meeting in a month."""

    shape: str
    word: str
    label: str
    url: str


@dataclass
class Cell:
    """One month of one row; due says that a session's period runs through it."""

    sessions: list[Mark] = field(default_factory=list)
    due: bool = False
    due_first: bool = False
    due_last: bool = False


@dataclass
class GridRow:
    """A commission's year, or that of the meetings of two parties without one."""

    label: str
    url: str | None
    cells: list[Cell] = field(default_factory=lambda: [Cell() for _month in MONTHS])


@dataclass
class Grid:
    """The whole year."""

    year: int
    months: list[str]
    rows: list[GridRow]


def year_grid(meetings: Iterable[Meeting], year: int, months: list[str], today: date) -> Grid:
    """Put meetings into the months of a year: on their days, or along their due period."""
    rows: dict[object, GridRow] = {}
    for meeting in meetings:
        if _touches(meeting, year):
            row = rows.setdefault(_owner(meeting), _row(meeting))
            _place(meeting, row, year, today)
    return Grid(year, months, list(rows.values()))


def _touches(meeting: Meeting, year: int) -> bool:
    if meeting.begins_on is not None:
        return meeting.begins_on.first.year == year
    if meeting.due_to is None:
        return False
    return (meeting.due_from or meeting.due_to).year <= year <= meeting.due_to.year


def _owner(meeting: Meeting) -> object:
    return meeting.commission_id or (meeting.side_a_id, meeting.side_b_id)


def _row(meeting: Meeting) -> GridRow:
    if meeting.commission is not None:
        return GridRow(meeting.commission.name, record_url(meeting.commission))
    return GridRow(f"{meeting.side_a.name} – {meeting.side_b.name}", None)


def _place(meeting: Meeting, row: GridRow, year: int, today: date) -> None:
    if meeting.begins_on is not None:
        row.cells[meeting.begins_on.first.month - 1].sessions.append(_mark(meeting, today))
        return
    assert meeting.due_to is not None
    begun = meeting.due_from or meeting.due_to
    first = begun.month if begun.year == year else 1
    last = meeting.due_to.month if meeting.due_to.year == year else 12
    for month in range(first, last + 1):
        row.cells[month - 1].due = True
    row.cells[first - 1].due_first = begun.year == year
    row.cells[last - 1].due_last = meeting.due_to.year == year
    if meeting.due_to.year == year:
        row.cells[last - 1].sessions.append(_mark(meeting, today))


def _mark(meeting: Meeting, today: date) -> Mark:
    shape, word = shape_of(meeting, today)
    label = str(meeting.number) if meeting.number is not None else meeting.title or _("session")
    return Mark(shape, word, label, record_url(meeting))


def shape_of(meeting: AnyMeeting, today: date) -> tuple[str, str]:
    """The sign and the word of a meeting's state on a day, as it is recorded."""
    recorded = Standing(meeting.status, meeting.begins_on, meeting.ends_on)
    return shape_as_it_stood(recorded, meeting.due_to, today)


def shape_as_it_stood(stood: Standing, due_to: date | None, day: date) -> tuple[str, str]:
    """The sign and the word of how a meeting stood on a day."""
    return sign_of(section_of(stood.status, stood.begins, stood.ends, due_to, day), stood.status)


def sign_of(part: Section, status: MeetingStatus) -> tuple[str, str]:
    """The sign and the word of meetings of a status that stand in a part of the schedule."""
    if part == Section.OVERDUE:
        return "overdue", _("no record that it was held")
    if part == Section.DUE:
        return "expected", _("expected")
    return status.value, str(STATUSES[status])

"""The pages of meetings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select

from tracker.columns import CellError, Reading
from tracker.commissions.models import Commission
from tracker.commissions.queries import is_called
from tracker.meetings.listing import AnyMeeting, rows
from tracker.meetings.models import Meeting
from tracker.meetings.paths import path
from tracker.meetings.queries import (
    by_section,
    final_day,
    in_section,
    in_status,
    to_day,
    with_sides,
)
from tracker.meetings.rules import Section
from tracker.meetings.searched import MEETINGS_SEARCHED
from tracker.meetings.sequence import MeetingStatus
from tracker.meetings.table import MEETINGS
from tracker.meetings.words import STATUSES
from tracker.parties.pages import party_of
from tracker.parties.queries import with_party
from tracker.search.lists import search_filter
from tracker.text import N_
from tracker.web.filters import day_of
from tracker.web.pages import Filter, RecordPages
from tracker.web.pages import Section as Part


class HasName(Protocol):
    """A party, however it was read."""

    @property
    def name(self) -> str:
        """What it is called."""


def describe_meeting(meeting: AnyMeeting) -> str:
    """What lists call a meeting: its title, or its number in its commission."""
    commission = meeting.commission
    if commission is None:
        return meeting_name(meeting.title, None, None, (meeting.side_a, meeting.side_b))
    return meeting_name(meeting.title, meeting.number, commission.name, ())


def meeting_name(
    title: str | None,
    number: int | None,
    commission: str | None,
    sides: Iterable[HasName],
    said: Callable[[str], str] = _,
) -> str:
    """The same, of its columns: the name of its commission, or the two sides without one.

    ``said`` gives a text in the reader's language.
    """
    if title:
        return title
    if commission is None:
        return " – ".join(side.name for side in sides)
    if number is None:
        return said(N_("Session of the %(commission)s")) % {"commission": commission}
    words = {"number": number, "commission": commission}
    return said(N_("Session %(number)s, %(commission)s")) % words


def _party(text: str, reading: Reading) -> ColumnElement[bool]:
    party = party_of(text, reading)
    return Meeting.id.in_(with_sides(lambda record: with_party(record, party.id)))


def in_commission(text: str, _reading: Reading) -> ColumnElement[bool]:
    """Meetings of the commission that a filter means, by its number or a part of its name."""
    number = text.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) <= 9:
        return Meeting.commission_id == int(number)
    return Meeting.commission_id.in_(select(Commission.id).where(is_called(text)))


_STATUSES = [
    (Section.OVERDUE.value, _l("no record that it was held")),
    *((status.value, word) for status, word in STATUSES.items()),
]


def _status(text: str, reading: Reading) -> ColumnElement[bool]:
    if text == Section.OVERDUE:
        return in_section(Section.OVERDUE, reading.today)
    if text not in list(MeetingStatus):
        raise CellError(N_("“%(text)s” is not in the list."), text=text)
    return in_status(MeetingStatus(text))


def _from(text: str, _reading: Reading) -> ColumnElement[bool]:
    return final_day() >= day_of(text).first


def _to(text: str, reading: Reading) -> ColumnElement[bool]:
    return to_day(reading.session, day_of(text).last)


MEETING_PAGES = RecordPages(
    table=MEETINGS,
    title=_l("Meetings"),
    new_label=_l("Record a meeting"),
    describe=describe_meeting,
    shown=("number", "status", "begins_on", "due_to", "host", "city"),
    order=lambda reading: by_section(reading.today),
    list_template="meetings/list.html",
    rows=rows,
    path=path,
    show_template="meetings/show.html",
    filters={
        "q": search_filter(
            _l("Words of the title, place, outcome or decisions"), MEETINGS_SEARCHED
        ),
        "party": Filter(_l("Party"), _party, offers="parties"),
        "commission": Filter(_l("Commission, by name or number"), in_commission),
        "status": Filter(_l("Status"), _status, _STATUSES),
        "from": Filter(_l("From"), _from),
        "to": Filter(_l("Until"), _to),
    },
    cited_as="meeting",
    sections=(
        Part(_l("What it is"), (("kind", "commission"), ("number", "title"), "extraordinary")),
        Part(_l("Between whom, where it is no session"), (("side_a", "side_b"),), folded=True),
        Part(
            _l("When and where"),
            (
                ("due_from", "due_to"),
                ("begins_on", "ends_on"),
                ("host", "city"),
                ("status", "format"),
            ),
        ),
        Part(_l("Who took part"), ("participants",)),
        Part(_l("What came of it"), ("outcome", "minutes")),
        Part(_l("Decisions"), ("decisions",)),
        Part(_l("Action items"), ("action_items",)),
        Part(_l("What happened to the plan"), ("acts", "note"), folded=True),
        Part(_l("How we know"), ("citation",)),
    ),
)

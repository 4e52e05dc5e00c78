"""What other records' pages show of meetings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, exists, select

from tracker.agreements.models import Agreement
from tracker.columns import Reading
from tracker.commissions.models import Commission
from tracker.meetings.grid import shape_of
from tracker.meetings.listing import ROWS, MeetingRow, made
from tracker.meetings.models import Meeting, Participation
from tracker.meetings.pages import describe_meeting
from tracker.meetings.queries import when, with_sides
from tracker.meetings.shown import when_text
from tracker.parties.models import Party
from tracker.parties.queries import with_party
from tracker.people.models import Person
from tracker.web.belongings import NUMBER
from tracker.web.links import Address, addresses_of
from tracker.web.pages import Panel, PanelLine, Pointing, list_panel

MOST = 10


def _latest(which: ColumnElement[bool]) -> Select[Any]:
    return ROWS.where(which).order_by(when().desc().nulls_first(), Meeting.id.desc()).limit(MOST)


_OF_AGREEMENT = _latest(
    Meeting.commission_id.in_(select(Commission.id).where(Commission.agreement_id == NUMBER))
)


def _of_agreement(agreement: Agreement, reading: Reading) -> Panel | None:
    """The sessions of the commissions that an agreement sets up."""
    return _list(_OF_AGREEMENT, reading, {"number": agreement.id})


of_agreement = Pointing(_of_agreement, exists().where(Commission.agreement_id == NUMBER))


def of_party(party: Party, reading: Reading) -> Panel | None:
    """The meetings of a party, what is to come first."""
    which = with_sides(lambda record: with_party(record, party.id))
    return _list(_latest(Meeting.id.in_(which)), reading, more={"party": party.code})


def of_person(person: Person, reading: Reading) -> Panel | None:
    """The meetings in which a person took part."""
    part = Meeting.participants.any(Participation.person_id == person.id)
    return _list(_latest(part), reading)


def _list(
    query: Select[Any],
    reading: Reading,
    given: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Panel | None:
    """The meetings of a query, to which values may be given; the filter of a list that has more."""
    meetings = made(reading.session.execute(query, given))
    if not meetings:
        return None
    address = addresses_of(Meeting)
    lines = [_line(meeting, reading.today, address) for meeting in meetings]
    all_of_them = (_("All meetings"), url_for("meetings.index", **more)) if more else None
    return list_panel(_("Meetings"), lines, more=all_of_them, empty="")


def _line(meeting: MeetingRow, today: date, address: Address) -> PanelLine:
    shape, word = shape_of(meeting, today)
    host = meeting.city or (meeting.host.name if meeting.host else "")
    where = address(meeting.id)
    return PanelLine(when_text(meeting), describe_meeting(meeting), where, shape, word, host)

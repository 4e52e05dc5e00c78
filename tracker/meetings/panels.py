"""What other records' pages show of meetings."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import joinedload

from tracker.agreements.models import Agreement
from tracker.columns import Reading
from tracker.commissions.models import Commission
from tracker.meetings.grid import shape_of
from tracker.meetings.models import Meeting, Participation
from tracker.meetings.pages import describe_meeting
from tracker.meetings.queries import when, with_sides
from tracker.meetings.shown import when_text
from tracker.parties.models import Party
from tracker.parties.queries import with_party
from tracker.people.models import Person
from tracker.web.belongings import NUMBER
from tracker.web.links import record_url
from tracker.web.pages import Panel, PanelLine, Pointing, list_panel

MOST = 10


def _of_agreement(agreement: Agreement, reading: Reading) -> Panel | None:
    """The sessions of the commissions that an agreement sets up."""
    own = select(Commission.id).where(Commission.agreement_id == agreement.id)
    return _list(Meeting.commission_id.in_(own), reading)


of_agreement = Pointing(_of_agreement, exists().where(Commission.agreement_id == NUMBER))


def of_party(party: Party, reading: Reading) -> Panel | None:
    """The meetings of a party, what is to come first."""
    which = with_sides(lambda record: with_party(record, party.id))
    return _list(Meeting.id.in_(which), reading, party=party.code)


def of_person(person: Person, reading: Reading) -> Panel | None:
    """The meetings in which a person took part."""
    return _list(Meeting.participants.any(Participation.person_id == person.id), reading)


def _list(which: ColumnElement[bool], reading: Reading, **wanted: Any) -> Panel | None:
    lines = [_line(m, reading.today) for m in reading.session.scalars(_latest(which))]
    if not lines:
        return None
    more = (_("All meetings"), url_for("meetings.index", **wanted)) if wanted else None
    return list_panel(_("Meetings"), lines, more=more, empty="")


def _latest(which: ColumnElement[bool]) -> Select[tuple[Meeting]]:
    return (
        select(Meeting)
        .where(which)
        .options(
            joinedload(Meeting.commission).joinedload(Commission.side_a),
            joinedload(Meeting.commission).joinedload(Commission.side_b),
            joinedload(Meeting.own_side_a),
            joinedload(Meeting.own_side_b),
            joinedload(Meeting.host),
        )
        .order_by(when().desc().nulls_first(), Meeting.id.desc())
        .limit(MOST)
    )


def _line(meeting: Meeting, today: date) -> PanelLine:
    shape, word = shape_of(meeting, today)
    host = meeting.city or (meeting.host.name if meeting.host else "")
    return PanelLine(
        when_text(meeting), describe_meeting(meeting), record_url(meeting), shape, word, host
    )

"""Commitments as other pages show them: plain lines, ready to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from tracker.agreements.models import Agreement
from tracker.commitments.models import Commitment
from tracker.commitments.queries import (
    Clause,
    of_agreement,
    of_meeting,
    of_pair,
    of_party,
    open_due_within,
    overdue_on,
    select_commitments,
)
from tracker.commitments.story import describe_commitment, state_of
from tracker.commitments.table import COMMITMENTS
from tracker.meetings.models import Meeting
from tracker.parties.models import Party
from tracker.web.links import record_url
from tracker.web.site import date_text

MOST = 50


@dataclass(frozen=True)
class Line:
    """One commitment in a list: until when, what, where it stands, how it stands.

    `side` is A, B or both, by the sides of the agreement or meeting that it comes from; `note`
    names the two parties. The fields are those of the `agenda` macro.
    """

    date: str
    title: str
    url: str
    shape: str
    word: str
    note: str
    side: str


def panel_of_agreement(session: Session, agreement: Agreement, day: date) -> list[Line]:
    """All commitments of an agreement, the earliest due first."""
    return _lines(session, day, of_agreement(agreement.id))


def panel_of_meeting(session: Session, meeting: Meeting, day: date) -> list[Line]:
    """All commitments made at a meeting."""
    return _lines(session, day, of_meeting(meeting.id))


def panel_of_pair(session: Session, one: Party, other: Party, day: date) -> list[Line]:
    """All commitments between two parties."""
    return _lines(session, day, of_pair(one.id, other.id))


def panel_overdue(
    session: Session, day: date, party: Party | None = None, most: int = MOST
) -> list[Line]:
    """Commitments that are overdue on a day, of one party or of all, the oldest first."""
    return _lines(session, day, overdue_on(day), *_of(party), most=most)


def panel_due_within(
    session: Session, day: date, days: int, party: Party | None = None, most: int = MOST
) -> list[Line]:
    """Open commitments that fall due within so many days, of one party or of all."""
    return _lines(session, day, open_due_within(day, days), *_of(party), most=most)


def _of(party: Party | None) -> list[Clause]:
    return [] if party is None else [of_party(party.id)]


def _lines(session: Session, day: date, *clauses: Clause, most: int = MOST) -> list[Line]:
    query = select_commitments(*clauses).options(*COMMITMENTS.load).limit(most)
    return [_line(one, day) for one in session.scalars(query)]


def _line(one: Commitment, day: date) -> Line:
    state = state_of(one, day)
    return Line(
        date_text(one.due_on) if one.due_on else _("no due date"),
        describe_commitment(one),
        record_url(one),
        state.shape,
        state.word,
        f"{one.side_a.name} – {one.side_b.name}",
        one.made_by.value,
    )

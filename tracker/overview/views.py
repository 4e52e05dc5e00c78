"""The home page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.agreements.models import Agreement
from tracker.clock import today
from tracker.commissions.models import Commission
from tracker.meetings.models import Meeting
from tracker.meetings.pages import describe_meeting
from tracker.overview.queries import due_within, overdue
from tracker.sources.models import Source
from tracker.web.database import db
from tracker.web.links import record_url
from tracker.web.site import date_text

MOST = 50
DAYS_AHEAD = 365

overview = Blueprint("overview", __name__, template_folder="templates")


@dataclass(frozen=True)
class Line:
    """One line of what needs attention."""

    date: str
    title: str
    url: str
    shape: str
    word: str
    note: str


@overview.get("/")
def home() -> ResponseReturnValue:
    """What is overdue, what is due, and how much is recorded."""
    day = today()
    late = list(db().scalars(overdue(day).limit(MOST)))
    soon = list(db().scalars(due_within(day, DAYS_AHEAD).limit(MOST)))
    return render_template(
        "overview/home.html",
        overdue=[_line(m, "overdue", _("no record that it was held")) for m in late],
        soon=[_line(m, "planned" if m.begins_on else "expected", _word(m)) for m in soon],
        figures=[
            (_("Agreements"), _count(Agreement)),
            (_("Commissions"), _count(Commission)),
            (_("Meetings"), _count(Meeting)),
            (_("Sources"), _count(Source)),
        ],
    )


def _count(model: type[Any]) -> int:
    return db().scalar(select(func.count()).select_from(model)) or 0


def _word(meeting: Meeting) -> str:
    return _("planned") if meeting.begins_on else _("expected")


def _line(meeting: Meeting, shape: str, word: str) -> Line:
    when = meeting.begins_on
    date = (
        date_text(when)
        if when
        else _("by %(day)s", day=meeting.due_to.isoformat() if meeting.due_to else "")
    )
    host = " · ".join(filter(None, (meeting.city, meeting.host.name if meeting.host else None)))
    sides = f"{meeting.side_a.name} – {meeting.side_b.name}"
    note = " · ".join(filter(None, (sides, host)))
    return Line(date, describe_meeting(meeting), record_url(meeting), shape, word, note)

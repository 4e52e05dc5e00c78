"""What the filters of the list of meetings say of its parts; none is looked through in vain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, false, true
from sqlalchemy.orm import Session

from tracker.columns import Reading
from tracker.meetings.models import Meeting
from tracker.meetings.queries import HELD_SINCE, by_section
from tracker.meetings.rules import OPEN, Section
from tracker.text import Refusal
from tracker.web.filters import day_of
from tracker.web.pages import Path

_OWN: Any = Meeting.__table__.c
_OPEN = {Section.OVERDUE, Section.DUE, Section.PLANNED}
Also = dict[Section, ColumnElement[bool]]


def path(wanted: Mapping[str, str], reading: Reading, _sort: str | None) -> Path | None:
    """The list's own order; parts that cannot hold anything of a status are empty from the start.

    All filters stay: this says nothing that does not follow from them.
    """
    also = _of_status(wanted.get("status", ""))
    if "from" in wanted:
        try:
            since = day_of(wanted["from"]).first
        except Refusal:
            return None  # The filter itself says what is wrong.
        also = _since(since, reading.session) | also
    return Path(_OWN.id, by_section(reading.today, also), (), (), true()) if also else None


def _of_status(status: str) -> Also:
    if not status:
        return {}
    sections = _OPEN if status in list(OPEN) else {Section(s) for s in Section if s == status}
    return {section: false() for section in Section if section not in sections}


def _since(day: date, session: Session) -> Also:
    """What was held stands by its first day, and what is due by a day that it has an index of."""
    held = HELD_SINCE.gathered(session, day)
    due = _OWN.due_to >= day
    return {Section.DUE: due} if held is None else {Section.DUE: due, Section.HELD: held}

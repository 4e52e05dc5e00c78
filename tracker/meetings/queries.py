"""Selections of meetings."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, and_, or_

from tracker.db import first_day
from tracker.meetings.models import Meeting


def in_year(query: Select[tuple[Meeting]], year: int) -> Select[tuple[Meeting]]:
    """Those that begin in a year, or whose due period touches it while no day is known."""
    begins = first_day(Meeting.begins_on)
    first, last = date(year, 1, 1), date(year, 12, 31)
    due = and_(begins.is_(None), Meeting.due_to >= first)
    begun = or_(Meeting.due_from <= last, and_(Meeting.due_from.is_(None), Meeting.due_to <= last))
    return query.where(or_(begins.between(first, last), and_(due, begun)))

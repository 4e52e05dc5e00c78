"""Selections of meetings."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.commissions.models import CoChair, Commission
from tracker.db import first_day, last_day
from tracker.meetings.models import Meeting, MeetingAct
from tracker.meetings.rules import OPEN, Section
from tracker.meetings.sequence import MeetingStatus
from tracker.web.keyset import Stretch, by


def final_day() -> ColumnElement[date]:
    """The last day on which a meeting takes place, or is due to, as far as it is known."""
    return func.coalesce(last_day(Meeting.ends_on), last_day(Meeting.begins_on), Meeting.due_to)


def when() -> ColumnElement[date]:
    """The day from which a meeting takes place, else by which it is due."""
    return func.coalesce(first_day(Meeting.begins_on), Meeting.due_to)


def in_section(section: Section, today: date) -> ColumnElement[bool]:
    """Meetings of one part of the schedule; the same rule as `section_of`."""
    if section not in (Section.OVERDUE, Section.DUE, Section.PLANNED):
        return Meeting.status == MeetingStatus(section.value)
    is_open = Meeting.status.in_(OPEN)
    if section == Section.OVERDUE:
        return and_(is_open, final_day() < today)
    to_come = and_(is_open, or_(final_day().is_(None), final_day() >= today))
    day = func.coalesce(last_day(Meeting.ends_on), last_day(Meeting.begins_on))
    return and_(to_come, day.is_(None) if section == Section.DUE else day.is_not(None))


def by_section(today: date) -> list[Stretch]:
    """What asks for attention first; what was, newest first, and what is to be, soonest first."""
    began = func.coalesce(first_day(Meeting.begins_on), Meeting.due_to)
    order: list[Stretch] = []
    for section in Section:
        past = section in (Section.HELD, Section.CANCELLED)
        key = began if past else final_day()
        undated = section in (Section.DUE, Section.POSTPONED, Section.CANCELLED)
        where = in_section(section, today)
        order += by(key, descending=past, nullable=undated, where=where)
    return order


def in_year(query: Select[tuple[Meeting]], year: int) -> Select[tuple[Meeting]]:
    """Those that begin in a year, or whose due period touches it while no day is known."""
    return between(query, date(year, 1, 1), date(year, 12, 31))


def between(query: Select[tuple[Meeting]], first: date, last: date) -> Select[tuple[Meeting]]:
    """Those that begin in a span of days, or are due in it while no day is known."""
    begins, ends = first_day(Meeting.begins_on), final_day()
    due = and_(begins.is_(None), Meeting.due_to >= first)
    begun = or_(Meeting.due_from <= last, and_(Meeting.due_from.is_(None), Meeting.due_to <= last))
    return query.where(or_(and_(begins <= last, ends >= first), and_(due, begun)))


def chaired_by_the_same(commission: Commission) -> Select[tuple[Meeting, CoChair]]:
    """Open meetings with a day, of other commissions that a co-chair of this one chairs too."""
    persons = [chair.person_id for chair in commission.co_chairs]
    return (
        select(Meeting, CoChair)
        .join(Commission, Meeting.commission_id == Commission.id)
        .join(CoChair, CoChair.commission_id == Commission.id)
        .where(
            CoChair.person_id.in_(persons),
            Commission.id != commission.id,
            first_day(Meeting.begins_on).is_not(None),
            Meeting.status.not_in((MeetingStatus.POSTPONED, MeetingStatus.CANCELLED)),
        )
        .options(joinedload(Meeting.commission), joinedload(CoChair.person))
        .order_by(first_day(Meeting.begins_on), Meeting.id)
    )


def last_planned(end: Literal["first", "last"]) -> ScalarSelect[Any]:
    """The earliest or latest day of the last date that an act gave a meeting; None without one."""
    day = first_day(MeetingAct.new_date) if end == "first" else last_day(MeetingAct.new_date)
    return _of_last_act(day, first_day(MeetingAct.new_date).is_not(None))


def last_note() -> ScalarSelect[Any]:
    """What the last act on a meeting says of itself."""
    return _of_last_act(MeetingAct.note)


def _of_last_act(value: Any, *clauses: ColumnElement[bool]) -> ScalarSelect[Any]:
    return (
        select(value)
        .where(MeetingAct.meeting_id == Meeting.id, *clauses)
        .order_by(MeetingAct.position.desc())
        .limit(1)
        .correlate(Meeting)
        .scalar_subquery()
    )


def shown_between(first: date, last: date) -> ColumnElement[bool]:
    """Meetings whose days in a calendar touch a span of days.

    A postponed one without a new date stands on the day that it had.
    """
    put_off = and_(
        Meeting.status == MeetingStatus.POSTPONED, first_day(Meeting.begins_on).is_(None)
    )
    begins = func.coalesce(
        first_day(Meeting.begins_on), case((put_off, last_planned("first"))), Meeting.due_to
    )
    ends = func.coalesce(
        last_day(Meeting.ends_on),
        last_day(Meeting.begins_on),
        case((put_off, last_planned("last"))),
        Meeting.due_to,
    )
    return and_(begins <= last, ends >= first)

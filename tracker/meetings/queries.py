"""Selections of meetings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, joinedload

from tracker.commissions.models import CoChair, Commission
from tracker.db import any_of, first_day, last_day
from tracker.expressions import unindexed
from tracker.meetings.models import Meeting, MeetingAct
from tracker.meetings.rules import OPEN, Section
from tracker.meetings.sequence import MeetingStatus
from tracker.web.keyset import Order, Stretch, by

# Up to so many meetings are gathered and sorted.
FEW = 1_000

_DAYS = Meeting.__table__.c


def _written(status: str) -> ColumnElement[str]:
    return literal_column(f"'{status}'")


# In the words of the conditions of the indexes, which are of use to no others.
_status = unindexed(_DAYS.status)
_NO_DAY = (_DAYS.begins_on_last.is_(None), _DAYS.ends_on_last.is_(None))
IS_OPEN = _status.in_([_written(status) for status in OPEN])


def with_sides(sides: Callable[[Any], ColumnElement[bool]]) -> Select[tuple[int]]:
    """The ids of meetings whose two sides, their commission's or their own, fit a condition.

    Each part is found by an index, so that it costs what the parties have and not what all have.
    """
    return any_of(
        select(Meeting.id).where(sides(Meeting)),
        select(Meeting.id)
        .join(Commission, Meeting.commission_id == Commission.id)
        .where(sides(Commission)),
    )


def final_day() -> ColumnElement[date]:
    """The last day on which a meeting takes place, or is due to, as far as it is known."""
    return _DAYS.closes_on


def when() -> ColumnElement[date]:
    """The day from which a meeting takes place, else by which it is due."""
    return _DAYS.placed_on


def in_section(section: Section, today: date) -> ColumnElement[bool]:
    """Meetings of one part of the schedule; the same rule as `section_of`."""
    if section not in (Section.OVERDUE, Section.DUE, Section.PLANNED):
        return _status == _written(section)
    if section == Section.OVERDUE:
        return and_(IS_OPEN, final_day() < today)
    if section == Section.PLANNED:
        return and_(IS_OPEN, final_day() >= today, not_(and_(*_NO_DAY)))
    return and_(IS_OPEN, *_NO_DAY, or_(_DAYS.due_to.is_(None), _DAYS.due_to >= today))


def in_status(status: MeetingStatus) -> ColumnElement[bool]:
    """Meetings of a status, as a condition that leaves their part of the list its index."""
    if status not in OPEN:
        return _status == _written(status)
    same: ColumnElement[bool] = Meeting.status == status
    return and_(IS_OPEN, looked_at(same))


def looked_at(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition for which no index is looked for, and which half of the rows may pass."""
    return case((condition, true()), else_=false())


class Few:
    """Meetings that fit a clause on a day, as they are gathered by its index where they are few.

    Of many, a list that is walked in its own order soon meets enough. Few it would look for among
    all, and in vain.
    """

    def __init__(self, clause: Callable[[Any], ColumnElement[bool]]) -> None:
        self.clause = clause

    def gathered(self, session: Session, day: date) -> ColumnElement[bool] | None:
        """The clause of these meetings; None where they are many."""
        count = session.connection().scalar(self._count, {"day": day}) or 0
        return _DAYS.id.in_(self._some(day)) if count <= FEW else None

    def _some(self, day: Any) -> Select[tuple[int]]:
        return select(_DAYS.id).where(self.clause(day))

    @cached_property
    def _count(self) -> Select[tuple[int]]:
        """Put together once, since that takes longer than to count."""
        some = self._some(bindparam("day", type_=Date)).limit(FEW + 1)
        return select(func.count()).select_from(some.subquery())


BEGUN = Few(lambda day: _DAYS.opens_on <= day)
HELD_SINCE = Few(lambda day: and_(in_section(Section.HELD, day), final_day() >= day))


def to_day(session: Session, day: date) -> ColumnElement[bool]:
    """Meetings that may take place on a day or earlier; where they are few, found by that day."""
    gathered = BEGUN.gathered(session, day)
    return BEGUN.clause(day) if gathered is None else gathered


def by_section(
    today: date, also: Mapping[Section, ColumnElement[bool]] = MappingProxyType({})
) -> list[Stretch]:
    """What asks for attention first; what was, newest first, and what is to be, soonest first.

    ``also`` says of some parts what else their meetings fit, where that is known.
    """
    order: list[Stretch] = []
    for section in Section:
        past = section in (Section.HELD, Section.CANCELLED)
        undated = section in (Section.POSTPONED, Section.CANCELLED)
        more = also.get(section, true())
        if section is Section.DUE:
            order += _by_due_day(today, more)
        else:
            # What was held has a day, on which it opened: there its index has it.
            key = {Section.HELD: _DAYS.opens_on, Section.CANCELLED: when()}.get(section)
            where = and_(more, in_section(section, today))
            key = final_day() if key is None else key
            order += by(key, descending=past, nullable=undated, where=where)
    return order


def _by_due_day(today: date, more: ColumnElement[bool]) -> Order:
    """What has no day yet closes on the day by which it is due; in words that its index has."""
    due, undated = _DAYS.due_to, and_(more, IS_OPEN, *_NO_DAY)
    unknown = Stretch(where=and_(undated, due.is_(None)), same=due)
    return Stretch(due, where=and_(undated, due >= today)), unknown


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

"""Action items across meetings: what is open, what stands on the next session's agenda."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Select,
    and_,
    bindparam,
    case,
    or_,
    select,
)
from sqlalchemy.orm import Session, joinedload

from tracker.clock import day_asked
from tracker.columns import Reading
from tracker.commissions.models import Commission
from tracker.db import first_day, last_day
from tracker.meetings.models import ActionItem, ItemState, Meeting
from tracker.meetings.pages import describe_meeting
from tracker.meetings.queries import final_day, looked_at, with_sides
from tracker.meetings.rules import OPEN
from tracker.meetings.words import ITEM_STATES
from tracker.parties.models import Party
from tracker.parties.queries import ONE, OTHER, HasId, between, pair_values, with_party
from tracker.web.links import usable_url
from tracker.web.pages import Panel, PanelLine, list_panel
from tracker.web.site import date_text, days_overdue


def state_on(item: ActionItem, day: date) -> ItemState:
    """What had become of an item by a day; one that was closed later was open then."""
    closed_later = item.done_on is not None and item.done_on.first > day
    return ItemState.OPEN if closed_later else item.state


def late_by(item: ActionItem, day: date) -> int | None:
    """By how many days an open item is certainly overdue; None where it is not, or has no day."""
    if item.due_on is None or item.due_on.last >= day or state_on(item, day) is not ItemState.OPEN:
        return None
    return (day - item.due_on.last).days


def possibly_late(item: ActionItem, day: date) -> bool:
    """Whether an open item's partial date leaves open that its day has passed."""
    due = item.due_on
    is_open = state_on(item, day) is ItemState.OPEN
    return is_open and due is not None and due.first < day <= due.last


def open_on(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Items that were set by a day and open on it."""
    return and_(first_day(Meeting.begins_on) <= day, _open_still(day))


def _open_still(day: date | BindParameter[date]) -> ColumnElement[bool]:
    return or_(ActionItem.state == ItemState.OPEN, first_day(ActionItem.done_on) > day)


def who(item: ActionItem) -> str:
    """Who is to do it: the side, the person, or both."""
    meeting = item.meeting
    names = {"A": meeting.side_a.name, "B": meeting.side_b.name}
    side = names[item.side.value] if item.side else None
    return ", ".join(filter(None, (item.person.name if item.person else None, side)))


def items(*clauses: Any) -> Select[tuple[ActionItem]]:
    """All items that fit the clauses: open ones first, the earliest due first."""
    still_open = case((ActionItem.state == ItemState.OPEN, 0), else_=1)
    due = last_day(ActionItem.due_on)
    meeting = joinedload(ActionItem.meeting)
    return (
        select(ActionItem)
        .join(Meeting, ActionItem.meeting_id == Meeting.id)
        .where(*clauses)
        .options(
            joinedload(ActionItem.person),
            meeting.joinedload(Meeting.commission).joinedload(Commission.side_a),
            meeting.joinedload(Meeting.commission).joinedload(Commission.side_b),
            meeting.joinedload(Meeting.own_side_a),
            meeting.joinedload(Meeting.own_side_b),
        )
        .order_by(still_open, due.is_(None), due, ActionItem.id)
    )


def of_commission(commission: Commission, reading: Reading) -> Panel | None:
    """All items across a commission's sessions, as of the day that the address asks for."""
    day = day_asked()
    set_by_then = first_day(Meeting.begins_on) <= day
    found = reading.session.scalars(items(Meeting.commission_id == commission.id, set_by_then))
    lines = [line_of(item, day) for item in found]
    if not lines:
        return None
    more = (_("All action items"), url_for("action-items.index", commission=commission.id))
    return list_panel(_("Action items of all sessions"), lines, more=more, empty="")


def of_meeting(meeting: Meeting, reading: Reading) -> Panel | None:
    """What came of a meeting: its decisions, and its items by side.

    What a person is to do whose side nobody named stands on the side for which that person took
    part; where nobody knows, it stands under neither.
    """
    if not (meeting.decisions or meeting.action_items):
        return None
    took_part = {one.person_id: one.side for one in meeting.participants}
    lines: dict[str, list[PanelLine]] = {"A": [], "B": [], "": []}
    for item in meeting.action_items:
        side = item.side or took_part.get(item.person_id or 0)
        lines[side.value if side else ""].append(line_of(item, reading.today, own=True))
    content = {"decisions": meeting.decisions, "lines": lines, "meeting": meeting}
    return Panel(_("Minutes"), "meetings/panel_minutes.html", content)


def agenda_of(meeting: Meeting, reading: Reading) -> Panel | None:
    """Open items of earlier sessions, on the page of the first open session that follows them."""
    if meeting.commission_id is None or meeting.status not in OPEN:
        return None
    waiting = list(reading.session.scalars(_open_sessions(meeting.commission_id)))
    open_items = items(
        Meeting.commission_id == meeting.commission_id, ActionItem.state == ItemState.OPEN
    )
    lines = [
        line_of(item, reading.today)
        for item in reading.session.scalars(open_items)
        if _following(item.meeting, waiting) is meeting
    ]
    return list_panel(_("Agenda: open items"), lines, empty="", place="after") if lines else None


def _open_sessions(commission_id: int) -> Select[tuple[Meeting]]:
    return (
        select(Meeting)
        .where(Meeting.commission_id == commission_id, Meeting.status.in_(OPEN))
        .order_by(Meeting.number.nulls_last(), final_day().nulls_last(), Meeting.id)
    )


def _following(held: Meeting, waiting: Sequence[Meeting]) -> Meeting | None:
    """The first of the open sessions that comes after one that was held."""
    return next((meeting for meeting in waiting if _comes_after(meeting, held)), None)


def _comes_after(meeting: Meeting, held: Meeting) -> bool:
    if meeting.number is not None and held.number is not None:
        return meeting.number > held.number
    last = meeting.begins_on.last if meeting.begins_on else meeting.due_to
    return last is None or held.begins_on is None or last >= held.begins_on.first


def line_of(item: ActionItem, day: date, *, own: bool = False) -> PanelLine:
    """An item as a line; `own` leaves out the meeting and the side where it stands under both."""
    shape, word = state_in_words(item, day)
    where = None if own else describe_meeting(item.meeting)
    by = (item.person.name if item.person else None) if own else who(item)
    return PanelLine(
        _("until %(day)s", day=date_text(item.due_on)) if item.due_on else _("no day set"),
        item.text,
        usable_url("action-items.close", number=item.id),
        shape,
        word,
        " · ".join(filter(None, (by, where, item.note))),
    )


_SHAPES = {ItemState.OPEN: "planned", ItemState.DONE: "held", ItemState.DROPPED: "cancelled"}


def state_in_words(item: ActionItem, day: date) -> tuple[str, str]:
    """The sign of an item's state on a day, and the state in words with what is late or closed."""
    state, late = state_on(item, day), late_by(item, day)
    said = [str(ITEM_STATES[state])]
    if late:
        said.append(days_overdue(late))
    elif possibly_late(item, day):
        said.append(_("possibly overdue"))
    if item.done_on and state is not ItemState.OPEN:
        said.append(date_text(item.done_on))
    return "overdue" if late else _SHAPES[state], " · ".join(said)


def open_items_due(day: date, last: date, *clauses: Any) -> Select[tuple[ActionItem]]:
    """Items that were open on a day and are to be done by another.

    Found among all items first: SQLite would look for those of each meeting that has begun.
    """
    due = select(ActionItem.id).where(
        first_day(ActionItem.due_on).is_not(None),
        last_day(ActionItem.due_on) <= last,
        _open_still(day),
    )
    return items(ActionItem.id.in_(due), looked_at(first_day(Meeting.begins_on) <= day), *clauses)


def concerns(party_id: int) -> ColumnElement[bool]:
    """Items of meetings in which a party sits."""
    return ActionItem.meeting_id.in_(with_sides(lambda record: with_party(record, party_id)))


def between_parties(one: HasId, other: HasId) -> ColumnElement[bool]:
    """Items of meetings of two parties."""
    return ActionItem.meeting_id.in_(with_sides(lambda record: between(record, one, other)))


# Kept, so that a page need not build them anew.
_THEIRS = (open_on(bindparam("day", type_=Date)), between_parties(ONE, OTHER))
_OPEN_BETWEEN = items(*_THEIRS)
_ANY_OPEN_BETWEEN = (
    select(ActionItem.__table__.c.id)
    .join(Meeting, ActionItem.meeting_id == Meeting.id)
    .where(*_THEIRS)
    .limit(1)
)


def open_between(session: Session, one: Party, other: Party, day: date) -> Sequence[ActionItem]:
    """Items of meetings of two parties that were set by a day and open on it."""
    given = {**pair_values(one, other), "day": day}
    # Most pairs have none, and whole records are made ready to be read even then.
    if session.connection().execute(_ANY_OPEN_BETWEEN, given).first() is None:
        return ()
    return session.scalars(_OPEN_BETWEEN, given).all()

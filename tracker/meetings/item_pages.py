"""The list of all action items: its columns, its filters, its order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, String, case, cast, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.agreements.models import Side
from tracker.agreements.words import SIDES
from tracker.clock import day_asked
from tracker.columns import CellError, Choice, Dated, Identity, Line, Reading, Table
from tracker.columns.batches import Cells, Origin, Vector
from tracker.columns.cells import Derived, Label
from tracker.columns.references import Reference
from tracker.commissions.models import Commission
from tracker.db import first_day, last_day
from tracker.meetings.items import concerns, late_by
from tracker.meetings.models import ActionItem, ItemState, Meeting
from tracker.meetings.pages import in_commission
from tracker.meetings.words import ITEM_STATES
from tracker.parties.pages import party_of
from tracker.people.columns import PersonColumn
from tracker.people.models import Person
from tracker.text import N_, TITLE
from tracker.web.filters import day_of
from tracker.web.keyset import by
from tracker.web.pages import Filter, RecordPages

OVERDUE = "overdue"
_PERSON = PersonColumn("person", _l("Person"))
_OF_MEETING = joinedload(ActionItem.meeting)


class Told(Derived):
    """What a file says of an item beside its own columns: of one item, and of the rows of many."""

    def __init__(
        self,
        name: str,
        label: Label,
        tell: Callable[[ActionItem], Any],
        ask: Callable[[Origin], Cells],
    ) -> None:
        super().__init__(name, label)
        self.tell = tell
        self.ask = ask

    def get(self, record: ActionItem) -> Any:
        return self.tell(record)

    def fetch(self, origin: Origin) -> Cells:
        return self.ask(origin)


def _side(origin: Origin, name: str) -> Cells:
    meeting = origin.related("meeting")
    sides = (meeting.related("commission").related(name), meeting.related(f"own_{name}"))
    return Cells((func.coalesce(*(side.text("code") for side in sides)),))


def _days_overdue(origin: Origin) -> Cells:
    """As `late_by` says of one item; without a day there is nothing to count from."""
    day = day_asked()
    is_open = or_(origin.column("state") == ItemState.OPEN, origin.end("done_on", "first") > day)
    last = case((is_open, origin.end("due_on", "last")))

    def texts(lasts: Vector) -> Vector:
        late = ((day - last).days if last and last < day else None for last in lasts)
        return [None if days is None else str(days) for days in late]

    return Cells((last,), texts, texts)


ACTION_ITEMS = Table(
    name="action-items",
    model=ActionItem,
    columns=(
        Identity(),
        Reference("meeting", _l("Meeting"), Meeting),
        Told(
            "commission",
            _l("Commission"),
            lambda item: item.meeting.commission.name if item.meeting.commission else None,
            lambda rows: Cells((rows.related("meeting").related("commission").text("name"),)),
        ),
        Told(
            "number",
            _l("Number of the session"),
            lambda item: item.meeting.number,
            lambda rows: Cells((cast(rows.related("meeting").column("number"), String),)),
        ),
        Told(
            "side_a",
            _l("Side A"),
            lambda item: item.meeting.side_a.code,
            lambda rows: _side(rows, "side_a"),
        ),
        Told(
            "side_b",
            _l("Side B"),
            lambda item: item.meeting.side_b.code,
            lambda rows: _side(rows, "side_b"),
        ),
        Line("text", _l("What is to be done"), limit=TITLE),
        Choice("side", _l("By side"), Side, SIDES),
        _PERSON,
        Dated("due_on", _l("Until")),
        Choice("state", _l("State"), ItemState, ITEM_STATES),
        Dated("done_on", _l("Closed on")),
        Told(
            "overdue_days",
            _l("Days overdue"),
            lambda item: late_by(item, day_asked()),
            _days_overdue,
        ),
        Line("note", _l("Note"), limit=TITLE),
    ),
    load=(
        joinedload(ActionItem.person),
        _OF_MEETING.joinedload(Meeting.commission).joinedload(Commission.side_a),
        _OF_MEETING.joinedload(Meeting.commission).joinedload(Commission.side_b),
        _OF_MEETING.joinedload(Meeting.own_side_a),
        _OF_MEETING.joinedload(Meeting.own_side_b),
    ),
)


def _party(text: str, reading: Reading) -> ColumnElement[bool]:
    return concerns(party_of(text, reading).id)


def _commission(text: str, reading: Reading) -> ColumnElement[bool]:
    meetings = select(Meeting.id).where(in_commission(text, reading))
    return ActionItem.meeting_id.in_(meetings)


def _person(text: str, reading: Reading) -> ColumnElement[bool]:
    person: Person = _PERSON.parse(text, reading)
    if person.id is None:
        raise CellError(N_("Nobody is recorded under the name “%(text)s”."), text=text)
    return ActionItem.person_id == person.id


def _state(text: str, reading: Reading) -> ColumnElement[bool]:
    if text == OVERDUE:
        return (ActionItem.state == ItemState.OPEN) & (last_day(ActionItem.due_on) < reading.today)
    if text not in list(ItemState):
        raise CellError(N_("“%(text)s” is not in the list."), text=text)
    return ActionItem.state == text


def _due_from(text: str, _reading: Reading) -> ColumnElement[bool]:
    return last_day(ActionItem.due_on) >= day_of(text).first


def _due_to(text: str, _reading: Reading) -> ColumnElement[bool]:
    return first_day(ActionItem.due_on) <= day_of(text).last


ITEM_PAGES = RecordPages(
    table=ACTION_ITEMS,
    title=_l("Action items"),
    new_label="",
    describe=lambda item: str(item.text),
    shown=("text", "person", "due_on", "state", "meeting"),
    order=(
        *by(last_day(ActionItem.due_on), nullable=True, where=ActionItem.state == ItemState.OPEN),
        *by(last_day(ActionItem.due_on), nullable=True, where=ActionItem.state != ItemState.OPEN),
    ),
    list_template="meetings/items.html",
    filters={
        "party": Filter(_l("Party of the meeting"), _party, offers="parties"),
        "commission": Filter(_l("Commission, by name or number"), _commission),
        "person": Filter(_l("Person"), _person, offers="people"),
        "state": Filter(
            _l("State"),
            _state,
            [(OVERDUE, _l("overdue")), *((s.value, word) for s, word in ITEM_STATES.items())],
        ),
        "due_from": Filter(_l("To be done from"), _due_from),
        "due_to": Filter(_l("To be done until"), _due_to),
    },
)

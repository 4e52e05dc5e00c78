"""The forms of the acts on a meeting: what each asks, and the operation that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from tracker.columns import Column, Dated, Line, Paragraphs, Table
from tracker.dates import PartialDate
from tracker.meetings import operations
from tracker.meetings.models import Meeting
from tracker.meetings.sequence import MeetingStatus
from tracker.text import TITLE
from tracker.web.forms import RecordForm, form_class

Label = Any
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Act:
    """One act: its words, its form, what stands in the form at first, and what it does.

    ``kind`` is the status that it leads to; taking an act back has none of its own.
    """

    name: str
    kind: MeetingStatus | None
    word: Label
    title: Label
    said: Label
    columns: tuple[Column, ...]
    start: Callable[[Meeting, date], Values]
    perform: Callable[[Session, Meeting, Values, date], None]
    form: type[RecordForm] = field(init=False)

    def __post_init__(self) -> None:
        table = Table(name=self.name, model=Meeting, columns=self.columns)
        object.__setattr__(self, "form", form_class(table))

    def filled(self, meeting: Meeting, today: date) -> RecordForm:
        """The form as it is opened."""
        form = self.form()
        form.version.data = str(meeting.version)
        start = self.start(meeting, today)
        for column in self.columns:
            form[column.name].data = column.typed(start.get(column.name))
        return form


_BEGINS = Dated("begins_on", _l("Begins on"), required=True)
_MAYBE_BEGINS = Dated("begins_on", _l("Begins on"), hint=_l("Leave it empty if no day is set yet."))
_ENDS = Dated("ends_on", _l("Ends on"), hint=_l("Leave it empty if it takes one day."))
_NOTE = Line("note", _l("Note"), limit=TITLE, hint=_l("The reason, or who said so."))


def _on(label: Label) -> Dated:
    return Dated("on", label, required=True)


def _today(today: date) -> PartialDate:
    return PartialDate.day(today)


def _days(meeting: Meeting, today: date) -> Values:
    return {
        "begins_on": meeting.begins_on,
        "ends_on": meeting.ends_on,
        "outcome": meeting.outcome,
        "minutes": meeting.minutes,
        "on": _today(today),
    }


def _restored(meeting: Meeting, _today: date) -> Values:
    _status, begins = operations.before_last_act(meeting)
    ends = meeting.ends_on if begins == meeting.begins_on else None
    return {"begins_on": begins, "ends_on": ends}


def _confirm(session: Session, meeting: Meeting, typed: Values, today: date) -> None:
    operations.confirm_meeting(
        session, meeting, typed["begins_on"], typed["ends_on"], typed["on"], today
    )


def _hold(session: Session, meeting: Meeting, typed: Values, today: date) -> None:
    begins, ends, outcome, minutes = (
        typed[name] for name in ("begins_on", "ends_on", "outcome", "minutes")
    )
    operations.hold_meeting(session, meeting, begins, ends, outcome, minutes, None, today)


def _postpone(session: Session, meeting: Meeting, typed: Values, today: date) -> None:
    operations.postpone_meeting(
        session, meeting, typed["on"], typed["new_date"], typed["note"], today
    )


def _cancel(session: Session, meeting: Meeting, typed: Values, today: date) -> None:
    operations.cancel_meeting(session, meeting, typed["on"], typed["note"], today)


def _plan(session: Session, meeting: Meeting, typed: Values, today: date) -> None:
    operations.plan_again(
        session, meeting, typed["begins_on"], typed["ends_on"], typed["on"], today
    )


def _undo(session: Session, meeting: Meeting, typed: Values, _today: date) -> None:
    operations.undo_act(session, meeting, typed["begins_on"], typed["ends_on"])


ACTS = {
    act.name: act
    for act in (
        Act(
            "confirm",
            MeetingStatus.CONFIRMED,
            _l("Confirm"),
            _l("Confirm the days"),
            _l("The days are confirmed."),
            (_BEGINS, _ENDS, _on(_l("Confirmed on"))),
            _days,
            _confirm,
        ),
        Act(
            "hold",
            MeetingStatus.HELD,
            _l("Mark as held"),
            _l("It was held"),
            _l("It is recorded as held."),
            (
                _BEGINS,
                _ENDS,
                Paragraphs("outcome", _l("Outcome"), hint=_l("What came of it.")),
                Line("minutes", _l("Agreed minutes"), limit=TITLE, hint=_l("Their reference.")),
            ),
            _days,
            _hold,
        ),
        Act(
            "plan",
            MeetingStatus.PLANNED,
            _l("Plan again"),
            _l("Plan it again"),
            _l("It is planned again."),
            (_MAYBE_BEGINS, _ENDS, _on(_l("Planned on"))),
            _days,
            _plan,
        ),
        Act(
            "postpone",
            MeetingStatus.POSTPONED,
            _l("Postpone"),
            _l("Postpone it"),
            _l("It is postponed."),
            (
                _on(_l("Postponed on")),
                Dated("new_date", _l("New date"), hint=_l("Leave it empty if none is known yet.")),
                _NOTE,
            ),
            _days,
            _postpone,
        ),
        Act(
            "cancel",
            MeetingStatus.CANCELLED,
            _l("Cancel the meeting"),
            _l("Cancel the meeting"),
            _l("It is cancelled."),
            (_on(_l("Cancelled on")), _NOTE),
            _days,
            _cancel,
        ),
        Act(
            "undo",
            None,
            _l("Take back the last act"),
            _l("Take back the last act"),
            _l("The last act is taken back."),
            (_MAYBE_BEGINS, _ENDS),
            _restored,
            _undo,
        ),
    )
}

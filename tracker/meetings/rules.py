"""What acts may follow each other, and which part of the schedule a meeting belongs to."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.dates import PartialDate
from tracker.meetings.sequence import MeetingStatus
from tracker.text import N_, Refusal

_PLANNED, _CONFIRMED, _HELD, _POSTPONED, _CANCELLED = MeetingStatus

# An open meeting may be confirmed, held, postponed or cancelled; a postponed one takes up a new
# date by being planned or confirmed again; a cancelled one can only be planned anew. That it was
# held is final, but for taking the act back.
MAY_FOLLOW: dict[MeetingStatus, tuple[MeetingStatus, ...]] = {
    _PLANNED: (_CONFIRMED, _HELD, _POSTPONED, _CANCELLED),
    _CONFIRMED: (_HELD, _POSTPONED, _CANCELLED),
    _HELD: (),
    _POSTPONED: (_PLANNED, _CONFIRMED, _HELD, _POSTPONED, _CANCELLED),
    _CANCELLED: (_PLANNED,),
}
OPEN = (_PLANNED, _CONFIRMED)

_WHY_NOT = {
    _PLANNED: N_("It is planned already."),
    _CONFIRMED: N_("It is confirmed already. Postpone it if its days have changed."),
    _HELD: N_("It was held, and nothing follows that. Take that act back if it is a mistake."),
    _CANCELLED: N_("It was cancelled. Plan it again first."),
}


class ActRefused(Refusal):
    """An act that cannot be; `field` says which of its values is to blame."""

    def __init__(self, field: str, message: str, **values: object) -> None:
        super().__init__(message, **values)
        self.field = field


def check_follows(status: MeetingStatus, act: MeetingStatus) -> None:
    """Raises ActRefused when an act of that kind cannot follow."""
    if act not in MAY_FOLLOW[status]:
        raise ActRefused("status", _WHY_NOT[status])


def check_act(
    kind: MeetingStatus,
    begins: PartialDate | None,
    ends: PartialDate | None,
    on: PartialDate | None,
    today: date,
) -> None:
    """Raises ActRefused for days that cannot be: out of order, or done on a day to come."""
    if begins is None and kind in (_CONFIRMED, _HELD):
        raise ActRefused("begins_on", N_("Say on which day, or in which month or year."))
    if kind == _HELD:
        for field, day in (("begins_on", begins), ("ends_on", ends)):
            if day and day.first > today:
                raise ActRefused(field, N_("It cannot have been held on a day to come."))
    if begins and ends and not begins.can_precede(ends):
        raise ActRefused("ends_on", N_("It cannot end before it begins."))
    if ends and not begins:
        raise ActRefused("begins_on", N_("Say when it begins, if you say when it ends."))
    if on and on.first > today:
        raise ActRefused("on", N_("This day is still to come. Say when it was done."))


@dataclass(frozen=True)
class Done:
    """An act as far as taking it back goes: its kind, and the new date that it gave."""

    kind: MeetingStatus
    new_date: PartialDate | None = None


def state_before(
    acts: Sequence[Done], begins: PartialDate | None
) -> tuple[MeetingStatus, PartialDate | None]:
    """The status and the day before the last act; raises ActRefused when there is none.

    The day is the one that the acts before it had given; where none had given one, the last act's
    own day goes, and any other stays.
    """
    if not acts or (len(acts) == 1 and acts[0].kind == _PLANNED):
        raise ActRefused("status", N_("No act is recorded that could be taken back."))
    *earlier, undone = acts
    status = earlier[-1].kind if earlier else _PLANNED
    for act in reversed(earlier):
        if act.new_date or act.kind == _POSTPONED:
            return status, act.new_date
    return status, None if undone.new_date else begins


class Section(enum.StrEnum):
    """The parts of the schedule, in the order in which they ask for attention."""

    OVERDUE = "overdue"
    DUE = "due"
    PLANNED = "planned"
    POSTPONED = "postponed"
    HELD = "held"
    CANCELLED = "cancelled"


def section_of(
    status: MeetingStatus,
    begins: PartialDate | None,
    ends: PartialDate | None,
    due_to: date | None,
    today: date,
) -> Section:
    """Where a meeting stands on a day.

    An open meeting is overdue when its last day, or its period where no day is known, has passed;
    before that it is planned if it has a day, and due if it has none.
    """
    if status not in OPEN:
        return Section(status.value)
    when = ends or begins
    last = when.last if when else due_to
    if last is not None and last < today:
        return Section.OVERDUE
    return Section.PLANNED if when else Section.DUE

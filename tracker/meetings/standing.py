"""How a meeting stood on an earlier day, from its acts.

Pure. What was done after the day is left out, with all that followed it; an act without a day
counts as done. Who looks at today sees what is recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from tracker.dates import PartialDate
from tracker.meetings.sequence import MeetingStatus


@dataclass(frozen=True)
class Act:
    """An act on a meeting: its kind, when it was done, and the new day that it gave."""

    kind: MeetingStatus
    done_on: PartialDate | None = None
    new_date: PartialDate | None = None


@dataclass(frozen=True)
class Standing:
    """The state of a meeting on a day, and the days on which it was to take place."""

    status: MeetingStatus
    begins: PartialDate | None = None
    ends: PartialDate | None = None


def standing(recorded: Standing, acts: Sequence[Act], day: date) -> Standing:
    """How a meeting stood on a day.

    A session that may have begun by the day counts as held. One that was held later was open then,
    and the day on which it came to be held was not known unless an act had given it.
    """
    known = list(takewhile(lambda act: not (act.done_on and act.done_on.first > day), acts))
    held_later = (
        recorded.status is MeetingStatus.HELD
        and recorded.begins is not None
        and recorded.begins.first > day
    )
    if held_later and known and known[-1].kind is MeetingStatus.HELD:
        known.pop()
    if len(known) == len(acts) and not held_later:
        return recorded
    return Standing(known[-1].kind if known else MeetingStatus.PLANNED, _day_given(known))


def _day_given(acts: Sequence[Act]) -> PartialDate | None:
    for act in reversed(acts):
        if act.new_date or act.kind is MeetingStatus.POSTPONED:
            return act.new_date
    return None


def former_day(acts: Sequence[Act], day: date) -> PartialDate | None:
    """For what was postponed to no new day: the day from which, or on which it was postponed."""
    known = list(takewhile(lambda act: not (act.done_on and act.done_on.first > day), acts))
    given = [act.new_date for act in known if act.new_date]
    done = [act.done_on for act in known if act.kind is MeetingStatus.POSTPONED and act.done_on]
    return given[-1] if given else done[-1] if done else None

"""Which sessions of a commission are expected: number, period, host, and why that host.

From the commission's cadence, its hosts in order, how turns go, and the sessions that are known
already. Nothing known is ever changed; what comes out is what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.commissions.cadence import Cadence, CadenceUnit, ScheduleError, Weekday
from tracker.commissions.rotation import Host, TurnRule, rule_in_words
from tracker.meetings.sequence import (
    Known,
    MeetingStatus,
    Step,
    in_order,
    missing,
    next_number,
    placed,
)
from tracker.meetings.turns import Reason, Turn, Why, turns_of
from tracker.text import N_

__all__ = [
    "MOST",
    "Cadence",
    "CadenceUnit",
    "Expected",
    "Host",
    "Known",
    "MeetingStatus",
    "Reason",
    "ScheduleError",
    "Turn",
    "TurnRule",
    "Weekday",
    "Why",
    "next_in_turn",
    "rule_in_words",
    "sessions",
    "turn_of",
]

MOST = 500


@dataclass(frozen=True)
class Expected:
    """A session that is due and not recorded yet.

    `number` is None where the commission's sessions have no known numbers; the period is None
    where it has no cadence; `day` is set where the rule names a weekday.
    """

    number: int | None
    due_from: date | None
    due_to: date | None
    host: Host | None
    why: Reason
    day: date | None = None

    def planned(self) -> Known:
        """The same session once it is recorded as planned."""
        return Known(self.number, MeetingStatus.PLANNED, self.due_from, self.due_to, host=self.host)


def sessions(
    cadence: Cadence,
    hosts: Sequence[Host],
    turns: TurnRule | None,
    known: Iterable[Known],
    until: date,
) -> list[Expected]:
    """What is expected up to `until` and not known yet, in the order of its periods.

    Every period that has begun by `until` counts, also the one that contains it: a plan until
    a year asks with its 31 December, and shows the session that may still meet in that year.

    - A known session covers the period that contains its last due day or, without one, the day it
      met; a cancelled one too. Two in one period cover that one only: the next stays due.
    - Numbers go on from what is known, never repeat, and rise with the periods (see `missing`).
    - Extraordinary sessions cover no period and use no turn; a number that one has is left out.
    - By session, each session uses a turn, a postponed one its own, a cancelled one none. By year,
      the turn passes with the commission's year, counted from the first year that is known.

    Raises ScheduleError when more than MOST sessions are missing.
    """
    known = list(known)
    steps = placed(known, cadence.index_of)
    proposed: list[Step] = []
    for step in missing(steps, _taken(known), _begun_by(cadence, until)):
        if len(proposed) == MOST:
            raise ScheduleError(
                N_("Until %(until)s more than %(most)s sessions are due. Choose an earlier end."),
                until=until.isoformat(),
                most=MOST,
            )
        proposed.append(step)
    line = in_order([*steps, *proposed])
    found = zip(line, turns_of(line, cadence, hosts, turns), strict=True)
    expected = {step.slot: _expected(step, cadence, turn) for step, turn in found if not step.known}
    return [expected[step.slot] for step in proposed]


def next_in_turn(
    hosts: Sequence[Host],
    turns: TurnRule | None,
    known: Iterable[Known],
    year: int | None = None,
) -> Expected | None:
    """The next session of a commission that meets without a cadence: its number and host.

    None while a session is open, that is neither held nor cancelled: that one is the next. Where
    turns go by year, the host depends on the `year` in which it is to meet.
    """
    known = list(known)
    steps = placed(known, date.toordinal)
    if any(step.known and step.known.status not in _CLOSED for step in steps):
        return None
    after_all = max((step.slot for step in steps), default=0) + 1
    coming = Step(next_number(steps, _taken(known)), after_all)
    line = in_order([*steps, coming])
    turn = turns_of(line, None, hosts, turns, year)[line.index(coming)]
    return Expected(coming.number, None, None, turn.host, turn.reason)


def turn_of(
    session: Known,
    cadence: Cadence | None,
    hosts: Sequence[Host],
    turns: TurnRule | None,
    others: Iterable[Known],
) -> Turn:
    """Whose turn a recorded session is, `others` being the commission's other sessions.

    Asked again with its new date, a postponed session keeps its host by session, and takes the
    host of the year into which it moved by year.
    """
    if session.extraordinary:
        return Turn(None, Reason(Why.EXTRAORDINARY))
    slot_of = cadence.index_of if cadence else date.toordinal
    line = in_order(placed([*others, session], slot_of))
    place = next(place for place, step in enumerate(line) if step.known is session)
    return turns_of(line, cadence, hosts, turns)[place]


_CLOSED = (MeetingStatus.HELD, MeetingStatus.CANCELLED)


def _taken(known: Iterable[Known]) -> set[int]:
    """The numbers of extraordinary sessions, which stand outside the count."""
    return {one.number for one in known if one.extraordinary and one.number is not None}


def _begun_by(cadence: Cadence, until: date) -> int:
    """The last period that has begun on that day."""
    index = cadence.index_of(until)
    return index if index < 1 or cadence.period(index).first <= until else index - 1


def _expected(step: Step, cadence: Cadence, turn: Turn) -> Expected:
    due = cadence.period(step.slot)
    return Expected(
        step.number, due.first, due.last, turn.host, turn.reason, cadence.day(step.slot)
    )

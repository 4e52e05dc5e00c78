"""What can be said of a commitment on a day: overdue or not, the latest value, how far it came.

Pure: values in, values out. Dates may be partial; where they leave a question open, the answer is
"possibly". Numbers are exact.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tracker.dates import PartialDate

OPEN = "open"


class Answer(enum.StrEnum):
    """The answer to a question that partial dates may leave open."""

    YES = "yes"
    POSSIBLY = "possibly"
    NO = "no"


@dataclass(frozen=True)
class Observed:
    """What was found, and when: a number, or None where words were recorded."""

    on: PartialDate
    value: Decimal | None = None


@dataclass(frozen=True)
class Promise:
    """What a commitment holds, as far as progress follows from it.

    `status` is the plain word; `observed` stands in the order in which it was recorded.
    """

    status: str | None = OPEN
    due_on: PartialDate | None = None
    baseline: Decimal | None = None
    baseline_on: PartialDate | None = None
    target: Decimal | None = None
    observed: Sequence[Observed] = ()


@dataclass(frozen=True)
class Latest:
    """The newest observation, and whether it certainly is the newest."""

    observed: Observed
    certain: bool


def downwards(promise: Promise) -> bool:
    """Whether the target is to be come down to: only where it lies below the baseline."""
    return (
        promise.baseline is not None
        and promise.target is not None
        and promise.target < promise.baseline
    )


def reaches(promise: Promise, value: Decimal | None) -> bool:
    """Whether a value is at the target or past it."""
    if value is None or promise.target is None:
        return False
    return value <= promise.target if downwards(promise) else value >= promise.target


def reached(promise: Promise, day: date) -> Answer:
    """Whether an observation until a day is at the target or past it.

    What was observed certainly before the baseline's date says nothing of the way since.
    """
    since = promise.baseline_on
    at_target = [
        one
        for one in promise.observed
        if reaches(promise, one.value) and not (since and one.on.certainly_before(since))
    ]
    if any(one.on.last <= day for one in at_target):
        return Answer.YES
    return Answer.POSSIBLY if any(one.on.first <= day for one in at_target) else Answer.NO


def passed(due_on: PartialDate | None, day: date) -> Answer:
    """Whether a due date has wholly passed before a day. No date never passes."""
    if due_on is None or day <= due_on.first:
        return Answer.NO
    return Answer.YES if due_on.last < day else Answer.POSSIBLY


def overdue(promise: Promise, day: date) -> Answer:
    """Whether a commitment is overdue on a day: open, its date passed, its target not reached.

    Without a date never, and never when it is met, missed, dropped or superseded.
    """
    late = passed(promise.due_on, day)
    done = reached(promise, day)
    if promise.status != OPEN or late is Answer.NO or done is Answer.YES:
        return Answer.NO
    both_certain = late is Answer.YES and done is Answer.NO
    return Answer.YES if both_certain else Answer.POSSIBLY


def latest(promise: Promise, day: date) -> Latest | None:
    """The newest observation of those that may have been made until a day.

    It is certain when it was made by that day and no other can be newer.
    """
    known = [one for one in promise.observed if one.on.first <= day]
    if not known:
        return None
    _, newest = max(enumerate(known), key=lambda pair: (pair[1].on.last, pair[1].on.first, pair[0]))
    others = (one for one in known if one is not newest and one != newest)
    certain = newest.on.last <= day and all(_not_after(one.on, newest.on) for one in others)
    return Latest(newest, certain)


def _not_after(one: PartialDate, other: PartialDate) -> bool:
    """No day of the one is after a day of the other."""
    return one.last <= other.first


def share(promise: Promise, day: date) -> Fraction | None:
    """How much of the way from the baseline to the target the latest number has come.

    1 is the target; less than 0 and more than 1 are possible. None where no way is known: no
    baseline, no target, both the same, or no number observed yet.
    """
    numbers = [one for one in promise.observed if one.value is not None]
    found = latest(Promise(observed=numbers), day)
    if found is None or promise.baseline is None or promise.target is None:
        return None
    value, way = found.observed.value, promise.target - promise.baseline
    if value is None or not way:
        return None
    return Fraction(value - promise.baseline) / Fraction(way)


def percent(part: Fraction) -> int:
    """A share in whole per cent, cut towards nought: 99.6 % of the way is not yet all of it."""
    return int(part * 100)

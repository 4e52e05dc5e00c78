"""The one deadline that the terms of an agreement set on a day, and on which days it is that one.

Pure: values in, values out.
"""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.agreements.terms import Clause, Outlook, Span, outlook

_DAY = timedelta(days=1)


class Deadline(enum.StrEnum):
    """What a term makes fall due."""

    NOTICE = "notice"
    EXPIRY = "expiry"


@dataclass(frozen=True)
class DueDay:
    """The last day for notice that prevents a renewal, or the end of a term that nothing renews.

    ``number`` is that of the term, so that the same deadline stays one when its day moves.
    ``remind_on`` is the first day of the reminder before a notice.
    """

    what: Deadline
    number: int
    due: Span
    remind_on: date | None = None


def due_day(ahead: Outlook, clause: Clause, day: date, renewals: int) -> DueDay | None:
    """What falls due for an agreement as of a day, of which ``ahead`` is the outlook.

    None where nothing is to come, or where nobody knows when: a renewal is on record, and not for
    how long.
    """
    term = ahead.term
    if ahead.renews_tacitly:
        by = ahead.next_notice_by
        if by is None:
            return None
        reminder = ahead.remind_on.first if ahead.remind_on else None
        return DueDay(Deadline.NOTICE, term.number + (by != term.notice_by), by, reminder)
    if renewals and clause.renewal_months is None:
        return None
    comes = ahead.expires_on is not None or clause.renewal is None
    return (
        DueDay(Deadline.EXPIRY, term.number, term.ends) if comes and term.ends.last >= day else None
    )


def due_days(
    clause: Clause, renewed_on: Sequence[date], first: date, last: date
) -> Iterator[tuple[DueDay, date, date]]:
    """What falls due as of each day from ``first`` to ``last``: each with its first and last day.

    ``renewed_on`` are the days from which express renewals are known, in their order.
    """
    found: tuple[DueDay, date, date] | None = None
    day = max(first, clause.in_force_on.first)
    while day <= last:
        times = bisect_right(renewed_on, day)
        ahead = outlook(clause, day, renewals=times)
        if ahead is None:
            break
        until = _until(ahead, day, [*renewed_on[times : times + 1], last])
        line = due_day(ahead, clause, day, times)
        if found and line == found[0]:
            found = (found[0], found[1], until)
        else:
            if found:
                yield found
            found = (line, day, until) if line else None
        if until == date.max:
            break
        day = until + _DAY
    if found:
        yield found


def _until(ahead: Outlook, day: date, limits: Sequence[date]) -> date:
    """The last day on which the outlook is the same: until a term, a notice or a renewal passes."""
    changes = [limits[-1], *(limit - _DAY for limit in limits[:-1])]
    for span in (ahead.term.ends, ahead.next_notice_by):
        if span is not None and span.last >= day:
            changes.append(span.last)
    return min(changes)

"""What needs attention as of a day: one list of sessions, deadlines and commitments.

Constantly many queries, whatever is recorded: each kind narrows its candidates in SQL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy.orm import Session

from tracker.commissions.models import Commission
from tracker.dates import PartialDate
from tracker.overview.deadlines import ends_due, first_ends
from tracker.overview.due import Asked, Due, DueKind, Gather, GatherFirst, Part
from tracker.overview.entries import entries_awaited, first_entries
from tracker.overview.items import items_due
from tracker.overview.promises import commitments_due
from tracker.overview.sessions import first_meetings, first_sessions_due, meetings_due
from tracker.parties.models import Party
from tracker.web.site import date_text

# Each gives the lines of one kind of thing; a new kind takes its place here.
GATHER: tuple[Gather, ...] = (
    meetings_due,
    first_sessions_due,
    ends_due,
    entries_awaited,
    commitments_due,
    items_due,
)


# Where there can be very many, the first ones are found by the database.
FIRST: Mapping[Gather, GatherFirst] = {
    meetings_due: first_meetings,
    ends_due: first_ends,
    entries_awaited: first_entries,
}


def gather(
    session: Session,
    today: date,
    first: date,
    last: date,
    *,
    party: Party | None = None,
    commission: Commission | None = None,
    show: Callable[[PartialDate], str] = date_text,
) -> list[Due]:
    """What falls due from one day to another, as of ``today``, in the order of the list.

    What is overdue stands first, then what is due, then what is waited for without a day. Give the
    first day of the calendar as ``first`` for all that is overdue. ``show`` writes dates in words;
    its default needs a request.
    """
    asked = Asked(session, today, first, last, party, commission, show)
    return sorted((due for each in GATHER for due in each(asked)), key=lambda due: due.place)


def gather_first(asked: Asked, most: int) -> tuple[list[Due], Counter[tuple[DueKind, Part]]]:
    """The same list, of which the first ``most`` lines of each part are sure to be there.

    What is not there is counted, by kind and part.
    """
    found: list[Due] = []
    more: Counter[tuple[DueKind, Part]] = Counter()
    for each in GATHER:
        if each in FIRST:
            few = FIRST[each](asked, most)
            found.extend(few.lines)
            more.update(few.more)
        else:
            found.extend(each(asked))
    return sorted(found, key=lambda due: due.place), more

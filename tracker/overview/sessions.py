"""Sessions and meetings that fall due, and commissions that were to begin to meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select

from tracker.commissions.models import Commission, CommissionStatus
from tracker.dates import PartialDate
from tracker.meetings.models import Meeting
from tracker.meetings.pages import describe_meeting, meeting_name
from tracker.meetings.sequence import MeetingStatus
from tracker.meetings.standing import Standing, former_day
from tracker.overview.due import COUNTED, Asked, Due, DueKind, Few, Part, Side
from tracker.overview.kept_queries import kept, values
from tracker.overview.queries import (
    STANDING,
    count_standing,
    first_standing,
    foreseen_without_session,
    meetings_in_question,
    plain_meetings,
    some_meetings,
    some_otherwise,
)
from tracker.overview.rows import lines
from tracker.text import N_

# So many of which the rule has to say how they stood are looked at one by one.
CHANGED = 500
DAY = timedelta(days=1)
_UNFORMED = N_("commission foreseen, not known to be formed")


def meetings_due(asked: Asked) -> Iterator[Due]:
    """Meetings that are to take place by a day and of which nothing says that they did."""
    return _lines(asked, meetings_in_question(asked))


def first_meetings(asked: Asked, most: int) -> Few:
    """The first ones that are overdue and the first that are due; the others are counted.

    How a meeting stood that was changed since, the rule says; all of these are made. The others
    stood as they stand, so that the database finds the first by their last days. As of a day since
    which very many were changed, all are made.
    """
    connection = asked.session.connection()
    changed = connection.execute(kept(some_otherwise, asked), values(asked, most=CHANGED + 1))
    otherwise = changed.scalars().all()
    if len(otherwise) > CHANGED:
        return Few(list(meetings_due(asked)), {})
    plain: list[int] = []
    more = {}
    for part, first, last in (
        (Part.LATE, asked.first, max(asked.today, date.min + DAY) - DAY),
        (Part.SOON, asked.today, asked.last),
    ):
        given = values(asked, first=first, last=last, without=otherwise)
        standing = connection.execute(kept(first_standing, asked), {**given, "most": most})
        found = standing.scalars().all()
        plain += found
        if len(found) == most:
            counted = {**given, "most": most + COUNTED + 1}
            count = connection.scalar(kept(count_standing, asked), counted)
            more[DueKind.SESSION, part] = count - most
    made = list(_plain_lines(asked, plain)) if plain else []
    if otherwise:
        made += _lines(asked, kept(some_meetings, asked), values(asked, ids=otherwise))
    return Few(made, more)


def _lines(
    asked: Asked, query: Select[tuple[Meeting]], given: Mapping[str, Any] | None = None
) -> Iterator[Due]:
    def lines_of(meeting: Meeting) -> Iterator[Due]:
        due = _of_meeting(meeting, asked)
        if due is not None and asked.holds(due.due_on):
            yield due

    return lines(asked.session, query, Meeting.id, lines_of, given)


def _plain_lines(asked: Asked, numbers: Sequence[int]) -> Iterator[Due]:
    """Lines of meetings that stand as they stood, from plain columns: it takes half the time."""

    def lines_of(row: Any) -> Iterator[Due]:
        begins = PartialDate.from_span(row.begins_on_first, row.begins_on_last)
        ends = PartialDate.from_span(row.ends_on_first, row.ends_on_last)
        when = ends or begins or PartialDate.day(row.due_to)
        if asked.holds(when.last):
            sides = (asked.parties[row.a_id], asked.parties[row.b_id])
            host = asked.parties.get(row.host_id)
            yield _due(
                row.id,
                meeting_name(row.title, row.number, row.commission, sides, asked.said),
                sides,
                row.city or (host.name if host else ""),
                Standing(row.status, begins, ends),
                when,
                asked,
                foreseen=row.commission_status is CommissionStatus.FORESEEN,
            )

    query, given = kept(plain_meetings, asked), values(asked, ids=numbers)
    return lines(asked.session, query, Meeting.id, lines_of, given, whole=True)


def _of_meeting(meeting: Meeting, asked: Asked) -> Due | None:
    stood = meeting.stood_on(asked.today)
    if stood.status not in STANDING:
        return None
    when = stood.ends or stood.begins
    if when is None and meeting.due_to is not None:
        when = PartialDate.day(meeting.due_to)
    if when is None and stood.status is MeetingStatus.POSTPONED:
        when = former_day([act.as_done for act in meeting.acts], asked.today)
    if when is None:
        return None
    commission = meeting.commission
    return _due(
        meeting.id,
        describe_meeting(meeting),
        (Side.of(meeting.side_a), Side.of(meeting.side_b)),
        meeting.city or (meeting.host.name if meeting.host else ""),
        stood,
        when,
        asked,
        foreseen=commission is not None and commission.status is CommissionStatus.FORESEEN,
    )


def _due(
    number: int,
    title: str,
    sides: tuple[Side, Side],
    place: str,
    stood: Standing,
    when: PartialDate,
    asked: Asked,
    *,
    foreseen: bool,
) -> Due:
    """The line of a meeting; ``foreseen`` says that its commission is not known to be formed."""
    late = asked.late(when.last)
    shape, word = _state(stood, late, asked)
    unformed = asked.said(_UNFORMED) if foreseen else ""
    return Due(
        kind=DueKind.SESSION,
        due_on=when.last,
        when=when,
        sides=sides,
        title=title,
        record="meetings",
        number=number,
        shape=shape,
        word=word,
        key=f"session-{number}",
        note=f"{place} · {unformed}" if place and unformed else place or unformed,
        overdue=late,
        possibly=late is None and when.first < asked.today,
    )


def _state(stood: Standing, late: int | None, asked: Asked) -> tuple[str, str]:
    said = asked.said
    if stood.status is MeetingStatus.POSTPONED:
        if stood.begins is None:
            return "postponed", said(N_("postponed, no new date is known"))
        day = {"day": asked.show(stood.begins)}
        if late is None:
            return "postponed", said(N_("postponed to %(day)s")) % day
        return "overdue", said(N_("postponed to %(day)s, no record that it was held")) % day
    if late is not None:
        return "overdue", said(N_("no record that it was held"))
    if stood.begins is None:
        return "expected", said(N_("expected by then"))
    if stood.status is MeetingStatus.CONFIRMED:
        return "confirmed", said(N_("confirmed"))
    return "planned", said(N_("planned"))


def first_sessions_due(asked: Asked) -> Iterator[Due]:
    """Foreseen commissions that were to meet by a day and of which no session is recorded."""

    def lines_of(row: Any) -> Iterator[Due]:
        when = PartialDate.from_span(row.first, row.last)
        assert when is not None
        if asked.holds(when.last) and not (row.agreed and row.agreed > asked.today):
            yield _of_commission(row, when, asked)

    query = kept(foreseen_without_session, asked)
    return lines(asked.session, query, Commission.id, lines_of, values(asked), whole=True)


def _of_commission(row: Any, when: PartialDate, asked: Asked) -> Due:
    late = asked.late(when.last)
    passed = asked.said(N_("foreseen: its first session’s time has passed"))
    host = asked.parties.get(row.host_id)
    return Due(
        kind=DueKind.FIRST_SESSION,
        due_on=when.last,
        when=when,
        sides=(asked.parties[row.side_a_id], asked.parties[row.side_b_id]),
        title=_("First session, %(commission)s", commission=row.name),
        record="commissions",
        number=row.id,
        shape="overdue" if late else "expected",
        word=passed if late else asked.said(N_("foreseen, no session is recorded")),
        key=f"first-session-{row.id}",
        note=row.city or (host.name if host else ""),
        overdue=late,
        possibly=late is None and _begun(when, asked.today),
    )


def _begun(when: PartialDate, day: date) -> bool:
    return when.first < day

"""The sessions on a commission's page: its rule in words, what comes next, and how each stood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, subqueryload

from tracker.clock import as_of, day_asked
from tracker.columns import Reading
from tracker.commissions.cadence import Cadence, ScheduleError
from tracker.commissions.models import Commission
from tracker.commissions.rotation import rule_in_words
from tracker.dates import PartialDate
from tracker.meetings.grid import shape_as_it_stood
from tracker.meetings.models import Meeting
from tracker.meetings.operations import cadence_of, hosts_of, known_on, missing_among
from tracker.meetings.queries import when
from tracker.meetings.rules import OPEN
from tracker.meetings.schedule import Expected, next_in_turn, turn_of
from tracker.meetings.sequence import Known, MeetingStatus
from tracker.meetings.shown import day_text, days_text
from tracker.meetings.standing import Standing
from tracker.web.links import record_url, usable_url
from tracker.web.pages import Panel
from tracker.web.site import date_text, days_overdue

SHOWN = 200


@dataclass(frozen=True)
class SessionOnLine:
    """A session on the middle line of a commission's page, as the `session_line` macro shows it."""

    title: str
    date: str
    side: str | None
    city: str | None
    shape: str
    word: str
    outcome: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Session:
    """A recorded session, how it stood on the day, and what the schedule knew of it then."""

    meeting: Meeting
    stood: Standing
    known: Known

    @property
    def last_day(self) -> date | None:
        """The last day on which it was to take place, or by which it was due."""
        meets = self.stood.ends or self.stood.begins
        return meets.last if meets else self.meeting.due_to

    def awaited(self, day: date) -> bool:
        """Whether it was open and its time had not passed."""
        return self.stood.status in OPEN and (self.last_day is None or self.last_day >= day)


def of_commission(commission: Commission, reading: Reading) -> Panel:
    """The rule in words, the next session and why its host, and all sessions, newest first.

    All as of the day that the address asks for, else as of today.
    """
    day = day_asked()
    sessions = list(_stood(reading.session.scalars(_sessions_of(commission)), day))
    following = _next_recorded(sessions, day)
    expected = None if following else _next_expected(commission, sessions, day)
    upcoming = _expected_line(expected, commission) if expected else None
    gaps = _gaps(sessions)
    asked = as_of.get()
    return Panel(
        _("Sessions"),
        "meetings/panel_sessions.html",
        {
            "commission": commission,
            "rule": [said.translated(_, _shown) for said in _rule(commission)],
            "as_of": day_text(asked) if asked else None,
            "expected": upcoming,
            "next": _on_line(following, commission, day, {}) if following else upcoming,
            "why": _why(commission, sessions, following, expected),
            "sessions": [_on_line(one, commission, day, gaps) for one in sessions[:SHOWN]],
            "more": max(len(sessions) - SHOWN, 0),
            "plan_url": usable_url("planning.plan", number=commission.id),
            "new_url": usable_url("meetings.new", commission=f"#{commission.id}", kind="session"),
            "now_url": record_url(commission),
            "all_url": url_for("meetings.index", commission=commission.id),
            "due_url": url_for("overview.home", commission=commission.id, on=asked),
        },
        "opening",
    )


def _sessions_of(commission: Commission) -> Select[tuple[Meeting]]:
    # Loading acts by a subquery costs one query, however many sessions there are.
    return (
        select(Meeting)
        .where(Meeting.commission_id == commission.id)
        .options(joinedload(Meeting.host), subqueryload(Meeting.acts))
        .order_by(when().desc().nulls_first(), Meeting.number.desc(), Meeting.id.desc())
    )


def _stood(meetings: Iterable[Meeting], day: date) -> Iterator[Session]:
    for meeting in meetings:
        known = known_on(meeting, day)
        if known is not None:
            yield Session(meeting, meeting.stood_on(day), known)


def _cadence(commission: Commission) -> Cadence | None:
    try:
        return cadence_of(commission)
    except ScheduleError:
        return None


def _rule(commission: Commission) -> Iterable[Any]:
    return rule_in_words(_cadence(commission), hosts_of(commission), commission.turns)


def _next_recorded(sessions: Iterable[Session], day: date) -> Session | None:
    """The first recorded session that was still to come."""
    awaited = [one for one in sessions if one.awaited(day)]
    return min(awaited, key=lambda one: (one.last_day or date.max, one.meeting.id), default=None)


def _next_expected(
    commission: Commission, sessions: Sequence[Session], day: date
) -> Expected | None:
    """The next session that the rule expects and that is not recorded yet."""
    known = [one.known for one in sessions]
    cadence = _cadence(commission)
    if cadence is None:
        return next_in_turn(hosts_of(commission), commission.turns, known) if known else None
    period = cadence.period(max(cadence.index_of(day), 1))
    try:
        missing = missing_among(known, commission, period.last)
    except ScheduleError:
        return None
    return missing[-1] if missing else None


def _why(
    commission: Commission,
    sessions: Iterable[Session],
    following: Session | None,
    expected: Expected | None,
) -> str:
    """Whose turn the next session is, and why."""
    if expected is not None:
        return expected.why.wording.translated(_, _shown)
    if following is None:
        return ""
    others = [one.known for one in sessions if one is not following]
    hosts, turns = hosts_of(commission), commission.turns
    turn = turn_of(following.known, _cadence(commission), hosts, turns, others)
    return turn.reason.wording.translated(_, _shown)


def _expected_line(expected: Expected, commission: Commission) -> SessionOnLine:
    city = expected.host.city if expected.host else None
    due = expected.due_to
    return SessionOnLine(
        _("Session %(number)s", number=expected.number) if expected.number else _("Next session"),
        _("due by %(day)s", day=day_text(due)) if due else "",
        _side(expected.host.party if expected.host else None, commission),
        city,
        "expected",
        _("expected"),
    )


def _gaps(sessions: Iterable[Session]) -> dict[int, str]:
    """By meeting: how many days passed since the session that was held before it."""
    held = [
        (one.stood.begins, one.meeting.id)
        for one in sessions
        if one.stood.status is MeetingStatus.HELD and one.stood.begins is not None
    ]
    held.sort(key=lambda pair: pair[0].middle)
    gaps = {}
    for (before, _number), (after, number) in pairwise(held):
        days = (after.middle - before.middle).days
        exact = "day" == before.precision == after.precision
        said = ngettext("%(num)s day", "%(num)s days", days)
        after_which = _("%(days)s after the one before", days=said)
        gaps[number] = after_which if exact else _("about %(gap)s", gap=after_which)
    return gaps


def _on_line(
    one: Session, commission: Commission, day: date, gaps: Mapping[int, str]
) -> SessionOnLine:
    meeting, stood = one.meeting, one.stood
    shape, word = shape_as_it_stood(stood, meeting.due_to, day)
    if shape == "overdue" and one.last_day is not None:
        late = (day - one.last_day).days
        word = _(
            "%(word)s, %(days)s",
            word=word,
            days=days_overdue(late),
        )
    if meeting.id in gaps:
        word = f"{word}, {gaps[meeting.id]}"
    number = meeting.number
    return SessionOnLine(
        meeting.title or (_("Session %(number)s", number=number) if number else _("Session")),
        days_text(stood.begins, stood.ends, meeting.due_to),
        _side(meeting.host.code if meeting.host else None, commission),
        meeting.city,
        shape,
        word,
        meeting.outcome if stood.status is MeetingStatus.HELD else None,
        record_url(meeting),
    )


def _side(code: str | None, commission: Commission) -> str | None:
    return {commission.side_a.code: "A", commission.side_b.code: "B"}.get(code or "")


def _shown(value: object) -> str:
    return date_text(PartialDate.day(value)) if isinstance(value, date) else str(value)

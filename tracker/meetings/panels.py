"""What other records' pages show of meetings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.agreements.models import Agreement
from tracker.columns import Reading
from tracker.commissions.cadence import Cadence, ScheduleError
from tracker.commissions.models import Commission
from tracker.commissions.rotation import Host, rule_in_words
from tracker.dates import PartialDate
from tracker.db import first_day
from tracker.meetings.grid import shape_of
from tracker.meetings.models import Meeting, Participation
from tracker.meetings.operations import cadence_of, known_sessions, missing_sessions
from tracker.meetings.pages import describe_meeting
from tracker.meetings.schedule import Expected, next_in_turn
from tracker.meetings.sequence import MeetingStatus
from tracker.meetings.shown import when_text
from tracker.parties.models import Party
from tracker.people.models import Person
from tracker.web.links import record_url, usable_url
from tracker.web.pages import Panel, PanelLine, list_panel
from tracker.web.site import date_text

MOST = 10
SESSIONS = 200


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


def of_commission(commission: Commission, reading: Reading) -> Panel:
    """The rule in words, the next session and why its host, and all sessions, newest first."""
    meetings = list(reading.session.scalars(_sessions_of(commission)))
    expected = _next(commission, meetings, reading)
    gaps = _gaps(meetings)
    return Panel(
        _("Sessions"),
        "meetings/panel_sessions.html",
        {
            "commission": commission,
            "rule": [said.translated(_, _shown) for said in _rule(commission)],
            "next": _expected_line(expected, commission) if expected else None,
            "why": expected.why.wording.translated(_, _shown) if expected else None,
            "sessions": [_on_line(m, commission, reading.today, gaps) for m in meetings],
            "plan_url": usable_url("planning.plan", number=commission.id),
            "new_url": usable_url("meetings.new", commission=f"#{commission.id}", kind="session"),
        },
        "opening",
    )


def of_agreement(agreement: Agreement, reading: Reading) -> Panel | None:
    """The sessions of the commissions that an agreement sets up."""
    own = select(Commission.id).where(Commission.agreement_id == agreement.id)
    return _list(Meeting.commission_id.in_(own), reading)


def of_party(party: Party, reading: Reading) -> Panel | None:
    """The meetings of a party, what is to come first."""
    own = or_(Commission.side_a_id == party.id, Commission.side_b_id == party.id)
    which = or_(
        Meeting.side_a_id == party.id,
        Meeting.side_b_id == party.id,
        Meeting.commission_id.in_(select(Commission.id).where(own)),
    )
    return _list(which, reading, party=party.code)


def of_person(person: Person, reading: Reading) -> Panel | None:
    """The meetings in which a person took part."""
    return _list(Meeting.participants.any(Participation.person_id == person.id), reading)


def _list(which: ColumnElement[bool], reading: Reading, **wanted: Any) -> Panel | None:
    lines = [_line(m, reading.today) for m in reading.session.scalars(_latest(which))]
    if not lines:
        return None
    more = (_("All meetings"), url_for("meetings.index", **wanted)) if wanted else None
    return list_panel(_("Meetings"), lines, more=more, empty="")


def _when() -> Any:
    return func.coalesce(first_day(Meeting.begins_on), Meeting.due_to)


def _latest(which: ColumnElement[bool]) -> Select[tuple[Meeting]]:
    return (
        select(Meeting)
        .where(which)
        .options(
            joinedload(Meeting.commission).joinedload(Commission.side_a),
            joinedload(Meeting.commission).joinedload(Commission.side_b),
            joinedload(Meeting.own_side_a),
            joinedload(Meeting.own_side_b),
            joinedload(Meeting.host),
        )
        .order_by(_when().desc().nulls_first(), Meeting.id.desc())
        .limit(MOST)
    )


def _sessions_of(commission: Commission) -> Select[tuple[Meeting]]:
    return (
        select(Meeting)
        .where(Meeting.commission_id == commission.id)
        .options(joinedload(Meeting.host))
        .order_by(_when().desc().nulls_first(), Meeting.number.desc(), Meeting.id.desc())
        .limit(SESSIONS)
    )


def _cadence(commission: Commission) -> Cadence | None:
    try:
        return cadence_of(commission)
    except ScheduleError:
        return None


def _hosts(commission: Commission) -> list[Host]:
    return [Host(host.party.code, host.city) for host in commission.hosts]


def _rule(commission: Commission) -> Iterable[Any]:
    return rule_in_words(_cadence(commission), _hosts(commission), commission.turns)


def _next(commission: Commission, meetings: Sequence[Meeting], reading: Reading) -> Expected | None:
    """The next session that the rule expects and that is not recorded yet."""
    if any(shape_of(m, reading.today)[0] in ("planned", "confirmed", "expected") for m in meetings):
        return None
    cadence = _cadence(commission)
    if cadence is None:
        known = known_sessions(reading.session, commission)
        return next_in_turn(_hosts(commission), commission.turns, known) if known else None
    period = cadence.period(max(cadence.index_of(reading.today), 1))
    try:
        missing = missing_sessions(reading.session, commission, period.last)
    except ScheduleError:
        return None
    return missing[-1] if missing else None


def _expected_line(expected: Expected, commission: Commission) -> SessionOnLine:
    city = expected.host.city if expected.host else None
    due = expected.due_to
    return SessionOnLine(
        _("Session %(number)s", number=expected.number) if expected.number else _("Next session"),
        _("due by %(day)s", day=date_text(PartialDate.day(due))) if due else "",
        _side(expected.host.party if expected.host else None, commission),
        city,
        "expected",
        _("expected"),
    )


def _gaps(meetings: Iterable[Meeting]) -> dict[int, str]:
    """By meeting: how many days passed since the session that was held before it."""
    held = [m for m in meetings if m.status is MeetingStatus.HELD and m.begins_on is not None]
    held.sort(key=lambda meeting: meeting.begins_on.middle if meeting.begins_on else date.min)
    gaps = {}
    for before, after in pairwise(held):
        assert before.begins_on is not None
        assert after.begins_on is not None
        days = (after.begins_on.middle - before.begins_on.middle).days
        exact = "day" == before.begins_on.precision == after.begins_on.precision
        said = ngettext("%(num)s day", "%(num)s days", days)
        after_which = _("%(days)s after the one before", days=said)
        gaps[after.id] = after_which if exact else _("about %(gap)s", gap=after_which)
    return gaps


def _on_line(
    meeting: Meeting, commission: Commission, today: date, gaps: Mapping[int, str]
) -> SessionOnLine:
    shape, word = shape_of(meeting, today)
    if meeting.id in gaps:
        word = f"{word}, {gaps[meeting.id]}"
    number = meeting.number
    return SessionOnLine(
        meeting.title or (_("Session %(number)s", number=number) if number else _("Session")),
        when_text(meeting),
        _side(meeting.host.code if meeting.host else None, commission),
        meeting.city,
        shape,
        word,
        meeting.outcome,
        record_url(meeting),
    )


def _side(code: str | None, commission: Commission) -> str | None:
    return {commission.side_a.code: "A", commission.side_b.code: "B"}.get(code or "")


def _line(meeting: Meeting, today: date) -> PanelLine:
    shape, word = shape_of(meeting, today)
    host = meeting.city or (meeting.host.name if meeting.host else "")
    return PanelLine(
        when_text(meeting), describe_meeting(meeting), record_url(meeting), shape, word, host
    )


def _shown(value: object) -> str:
    return date_text(PartialDate.day(value)) if isinstance(value, date) else str(value)

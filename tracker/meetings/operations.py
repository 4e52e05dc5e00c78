"""Verbs that write meetings."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.commissions.cadence import Cadence, ScheduleError
from tracker.commissions.models import Commission
from tracker.commissions.rotation import Host
from tracker.dates import PartialDate
from tracker.meetings.models import Meeting, MeetingKind
from tracker.meetings.schedule import Expected, sessions
from tracker.meetings.sequence import Known, MeetingStatus
from tracker.text import N_


def cadence_of(commission: Commission) -> Cadence:
    """A commission's cadence; raises ScheduleError when its record does not say it."""
    every, unit = commission.cadence_every, commission.cadence_unit
    first_due = commission.first_due_on
    if every is None or unit is None:
        raise ScheduleError(N_("The commission does not say how often it meets. Edit it first."))
    if first_due is None:
        raise ScheduleError(
            N_("The commission does not say by when its first session is due. Edit it first.")
        )
    return Cadence(
        every=every,
        unit=unit,
        first_due=first_due.last,
        week=commission.cadence_week,
        weekday=commission.cadence_weekday,
        month=commission.cadence_month,
    )


def known_sessions(session: Session, commission: Commission) -> list[Known]:
    """What is recorded of a commission's sessions, as the schedule takes it."""
    meetings = session.scalars(select(Meeting).where(Meeting.commission_id == commission.id))
    return [
        Known(
            number=meeting.number,
            status=meeting.status,
            due_from=meeting.due_from,
            due_to=meeting.due_to,
            begins=meeting.begins_on,
            host=Host(meeting.host.code, meeting.city) if meeting.host else None,
            extraordinary=meeting.extraordinary,
        )
        for meeting in meetings
    ]


def missing_sessions(session: Session, commission: Commission, until: date) -> list[Expected]:
    """The sessions that are expected and not recorded; raises ScheduleError."""
    hosts = [Host(host.party.code, host.city) for host in commission.hosts]
    known = known_sessions(session, commission)
    return sessions(cadence_of(commission), hosts, commission.turns, known, until)


def plan_meetings(session: Session, commission: Commission, until: date) -> list[Meeting]:
    """Insert what is missing, and nothing else; a second run inserts nothing.

    The commission's row is locked meanwhile, so that two plans at once cannot both insert.
    """
    session.execute(select(Commission.id).where(Commission.id == commission.id).with_for_update())
    parties = {host.party.code: host.party for host in commission.hosts}
    planned = [
        Meeting(
            commission=commission,
            kind=MeetingKind.SESSION,
            status=MeetingStatus.PLANNED,
            number=one.number,
            due_from=one.due_from,
            due_to=one.due_to,
            begins_on=PartialDate.day(one.day) if one.day else None,
            host=parties.get(one.host.party) if one.host else None,
            city=one.host.city if one.host else None,
        )
        for one in missing_sessions(session, commission, until)
    ]
    session.add_all(planned)
    session.flush()
    return planned

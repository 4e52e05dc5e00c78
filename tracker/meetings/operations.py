"""Verbs that write meetings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.columns.table import touch
from tracker.commissions.cadence import Cadence, ScheduleError
from tracker.commissions.models import Commission
from tracker.commissions.rotation import Host, TurnRule
from tracker.dates import PartialDate
from tracker.meetings.models import ActionItem, ItemState, Meeting, MeetingAct, MeetingKind
from tracker.meetings.rules import ActRefused, Done, check_act, check_follows, state_before
from tracker.meetings.schedule import Expected, Turn, sessions, turn_of
from tracker.meetings.sequence import Known, MeetingStatus
from tracker.meetings.standing import Standing
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
    return [known_of(meeting) for meeting in _meetings_of(session, commission)]


def _meetings_of(session: Session, commission: Commission) -> Sequence[Meeting]:
    query = select(Meeting).where(Meeting.commission_id == commission.id)
    return session.scalars(query.options(joinedload(Meeting.host))).all()


def known_of(meeting: Meeting) -> Known:
    """A recorded session, as the schedule takes it."""
    return Known(
        number=meeting.number,
        status=meeting.status,
        due_from=meeting.due_from,
        due_to=meeting.due_to,
        begins=meeting.begins_on,
        host=Host(meeting.host.code, meeting.city) if meeting.host else None,
        extraordinary=meeting.extraordinary,
    )


def known_on(meeting: Meeting, day: date) -> Known | None:
    """A session as the schedule would have taken it on a day.

    None for one that met later and of which nothing was known then: no due day, and no act.
    """
    stood, now = meeting.stood_on(day), known_of(meeting)
    if stood == Standing(MeetingStatus.PLANNED) and stood.status is not meeting.status:
        acted = any(act.done_on and act.done_on.first <= day for act in meeting.acts)
        if meeting.due_to is None and not acted:
            return None
    return replace(now, status=stood.status, begins=stood.begins)


def hosts_of(commission: Commission) -> list[Host]:
    """A commission's hosts in their order, as the schedule takes them."""
    return [Host(host.party.code, host.city) for host in commission.hosts]


def turn_by_rule(session: Session, meeting: Meeting, known: Known | None = None) -> Turn | None:
    """Whose turn a session is by its commission's rule; None for a meeting without commission.

    `known` stands for the session itself, to ask what the rule would say of another date.
    """
    commission = meeting.commission
    if commission is None:
        return None
    try:
        cadence = cadence_of(commission)
    except ScheduleError:
        cadence = None
    others = [known_of(one) for one in _meetings_of(session, commission) if one is not meeting]
    known = known or known_of(meeting)
    return turn_of(known, cadence, hosts_of(commission), commission.turns, others)


def missing_sessions(session: Session, commission: Commission, until: date) -> list[Expected]:
    """The sessions that are expected and not recorded; raises ScheduleError."""
    return missing_among(known_sessions(session, commission), commission, until)


def missing_among(known: Sequence[Known], commission: Commission, until: date) -> list[Expected]:
    """The sessions that are expected where these are known; raises ScheduleError."""
    return sessions(cadence_of(commission), hosts_of(commission), commission.turns, known, until)


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


def plan_again(
    session: Session,
    meeting: Meeting,
    begins: PartialDate | None,
    ends: PartialDate | None,
    on: PartialDate | None,
    today: date,
) -> None:
    """Take up a postponed or cancelled meeting again, with new days or none yet."""
    _act(session, meeting, _Act(MeetingStatus.PLANNED, on, (begins, ends)), today)


def confirm_meeting(
    session: Session,
    meeting: Meeting,
    begins: PartialDate | None,
    ends: PartialDate | None,
    on: PartialDate | None,
    today: date,
) -> None:
    """Both sides have agreed on the days."""
    _act(session, meeting, _Act(MeetingStatus.CONFIRMED, on, (begins, ends)), today)


def hold_meeting(
    session: Session,
    meeting: Meeting,
    begins: PartialDate | None,
    ends: PartialDate | None,
    outcome: str | None,
    minutes: str | None,
    on: PartialDate | None,
    today: date,
) -> None:
    """It took place on these days; `on` is the act's date, else its last day."""
    act = _Act(MeetingStatus.HELD, on or ends or begins, (begins, ends))
    _act(session, meeting, act, today, outcome=outcome, minutes=minutes)


def postpone_meeting(
    session: Session,
    meeting: Meeting,
    on: PartialDate | None,
    new_date: PartialDate | None,
    note: str | None,
    today: date,
) -> None:
    """Put a meeting off, to a new date or to none that is known."""
    _act(session, meeting, _Act(MeetingStatus.POSTPONED, on, (new_date, None), note), today)


def cancel_meeting(
    session: Session, meeting: Meeting, on: PartialDate | None, note: str | None, today: date
) -> None:
    """It will not take place. Its days stay: they say what was cancelled."""
    _act(session, meeting, _Act(MeetingStatus.CANCELLED, on, note=note), today)


def before_last_act(meeting: Meeting) -> tuple[MeetingStatus, PartialDate | None]:
    """What taking the last act back would lead to; raises ActRefused when there is none."""
    acts = [Done(act.kind, act.new_date) for act in meeting.acts]
    return state_before(acts, meeting.begins_on)


def undo_act(
    session: Session, meeting: Meeting, begins: PartialDate | None, ends: PartialDate | None
) -> None:
    """Take the last act back; the status is again that of the act before it.

    Raises ActRefused where the meeting has minutes, which only a held one can have.
    """
    status, _day = before_last_act(meeting)
    if status is not MeetingStatus.HELD and (meeting.decisions or meeting.action_items):
        raise ActRefused(
            "status",
            N_("It has decisions or action items, as only a held one has. Take these out first."),
        )
    check_act(status, begins, ends, None, date.max)
    with _one_write(session, meeting):
        del meeting.acts[-1]
        meeting.status, meeting.begins_on, meeting.ends_on = status, begins, ends


@dataclass(frozen=True)
class _Act:
    """What an act writes down; without ``days`` the meeting keeps its own."""

    kind: MeetingStatus
    on: PartialDate | None
    days: tuple[PartialDate | None, PartialDate | None] | None = None
    note: str | None = None


def _act(session: Session, meeting: Meeting, act: _Act, today: date, **written: str | None) -> None:
    """Check an act, and write it, the status, the days and what else it says together."""
    check_follows(meeting.status, act.kind)
    check_act(act.kind, *(act.days or (None, None)), act.on, today)
    with _one_write(session, meeting):
        _log(meeting, act)
        meeting.status = act.kind
        if act.days:
            meeting.begins_on, meeting.ends_on = act.days
        for name, value in written.items():
            setattr(meeting, name, value)


def _log(meeting: Meeting, act: _Act) -> None:
    acts = meeting.acts
    if not acts and (meeting.begins_on or meeting.status != MeetingStatus.PLANNED):
        # What stood before the first act, so that taking it back can lead there.
        acts.append(MeetingAct(kind=meeting.status, new_date=meeting.begins_on, position=0))
    begins = act.days[0] if act.days else None
    acts.append(
        MeetingAct(
            kind=act.kind,
            done_on=act.on,
            new_date=begins if begins != meeting.begins_on else None,
            note=act.note,
            position=acts[-1].position + 1 if acts else 0,
        )
    )


@contextmanager
def _one_write(session: Session, meeting: Meeting) -> Iterator[None]:
    """Write what the block changes of a meeting at once, so that its version rises by one.

    Whose turn it is asks the database; without this, each question would write what has changed
    so far, and count it as a change of its own. Raises StaleDataError when somebody was faster.
    """
    session.flush()
    with session.no_autoflush:
        before = known_of(meeting)
        yield
        if meeting.status != MeetingStatus.HELD:
            _pass_turn(session, meeting, before)
        touch(meeting)
    session.flush()


def _pass_turn(session: Session, meeting: Meeting, before: Known) -> None:
    """Where turns go by year, a session that moves into another year has that year's host.

    Only a host that the rule had given is passed on: what somebody decided otherwise stays.
    """
    commission = meeting.commission
    if commission is None or commission.turns != TurnRule.BY_YEAR or meeting.host is None:
        return
    was = turn_by_rule(session, meeting, replace(before, host=None))
    now = turn_by_rule(session, meeting, replace(known_of(meeting), host=None))
    old, new = was and was.host, now and now.host
    if old and new and old.party == meeting.host.code != new.party:
        host = next(host for host in commission.hosts if host.party.code == new.party)
        meeting.host, meeting.city = host.party, new.city


def close_item(
    item: ActionItem,
    *,
    state: ItemState,
    done_on: PartialDate | None,
    note: str | None,
    today: date,
) -> None:
    """Let an action item be done, dropped or open again; counts as a change of its meeting.

    Raises ActRefused for a day that cannot be.
    """
    if done_on and state is ItemState.OPEN:
        raise ActRefused("done_on", N_("It is open: leave this empty, or choose done or dropped."))
    if done_on and done_on.first > today:
        raise ActRefused("done_on", N_("It cannot have been closed on a day to come."))
    begins = item.meeting.begins_on
    if done_on and begins and not begins.can_precede(done_on):
        raise ActRefused("done_on", N_("This is before the session began."))
    item.state, item.done_on, item.note = state, done_on, note
    touch(item.meeting)

"""The page that plans a commission's sessions, and what the meeting's own pages show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Form, StringField

from tracker.clock import today
from tracker.commissions.models import Commission
from tracker.meetings.calendar_views import views_of
from tracker.meetings.clashes import Flag, OtherMeeting, day_flags
from tracker.meetings.forms import ACTS
from tracker.meetings.list_rows import list_rows
from tracker.meetings.listing import AnyMeeting
from tracker.meetings.models import Meeting, Participation
from tracker.meetings.operations import (
    before_last_act,
    missing_sessions,
    plan_meetings,
    turn_by_rule,
)
from tracker.meetings.pages import describe_meeting
from tracker.meetings.queries import chaired_by_the_same
from tracker.meetings.rules import MAY_FOLLOW, OPEN, ActRefused
from tracker.meetings.schedule import Expected
from tracker.meetings.shown import (
    Event,
    act_lines,
    day_text,
    host_text,
    participant_text,
    party_names,
    said,
    state_sentence,
)
from tracker.text import Refusal, whole_number
from tracker.web.database import db
from tracker.web.links import record_url, usable_url
from tracker.web.rights import Right, needs

YEARS_AHEAD = 5
LAST_YEAR = 9998

planning = Blueprint("planning", __name__, template_folder="templates")


@dataclass(frozen=True)
class TakesPart:
    """A participant of one side."""

    name: str
    url: str
    note: str


@dataclass(frozen=True)
class Named:
    """A party by its name, with its page."""

    name: str
    url: str


@dataclass(frozen=True)
class MeetingPage:
    """What a meeting's page shows beside its columns."""

    state: str
    host: str
    why: str
    rule_host: str
    sides: dict[str, list[TakesPart]]
    events: list[Event]
    flags: list[str]
    acts: list[tuple[str, str]]
    days: dict[str, str]
    side_a: Named
    side_b: Named


@planning.app_template_global()
def meeting_rows(meetings: Iterable[AnyMeeting]) -> Markup:
    """A page of the list, parted by what asks for attention."""
    return list_rows(meetings, today())


planning.add_app_template_global(views_of, "meeting_views")


@planning.app_template_global()
def meeting_page(meeting: Meeting) -> MeetingPage:
    """The state of a meeting, whose turn it is and why, who took part, what may be done."""
    turn = turn_by_rule(db(), meeting)
    names = party_names(meeting)
    rule_host = turn.host if turn else None
    differs = rule_host and meeting.host and rule_host.party != meeting.host.code
    return MeetingPage(
        state_sentence(meeting, today()),
        host_text(meeting),
        said(turn.reason.wording, names) if turn else "",
        names.get(rule_host.party, rule_host.party) if rule_host and differs else "",
        {side: _taking_part(meeting.participants, side) for side in ("A", "B")},
        act_lines(meeting),
        _flags_of(meeting),
        _acts_of(meeting),
        {
            name: day_text(day)
            for name, day in (("due_from", meeting.due_from), ("due_to", meeting.due_to))
            if day
        },
        Named(meeting.side_a.name, record_url(meeting.side_a)),
        Named(meeting.side_b.name, record_url(meeting.side_b)),
    )


def _taking_part(participants: Iterable[Participation], side: str) -> list[TakesPart]:
    return [
        TakesPart(one.person.name, record_url(one.person), participant_text(one))
        for one in participants
        if one.side == side
    ]


def _acts_of(meeting: Meeting) -> list[tuple[str, str]]:
    """The acts that may follow, each with the address of its page."""
    names = [name for name, act in ACTS.items() if act.kind in MAY_FOLLOW[meeting.status]]
    try:
        before_last_act(meeting)
        names.append("undo")
    except ActRefused:
        pass
    return [
        (str(ACTS[name].word), address)
        for name in names
        if (address := usable_url("acts.act", number=meeting.id, name=name))
    ]


def _flags_of(meeting: Meeting) -> list[str]:
    """What speaks against the day of an open meeting that is to come."""
    begins = meeting.begins_on
    if meeting.status not in OPEN or begins is None or begins.precision != "day":
        return []
    if begins.first < today():
        return []
    others = _others(meeting.commission) if meeting.commission else []
    country = meeting.host.code if meeting.host else None
    return _flags(begins.first, country, others, party_names(meeting))


def _others(commission: Commission) -> list[OtherMeeting]:
    """The meetings of other commissions that have a co-chair of this one."""
    if not commission.co_chairs:
        return []
    return [
        OtherMeeting(
            chair.person.name,
            describe_meeting(meeting),
            meeting.begins_on.first,
            (meeting.ends_on or meeting.begins_on).last,
        )
        for meeting, chair in db().execute(chaired_by_the_same(commission))
        if meeting.begins_on and (meeting.ends_on or meeting.begins_on).precision == "day"
        # Who has left by then, or comes later, does not chair it.
        if not (chair.until_on and chair.until_on.last < meeting.begins_on.first)
        and not (chair.since_on and chair.since_on.first > meeting.begins_on.last)
    ]


def _flags(
    day: date, country: str | None, others: Iterable[OtherMeeting], names: dict[str, str]
) -> list[str]:
    language = str(get_locale() or "en")
    return [_flag(flag, names) for flag in day_flags(day, country, others, language)]


def _flag(flag: Flag, names: dict[str, str]) -> str:
    country = str(flag.values.get("country", ""))
    values = {**flag.values, "country": names.get(country, country)}
    return said(Flag(flag.kind, values).wording, names)


_UNTIL: Any = _l("Plan until the end of the year")


class PlanForm(Form):
    """Until which year to plan."""

    until = StringField(_UNTIL)


@dataclass(frozen=True)
class Proposal:
    """A session that is expected, as the page shows it."""

    number: int | None
    due: str
    host: str
    why: str
    flags: list[str]


def _proposals(commission: Commission, until: date) -> list[Proposal]:
    names = {side.code: side.name for side in (commission.side_a, commission.side_b)}
    missing = missing_sessions(db(), commission, until)
    others = _others(commission) if any(one.day for one in missing) else []
    return [_proposal(one, names, others) for one in missing]


def _proposal(
    expected: Expected, names: dict[str, str], others: Iterable[OtherMeeting]
) -> Proposal:
    host = expected.host
    named = [host.city, names.get(host.party, host.party)] if host else []
    country = host.party if host else None
    return Proposal(
        expected.number,
        _due(expected),
        ", ".join(filter(None, named)),
        said(expected.why.wording, names),
        _flags(expected.day, country, others, names) if expected.day else [],
    )


def _due(expected: Expected) -> str:
    if expected.day:
        return _("on %(day)s", day=day_text(expected.day))
    if expected.due_to is None:
        return ""
    if expected.due_from is None:
        return _("by %(day)s", day=day_text(expected.due_to))
    return _(
        "%(first)s to %(last)s",
        first=day_text(expected.due_from),
        last=day_text(expected.due_to),
    )


@planning.route("/commissions/<int:number>/plan", methods=["GET", "POST"])
@needs(Right.EDIT)
def plan(number: int) -> ResponseReturnValue:
    """Preview what is missing; insert it when the form is sent."""
    commission = db().get(Commission, number)
    if commission is None:
        abort(404)
    values = request.form if request.method == "POST" else request.args
    form = PlanForm(values)
    form.until.data = form.until.data or str(today().year + YEARS_AHEAD)
    try:
        until = _end_of_year(form.until.data)
        if request.method == "POST":
            return _apply(commission, until)
        proposals = _proposals(commission, until)
    except Refusal as refusal:
        said = _(refusal.message)
        form.until.errors = [said % refusal.values if refusal.values else said]
        return _page(commission, form, []), 422
    return _page(commission, form, proposals)


def _apply(commission: Commission, until: date) -> ResponseReturnValue:
    planned = len(plan_meetings(db(), commission, until))
    db().commit()
    flash(
        ngettext(
            "%(num)s session was added to the plan.",
            "%(num)s sessions were added to the plan.",
            planned,
        )
    )
    return redirect(url_for("meetings.index", commission=commission.id), 303)


def _end_of_year(typed: str) -> date:
    year = whole_number(typed, LAST_YEAR)
    if not year:
        raise Refusal(_("Write a year, such as 2030."))
    return date(year, 12, 31)


def _page(commission: Commission, form: PlanForm, proposals: list[Proposal]) -> str:
    return render_template(
        "meetings/plan.html",
        commission=commission,
        commission_url=record_url(commission),
        form=form,
        proposals=proposals,
    )

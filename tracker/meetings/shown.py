"""Meetings in words: when, where, in what state, what was done, and whose turn it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.commissions.models import Commission
from tracker.commissions.rotation import Host
from tracker.dates import PartialDate
from tracker.meetings.grid import shape_in
from tracker.meetings.listing import AnyMeeting
from tracker.meetings.models import Meeting, MeetingAct, Participation
from tracker.meetings.rules import Section, section_of
from tracker.meetings.sequence import MeetingStatus
from tracker.meetings.words import KINDS, ROLES, STATUSES
from tracker.text import N_
from tracker.web.links import addresses_of
from tracker.web.site import date_text, in_words
from tracker.wording import Wording

Show = Callable[[PartialDate], str]
Said = Callable[[str], str]

SECTIONS = {
    Section.OVERDUE: _l("Overdue: no record that it was held"),
    Section.DUE: _l("Due, no day set yet"),
    Section.PLANNED: _l("Planned"),
    Section.POSTPONED: _l("Postponed"),
    Section.HELD: _l("Held"),
    Section.CANCELLED: _l("Cancelled"),
}


@dataclass(frozen=True)
class Line:
    """One meeting in a list."""

    title: str
    url: str
    owner: str
    owner_url: str | None
    when: str
    place: str
    shape: str
    word: str


@dataclass(frozen=True)
class Event:
    """One act as a line of what happened."""

    date: str
    label: str
    shape: str


def day_text(day: date) -> str:
    """A day in words."""
    return date_text(PartialDate.day(day))


def when_text(meeting: AnyMeeting, show: Show = date_text, said: Said = _) -> str:
    """Its days, else by when it is due; empty when neither is known."""
    return days_text(meeting.begins_on, meeting.ends_on, meeting.due_to, show, said)


def days_text(
    begins: PartialDate | None,
    ends: PartialDate | None,
    due_to: date | None,
    show: Show = date_text,
    said: Said = _,
) -> str:
    """From when until when, else by when it is due; empty when neither is known."""
    if begins is None:
        if due_to is None:
            return ""
        return said(N_("due by %(day)s")) % {"day": show(PartialDate.day(due_to))}
    if ends is None or ends == begins:
        return show(begins)
    return said(N_("%(begins)s to %(ends)s")) % {"begins": show(begins), "ends": show(ends)}


def host_text(meeting: AnyMeeting) -> str:
    """City and party; empty when neither is known."""
    party = meeting.host.name if meeting.host else None
    return ", ".join(filter(None, (meeting.city, party)))


def short_title(meeting: AnyMeeting, said: Said = _) -> str:
    """What a list calls it beside its commission."""
    if meeting.title:
        return meeting.title
    if meeting.commission is None:
        return str(KINDS[meeting.kind])
    if meeting.number is None:
        return said(N_("Session without a number"))
    return said(N_("Session %(number)s")) % {"number": meeting.number}


def section(meeting: AnyMeeting, today: date) -> Section:
    """The part of the schedule that a meeting stands in."""
    return section_of(meeting.status, meeting.begins_on, meeting.ends_on, meeting.due_to, today)


def lines(meetings: Iterable[AnyMeeting], today: date) -> Iterator[tuple[Section, Line]]:
    """Meetings as lines of a list, each with its part; a text is looked up once for all lines."""
    own, owner = addresses_of(Meeting), addresses_of(Commission)
    show, _late = in_words()
    said: Said = cache(_)
    shape = cache(shape_in)
    for meeting in meetings:
        commission, part = meeting.commission, section(meeting, today)
        yield (
            part,
            Line(
                short_title(meeting, said),
                own(meeting.id),
                commission.name if commission else f"{meeting.side_a.name} – {meeting.side_b.name}",
                owner(commission.id) if commission else None,
                when_text(meeting, show, said),
                host_text(meeting),
                *shape(part, meeting.status),
            ),
        )


def state_sentence(meeting: Meeting, today: date) -> str:
    """The state of a meeting as one sentence."""
    part = section(meeting, today)
    place = meeting.city or (meeting.host.name if meeting.host else "")
    words = {"when": when_text(meeting), "place": place}
    late = part == Section.OVERDUE
    if late or part in (Section.DUE, Section.PLANNED):
        said = _awaited(meeting, words)
        return _("%(said)s; no record that it was held.", said=said) if late else f"{said}."
    if part == Section.HELD:
        return _("Held %(when)s in %(place)s.", **words) if place else _("Held %(when)s.", **words)
    if part == Section.CANCELLED:
        return _("Cancelled.")
    if meeting.begins_on:
        return _("Postponed to %(when)s.", **words)
    return _("Postponed; no new date is known.")


def _awaited(meeting: Meeting, words: Mapping[str, str]) -> str:
    """An open meeting: expected by a day, planned for one, or confirmed for it."""
    if meeting.begins_on is None:
        if meeting.due_to:
            words = {**words, "when": _("by %(day)s", day=day_text(meeting.due_to))}
        if not words["when"]:
            expected = _("Expected in %(place)s", **words) if words["place"] else _("Expected")
            return _("%(expected)s; by when is not known", expected=expected)
        if words["place"]:
            return _("Expected in %(place)s %(when)s", **words)
        return _("Expected %(when)s", **words)
    if meeting.status == MeetingStatus.CONFIRMED:
        if words["place"]:
            return _("Confirmed for %(when)s in %(place)s", **words)
        return _("Confirmed for %(when)s", **words)
    if words["place"]:
        return _("Planned for %(when)s in %(place)s", **words)
    return _("Planned for %(when)s", **words)


def act_lines(meeting: Meeting) -> list[Event]:
    """What happened to the plan, oldest first."""
    return [
        Event(
            date_text(act.done_on) if act.done_on else _("day not known"),
            _act_label(act),
            act.kind.value,
        )
        for act in meeting.acts
    ]


def _act_label(act: MeetingAct) -> str:
    label = str(STATUSES[act.kind])
    if act.new_date and act.kind == MeetingStatus.POSTPONED:
        label = _("%(act)s to %(day)s", act=label, day=date_text(act.new_date))
    elif act.new_date:
        label = _("%(act)s for %(day)s", act=label, day=date_text(act.new_date))
    return f"{label}: {act.note}" if act.note else label


def participant_text(one: Participation) -> str:
    """In what role and office a person took part."""
    role = str(ROLES[one.role]) if one.role.value != "participant" else ""
    return " · ".join(filter(None, (role, one.capacity)))


def party_names(meeting: Meeting) -> dict[str, str]:
    """The names of the two parties by their codes."""
    return {side.code: side.name for side in (meeting.side_a, meeting.side_b)}


def said(wording: Wording, names: Mapping[str, str]) -> str:
    """A sentence of the schedule: dates in words, parties by name."""

    def show(value: object) -> str:
        if isinstance(value, PartialDate):
            return date_text(value)
        if isinstance(value, date):
            return day_text(value)
        if isinstance(value, Host):
            return value.city or names.get(value.party, value.party)
        return str(value)

    return wording.translated(_, show)

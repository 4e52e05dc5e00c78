"""The columns of meetings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.agreements.models import Side
from tracker.agreements.words import SIDES
from tracker.columns import (
    Choice,
    Dated,
    Day,
    Identity,
    Items,
    Line,
    Own,
    Paragraphs,
    Problem,
    Reading,
    Table,
    Whole,
    YesNo,
)
from tracker.columns.references import Reference
from tracker.commissions.models import Commission
from tracker.constraints import means
from tracker.meetings import words
from tracker.meetings.minutes import ACTION_ITEMS, DECISIONS, check_minutes
from tracker.meetings.models import (
    ActionItem,
    Meeting,
    MeetingAct,
    MeetingFormat,
    MeetingKind,
    Participation,
    Role,
)
from tracker.meetings.sequence import MeetingStatus
from tracker.parties.columns import PartyColumn
from tracker.people.columns import PersonColumn
from tracker.text import N_, TITLE


def _taken(commission: Commission, reading: Reading) -> dict[int, Any]:
    """The numbers given out in a commission, and the meetings that have them."""

    def load() -> dict[int, Any]:
        query = select(Meeting).where(Meeting.commission_id == commission.id)
        kept = (m for m in reading.session.scalars(query) if not reading.leaves(m, "number"))
        return {m.number: m for m in kept if m.number is not None}

    return reading.once(("numbers", commission.id), load)


def check_number(values: Mapping[str, Any], reading: Reading) -> Iterator[Problem]:
    """One number a session in its commission."""
    number, commission = values["number"], values["commission"]
    if number is None or commission is None:
        return
    taken = _taken(commission, reading)
    if number not in taken:
        taken[number] = reading.record or values
    elif taken[number] is not reading.record:
        other = taken[number]
        meeting = f"#{other.id}" if isinstance(other, Meeting) else N_("another row")
        message = N_("Session %(number)s is recorded already (meeting %(meeting)s).")
        yield Problem(("number",), message, {"number": number, "meeting": meeting})


def check_belonging(values: Mapping[str, Any]) -> Iterator[Problem]:
    """A session belongs to a commission; other meetings are of two different parties."""
    if values["kind"] is MeetingKind.SESSION:
        if values["commission"] is None:
            yield Problem(("commission",), N_("A session belongs to a commission. Name it."))
        for name in ("side_a", "side_b"):
            if values[name] is not None:
                message = N_("Leave this empty: the sides are those of the commission.")
                yield Problem((name,), message)
        return
    for name, message in (
        ("commission", N_("Only a session belongs to a commission. Leave this empty.")),
        ("number", N_("Only a session has a number. Leave this empty.")),
    ):
        if values[name] is not None:
            yield Problem((name,), message)
    missing = [name for name in ("side_a", "side_b") if values[name] is None]
    for name in missing:
        yield Problem((name,), N_("Say which two parties meet."))
    if not missing and values["side_a"] is values["side_b"]:
        yield Problem(("side_b",), N_("A meeting has two different sides."))


def check_dates(values: Mapping[str, Any], reading: Reading) -> Iterator[Problem]:
    """Ends not before it begins; held on a day that is known and has come."""
    begins, ends = values["begins_on"], values["ends_on"]
    if begins and ends and not begins.can_precede(ends):
        yield Problem(("ends_on",), N_("It cannot end before it begins."))
    due_from, due_to = values["due_from"], values["due_to"]
    if due_from and due_to and due_from > due_to:
        yield Problem(("due_to",), N_("This is before the beginning of the period."))
    if values["status"] is MeetingStatus.HELD:
        if begins is None:
            yield Problem(("begins_on",), N_("It was held: say when, as precisely as is known."))
        elif begins.first > reading.today:
            yield Problem(("begins_on",), N_("It cannot have been held on a day to come."))
        elif ends and ends.first > reading.today:
            yield Problem(("ends_on",), N_("It cannot have been held on a day to come."))


def check_acts(values: Mapping[str, Any], reading: Reading) -> Iterator[Problem]:
    """The last act says what the status says; no act on a day to come.

    A status that is changed while the acts are left as they are gets its act when it is saved.
    """
    acts, status = values["acts"], values["status"]
    for index, act in enumerate(acts):
        if act["done_on"] and act["done_on"].first > reading.today:
            message = N_("This day is still to come. Say when it was done.")
            yield Problem(("acts", index, "done_on"), message)
    if not acts or acts[-1]["kind"] is status:
        return
    meeting = reading.record
    if meeting is not None and meeting.status != status and ACTS.get(meeting) == acts:
        return
    message = N_(
        "The status is “%(status)s”, and the last act says “%(act)s”. "
        "Let both say the same, or add an act at the end."
    )
    values = {"status": status.value, "act": acts[-1]["kind"].value}
    yield Problem(("status",), message, values)


def check_meeting(values: Mapping[str, Any], reading: Reading) -> Iterator[Problem]:
    """Everything that holds between a meeting's columns."""
    yield from check_belonging(values)
    yield from check_dates(values, reading)
    yield from check_number(values, reading)
    yield from check_acts(values, reading)
    yield from check_minutes(values, reading)


PARTICIPANTS = Items(
    "participants",
    _l("Participants"),
    attribute="participants",
    model=Participation,
    key=("side", "person"),
    parts=(
        Choice("side", _l("Side"), Side, SIDES, required=True),
        PersonColumn("person", _l("Person"), required=True),
        Line("capacity", _l("Capacity")),
        Choice("role", _l("Role"), Role, words.ROLES, default=Role.PARTICIPANT),
    ),
)

ACTS = Items(
    "acts",
    _l("What happened to the plan"),
    attribute="acts",
    model=MeetingAct,
    parts=(
        Choice("kind", _l("What"), MeetingStatus, words.STATUSES, required=True),
        Dated("done_on", _l("On")),
        Line("note", _l("Note"), limit=TITLE),
        Dated("new_date", _l("New date")),
    ),
)

MEETINGS = Table(
    name="meetings",
    model=Meeting,
    columns=(
        Identity(),
        Reference(
            "commission",
            _l("Commission"),
            Commission,
            wording="name",
            offers="commissions",
            hint=_l("For a session: the name or the number of its commission."),
        ),
        Whole("number", _l("Number of the session"), 1, 100_000),
        Day("due_from", _l("Due from"), "first"),
        Day("due_to", _l("Due by"), "last"),
        Dated("begins_on", _l("Begins on")),
        Dated("ends_on", _l("Ends on")),
        Choice("status", _l("Status"), MeetingStatus, words.STATUSES, required=True),
        PartyColumn("host", _l("Host")),
        Line("city", _l("City")),
        Choice("kind", _l("Kind"), MeetingKind, words.KINDS, required=True),
        PartyColumn("side_a", _l("Side A"), attribute="own_side_a"),
        PartyColumn("side_b", _l("Side B"), attribute="own_side_b"),
        Line("title", _l("Title"), limit=TITLE),
        YesNo("extraordinary", _l("Extraordinary")),
        Choice("format", _l("Format"), MeetingFormat, words.FORMATS),
        PARTICIPANTS,
        Paragraphs("outcome", _l("Outcome")),
        Line("minutes", _l("Agreed minutes"), limit=TITLE, hint=_l("Their reference.")),
        ACTS,
        Paragraphs("note", _l("Note")),
        DECISIONS,
        ACTION_ITEMS,
    ),
    check=check_meeting,
    own=(Own(("commission", "number"), "number", lambda _id: None),),
    load=(
        joinedload(Meeting.commission).joinedload(Commission.side_a),
        joinedload(Meeting.commission).joinedload(Commission.side_b),
        joinedload(Meeting.host),
        joinedload(Meeting.own_side_a),
        joinedload(Meeting.own_side_b),
        selectinload(Meeting.participants).joinedload(Participation.person),
        selectinload(Meeting.acts),
        selectinload(Meeting.decisions),
        selectinload(Meeting.action_items).joinedload(ActionItem.person),
    ),
)

_TWICE = N_("The commission has a session of this number already.")
means("uq_meeting_commission_id_number", "number", _TWICE)
means("ck_meeting_held_has_a_date", "begins_on", N_("It was held: say when."))
means("ck_meeting_ends_not_before_it_begins", "ends_on", N_("It cannot end before it begins."))
means("ck_meeting_number_positive", "number", N_("Sessions are numbered from 1 to 100,000."))
means("ck_meeting_due_in_order", "due_to", N_("This is before the beginning of the period."))
means(
    "ck_meeting_commission_or_two_sides",
    "commission",
    N_("A session belongs to a commission; another meeting has two different sides of its own."),
)
means(
    "uq_participation_meeting_id_side_person_id",
    "participants",
    N_("A person takes part once for a side. Take the second row out."),
)

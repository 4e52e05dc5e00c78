"""Everything between two parties on one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, case, func, select

from tracker.agreements import words as agreement_words
from tracker.agreements.models import Agreement
from tracker.agreements.presenting import happenings
from tracker.agreements.rules import AgreementStatus
from tracker.agreements.telling import AgreementTold, counts_between, latest_between
from tracker.clock import as_of, day_asked
from tracker.commissions import words as commission_words
from tracker.commissions.models import Commission, CommissionStatus
from tracker.commitments.models import Commitment, CommitmentStatus
from tracker.commitments.panels import pair_lines
from tracker.commitments.queries import of_pair
from tracker.dates import PartialDate, read_day
from tracker.meetings.grid import shape_of
from tracker.meetings.items import line_of, open_between
from tracker.meetings.listing import ROWS, AnyMeeting, MeetingRow, made
from tracker.meetings.models import Meeting
from tracker.meetings.pages import describe_meeting
from tracker.meetings.queries import when, with_sides
from tracker.meetings.rules import OPEN, Section
from tracker.meetings.shown import host_text, section, when_text
from tracker.overview.views import overview
from tracker.parties.models import Party
from tracker.parties.queries import ONE, OTHER, between, pair_of, pair_values
from tracker.text import Refusal
from tracker.web.database import db
from tracker.web.links import Address, addresses_of, usable_url
from tracker.web.pages import PanelLine
from tracker.web.rights import Right, needs
from tracker.web.site import date_text

MOST = 100
A_STATUS = 10


@dataclass(frozen=True)
class Group:
    """Agreements of one status: the latest of them, how many there are, and where all are."""

    word: str
    lines: Sequence[PanelLine]
    count: int
    url: str


@dataclass(frozen=True)
class Moment:
    """Something that happened between the two, on the one timeline of all."""

    on: PartialDate
    of: AgreementTold | MeetingRow
    word: str = ""


def relation_url(one: Party, other: Party) -> str:
    """The address of the page of two parties."""
    first, second = sorted((one.code, other.code))
    return url_for("overview.relation", codes=f"{first}-{second}")


@overview.get("/relations/<codes>")
@needs(Right.READ, recorded=True)
def relation(codes: str) -> ResponseReturnValue:
    """Agreements by status, commissions, meetings, commitments, and one timeline of all."""
    pair = pair_of(codes, db())
    if pair is None:
        abort(404)
    a, b = pair
    if codes != f"{a.code}-{b.code}":
        return redirect(relation_url(a, b), 302)
    _ask_day()
    day = day_asked()
    agreements = latest_between(db(), a, b, day, MOST)
    both = pair_values(a, b)
    meetings = made(db().connection().execute(_MEETINGS, both))
    commissions = db().connection().execute(_COMMISSIONS, both).all()
    counts = counts_between(db(), a, b, day)
    following = _following(meetings, day)
    commission, meeting = addresses_of(Commission), addresses_of(Meeting)
    return render_template(
        "overview/relation.html",
        a=a,
        b=b,
        as_of=date_text(PartialDate.day(day)) if as_of.get() else None,
        figures=_figures(a, b, counts, commissions),
        groups=_groups(agreements, counts, a, b),
        commissions=[_commission_line(c, following.get(c.id), commission) for c in commissions],
        meetings=[_meeting_line(m, day, meeting) for m in meetings if m.commission is None],
        commitments=pair_lines(db(), a, b, day),
        items=[line_of(item, day) for item in open_between(db(), a, b, day)],
        moments=_moments(agreements, meetings, day),
        most=MOST,
        new_url=usable_url("agreements.new", side_a=a.code, side_b=b.code),
    )


def _ask_day() -> None:
    asked = request.args.get("on", "").strip()
    if asked:
        try:
            as_of.set(read_day(asked))
        except Refusal as refusal:
            abort(400, _(refusal.message) % refusal.values)


def _commissions() -> Select[Any]:
    own = Commission.__table__.c
    return (
        select(own.id, own.name, own.status)
        .where(between(Commission, ONE, OTHER))
        .order_by(own.name, own.id)
        .limit(MOST)
    )


def _meetings() -> Select[Any]:
    theirs = with_sides(lambda record: between(record, ONE, OTHER))
    newest = when().desc().nulls_first()
    return ROWS.where(Meeting.id.in_(theirs)).order_by(newest, Meeting.id).limit(MOST)


def _promised() -> Select[Any]:
    # A condition on the status would lead a database to all commitments that are open.
    promised = func.count(case((Commitment.status == CommitmentStatus.OPEN, 1)))
    return select(promised).where(of_pair(ONE, OTHER))


# Kept, so that a page need not build them anew.
_COMMISSIONS, _MEETINGS, _PROMISED = _commissions(), _meetings(), _promised()


def _groups(
    agreements: Iterable[AgreementTold], counts: Mapping[AgreementStatus, int], a: Party, b: Party
) -> list[Group]:
    lines: dict[AgreementStatus, list[PanelLine]] = {status: [] for status in counts}
    address = addresses_of(Agreement)
    for agreement in agreements:
        shown = lines.setdefault(agreement.status, [])
        if len(shown) < A_STATUS:
            shown.append(_agreement_line(agreement, address))
    asked = as_of.get()
    on: dict[str, Any] = {"on": asked.isoformat()} if asked else {}
    return [
        Group(
            str(agreement_words.STATUSES[status]),
            lines[status],
            counts[status],
            url_for("agreements.index", party=[a.code, b.code], status=status.value, **on),
        )
        for status in AgreementStatus
        if counts.get(status)
    ]


def _agreement_line(agreement: AgreementTold, address: Address) -> PanelLine:
    return PanelLine(
        date_text(agreement.signed_on) if agreement.signed_on else _("day not known"),
        agreement.name,
        address(agreement.id),
        word=str(agreement_words.KINDS[agreement.kind]),
    )


def _following(meetings: Iterable[MeetingRow], day: date) -> dict[int, MeetingRow]:
    """By commission: the session to come, or the latest whose time passed without a record."""
    late: dict[int, MeetingRow] = {}
    to_come: dict[int, MeetingRow] = {}
    for meeting in meetings:
        if meeting.commission is not None and meeting.status in OPEN:
            if section(meeting, day) is Section.OVERDUE:
                late.setdefault(meeting.commission.id, meeting)
            else:
                to_come[meeting.commission.id] = meeting
    return late | to_come


def _commission_line(commission: Any, following: MeetingRow | None, address: Address) -> PanelLine:
    note = ""
    if following is not None:
        place = host_text(following)
        what = describe_session(following)
        note = ", ".join(filter(None, (what, when_text(following), place)))
    return PanelLine(
        "",
        commission.name,
        address(commission.id),
        word=str(commission_words.STATUSES[commission.status]),
        note=note,
    )


def describe_session(meeting: AnyMeeting) -> str:
    """A session named by its number alone, where its commission stands beside it."""
    if meeting.number is None:
        return _("next session")
    return _("session %(number)s", number=meeting.number)


def _meeting_line(meeting: MeetingRow, day: date, address: Address) -> PanelLine:
    shape, word = shape_of(meeting, day)
    return PanelLine(
        when_text(meeting),
        describe_meeting(meeting),
        address(meeting.id),
        shape,
        word,
        host_text(meeting),
    )


def _moments(
    agreements: Iterable[AgreementTold], meetings: Iterable[MeetingRow], day: date
) -> list[PanelLine]:
    """All that happened, newest first."""
    moments = [
        *(Moment(on, one, label) for one in agreements for on, label in happenings(one)),
        *(Moment(one.begins_on, one) for one in meetings if one.begins_on is not None),
    ]
    moments.sort(key=lambda moment: (moment.on.first, moment.on.last), reverse=True)
    by_then = [one for one in moments if one.on.first <= day][:MOST]
    agreement, meeting = addresses_of(Agreement), addresses_of(Meeting)
    return [
        _moment_of_meeting(one.on, one.of, day, meeting)
        if isinstance(one.of, MeetingRow)
        else PanelLine(date_text(one.on), one.of.name, agreement(one.of.id), "held", one.word)
        for one in by_then
    ]


def _moment_of_meeting(
    on: PartialDate, meeting: MeetingRow, day: date, address: Address
) -> PanelLine:
    shape, word = shape_of(meeting, day)
    return PanelLine(date_text(on), describe_meeting(meeting), address(meeting.id), shape, word)


def _figures(
    a: Party,
    b: Party,
    counts: Mapping[AgreementStatus, int],
    commissions: Sequence[Any],
) -> list[tuple[str, int] | tuple[str, int, str]]:
    both = [a.code, b.code]
    working = (CommissionStatus.ACTIVE, CommissionStatus.FORESEEN)
    promised = db().connection().execute(_PROMISED, pair_values(a, b)).scalar()
    in_force = AgreementStatus.IN_FORCE
    return [
        (_("Agreements"), sum(counts.values()), url_for("agreements.index", party=both)),
        (
            _("In force"),
            counts.get(in_force, 0),
            url_for("agreements.index", party=both, status=in_force.value),
        ),
        (_("Commissions"), sum(one.status in working for one in commissions)),
        (_("Open commitments"), promised or 0),
    ]

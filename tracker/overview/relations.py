"""Everything between two parties on one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.agreements import words as agreement_words
from tracker.agreements.models import Agreement
from tracker.agreements.presenting import happenings
from tracker.agreements.rules import AgreementStatus
from tracker.agreements.statuses import counts_by_status
from tracker.agreements.table import AGREEMENTS
from tracker.clock import as_of, day_asked
from tracker.commissions import words as commission_words
from tracker.commissions.models import Commission, CommissionStatus
from tracker.commitments.models import Commitment, CommitmentStatus
from tracker.commitments.panels import pair_lines
from tracker.commitments.queries import of_pair
from tracker.dates import PartialDate, read_day
from tracker.db import first_day
from tracker.meetings.grid import shape_of
from tracker.meetings.items import items, line_of, open_on
from tracker.meetings.models import ActionItem, Meeting
from tracker.meetings.pages import describe_meeting
from tracker.meetings.sequence import MeetingStatus
from tracker.meetings.shown import host_text, when_text
from tracker.overview.views import overview
from tracker.parties.models import Party
from tracker.parties.queries import between, pair_of
from tracker.text import Refusal
from tracker.web.database import db
from tracker.web.links import record_url, usable_url
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
    title: str
    url: str
    word: str
    shape: str = "held"


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
    agreements = list(db().scalars(_agreements(a, b)))
    meetings = list(db().scalars(_meetings(a, b)))
    commissions = list(db().scalars(_commissions(a, b)))
    counts = counts_by_status(db(), day, between(Agreement, a, b))
    held = {m.commission_id for m in meetings}
    following = {c.id: _following(c, meetings, day) for c in commissions if c.id in held}
    return render_template(
        "overview/relation.html",
        a=a,
        b=b,
        as_of=date_text(PartialDate.day(day)) if as_of.get() else None,
        figures=_figures(a, b, counts, commissions),
        groups=_groups(agreements, counts, a, b),
        commissions=[_commission_line(c, following.get(c.id)) for c in commissions],
        meetings=[_meeting_line(m, day) for m in meetings if m.commission_id is None],
        commitments=pair_lines(db(), a, b, day),
        items=[line_of(item, day) for item in db().scalars(_open_items(a, b, day))],
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


def _agreements(a: Party, b: Party) -> Select[tuple[Agreement]]:
    return (
        select(Agreement)
        .where(between(Agreement, a, b))
        .options(*AGREEMENTS.load)
        .order_by(first_day(Agreement.signed_on).desc().nulls_last(), Agreement.id)
        .limit(MOST)
    )


def _commissions(a: Party, b: Party) -> Select[tuple[Commission]]:
    return (
        select(Commission)
        .where(between(Commission, a, b))
        .order_by(Commission.name, Commission.id)
        .limit(MOST)
    )


def _meetings(a: Party, b: Party) -> Select[tuple[Meeting]]:
    sessions = select(Commission.id).where(between(Commission, a, b))
    when = func.coalesce(first_day(Meeting.begins_on), Meeting.due_to)
    return (
        select(Meeting)
        .where(or_(between(Meeting, a, b), Meeting.commission_id.in_(sessions)))
        .options(
            joinedload(Meeting.commission).joinedload(Commission.side_a),
            joinedload(Meeting.commission).joinedload(Commission.side_b),
            joinedload(Meeting.host),
            joinedload(Meeting.own_side_a),
            joinedload(Meeting.own_side_b),
        )
        .order_by(when.desc().nulls_first(), Meeting.id)
        .limit(MOST)
    )


def _open_items(a: Party, b: Party, day: date) -> Select[tuple[ActionItem]]:
    sessions = select(Commission.id).where(between(Commission, a, b))
    theirs = or_(between(Meeting, a, b), Meeting.commission_id.in_(sessions))
    return items(open_on(day), theirs)


def _groups(
    agreements: Iterable[Agreement], counts: Mapping[AgreementStatus, int], a: Party, b: Party
) -> list[Group]:
    column = AGREEMENTS["status"]
    lines: dict[AgreementStatus, list[PanelLine]] = {status: [] for status in counts}
    for agreement in agreements:
        shown = lines.setdefault(column.get(agreement), [])
        if len(shown) < A_STATUS:
            shown.append(_agreement_line(agreement))
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


def _agreement_line(agreement: Agreement) -> PanelLine:
    return PanelLine(
        date_text(agreement.signed_on) if agreement.signed_on else _("day not known"),
        agreement.name,
        record_url(agreement),
        word=str(agreement_words.KINDS[agreement.kind]),
    )


def _following(commission: Commission, meetings: Iterable[Meeting], day: date) -> Meeting | None:
    """The session to come, or the latest whose time passed without a record."""
    waiting = (MeetingStatus.PLANNED, MeetingStatus.CONFIRMED)
    own = [m for m in meetings if m.commission_id == commission.id and m.status in waiting]
    to_come = [m for m in own if shape_of(m, day)[0] != "overdue"]
    return to_come[-1] if to_come else next(iter(own), None)


def _commission_line(commission: Commission, following: Meeting | None) -> PanelLine:
    note = ""
    if following is not None:
        place = host_text(following)
        what = describe_session(following)
        note = ", ".join(filter(None, (what, when_text(following), place)))
    return PanelLine(
        "",
        commission.name,
        record_url(commission),
        word=str(commission_words.STATUSES[commission.status]),
        note=note,
    )


def describe_session(meeting: Meeting) -> str:
    """A session named by its number alone, where its commission stands beside it."""
    if meeting.number is None:
        return _("next session")
    return _("session %(number)s", number=meeting.number)


def _meeting_line(meeting: Meeting, day: date) -> PanelLine:
    shape, word = shape_of(meeting, day)
    return PanelLine(
        when_text(meeting),
        describe_meeting(meeting),
        record_url(meeting),
        shape,
        word,
        host_text(meeting),
    )


def _moments(
    agreements: Iterable[Agreement], meetings: Iterable[Meeting], day: date
) -> list[PanelLine]:
    """All that happened, newest first."""
    moments = [
        Moment(on, agreement.name, record_url(agreement), label)
        for agreement in agreements
        for on, label in happenings(agreement)
    ]
    for meeting in meetings:
        shape, word = shape_of(meeting, day)
        if meeting.begins_on is not None:
            moments.append(
                Moment(
                    meeting.begins_on, describe_meeting(meeting), record_url(meeting), word, shape
                )
            )
    moments.sort(key=lambda moment: (moment.on.first, moment.on.last), reverse=True)
    return [
        PanelLine(date_text(one.on), one.title, one.url, one.shape, one.word)
        for one in moments
        if one.on.first <= day
    ][:MOST]


def _figures(
    a: Party,
    b: Party,
    counts: Mapping[AgreementStatus, int],
    commissions: Sequence[Commission],
) -> list[tuple[str, int] | tuple[str, int, str]]:
    both = [a.code, b.code]
    working = (CommissionStatus.ACTIVE, CommissionStatus.FORESEEN)
    promised = (
        select(func.count())
        .select_from(Commitment)
        .where(of_pair(a.id, b.id), Commitment.status == CommitmentStatus.OPEN)
    )
    in_force = AgreementStatus.IN_FORCE
    return [
        (_("Agreements"), sum(counts.values()), url_for("agreements.index", party=both)),
        (
            _("In force"),
            counts.get(in_force, 0),
            url_for("agreements.index", party=both, status=in_force.value),
        ),
        (_("Commissions"), sum(one.status in working for one in commissions)),
        (_("Open commitments"), db().scalar(promised) or 0),
    ]

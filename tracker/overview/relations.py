"""Everything between two parties on one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, case, func, select

from tracker.agreements import words as agreement_words
from tracker.agreements.rules import AgreementStatus
from tracker.agreements.telling import AgreementTold, counts_between, latest_between
from tracker.clock import as_of, day_asked
from tracker.commissions.models import Commission, CommissionStatus
from tracker.commitments.models import Commitment, CommitmentStatus
from tracker.commitments.panels import pair_lines
from tracker.commitments.queries import of_pair
from tracker.dates import PartialDate, read_day
from tracker.meetings.items import line_of, open_between
from tracker.meetings.listing import ROWS, made
from tracker.meetings.models import Meeting
from tracker.meetings.queries import when, with_sides
from tracker.overview.relation_lines import (
    Saying,
    agreement_line,
    commission_line,
    following_of,
    meeting_line,
    moments_of,
)
from tracker.overview.views import overview
from tracker.parties.models import Party
from tracker.parties.queries import ONE, OTHER, between, pair_of, pair_values
from tracker.text import Refusal
from tracker.web.database import db
from tracker.web.links import addresses_of, usable_url
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
    following = following_of(meetings, day)
    say = Saying(day)
    commission = addresses_of(Commission)
    return render_template(
        "overview/relation.html",
        a=a,
        b=b,
        as_of=date_text(PartialDate.day(day)) if as_of.get() else None,
        figures=_figures(a, b, counts, commissions),
        groups=_groups(agreements, counts, a, b, say),
        commissions=[commission_line(c, following.get(c.id), commission) for c in commissions],
        meetings=[meeting_line(m, say) for m in meetings if m.commission is None],
        commitments=pair_lines(db(), a, b, day),
        items=[line_of(item, day) for item in open_between(db(), a, b, day)],
        moments=moments_of(agreements, meetings, say, MOST),
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
    agreements: Iterable[AgreementTold],
    counts: Mapping[AgreementStatus, int],
    a: Party,
    b: Party,
    say: Saying,
) -> list[Group]:
    lines: dict[AgreementStatus, list[PanelLine]] = {status: [] for status in counts}
    for agreement in agreements:
        shown = lines.setdefault(agreement.status, [])
        if len(shown) < A_STATUS:
            shown.append(agreement_line(agreement, say))
    asked = as_of.get()
    on: dict[str, Any] = {"on": asked.isoformat()} if asked else {}
    # Their addresses differ by the status only, and no code can hold the letters before it.
    address = url_for("agreements.index", party=[a.code, b.code], status="", **on)
    return [
        Group(
            str(agreement_words.STATUSES[status]),
            lines[status],
            counts[status],
            address.replace("&status=", f"&status={status.value}"),
        )
        for status in AgreementStatus
        if counts.get(status)
    ]


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

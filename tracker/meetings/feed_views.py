"""Calendar feeds of meetings: all, those of a commission, those of two parties."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select

from tracker.clock import today
from tracker.commissions.models import Commission
from tracker.meetings.feed import meeting_events
from tracker.meetings.models import Meeting
from tracker.meetings.pages import MEETING_PAGES
from tracker.parties.models import Party
from tracker.text import Refusal
from tracker.web.calendars import asked, feed_answer, outside_url
from tracker.web.database import db, reading
from tracker.web.rights import Right, needs
from tracker.web.site import problem_text

FILTERS = ("party", "commission", "status")

feeds = Blueprint("feeds", __name__)


@feeds.get("/meetings.ics")
@needs(Right.READ)
def meetings() -> ResponseReturnValue:
    """The meetings that fit the filters, which are those of the list."""
    clauses = _filtered(FILTERS)
    return _feed(_("Meetings"), clauses, FILTERS)


@feeds.get("/commissions/<int:number>/meetings.ics")
@needs(Right.READ)
def of_commission(number: int) -> ResponseReturnValue:
    """The sessions of a commission."""
    commission = db().get(Commission, number)
    if commission is None:
        abort(404)
    clauses = [Meeting.commission_id == commission.id, *_filtered(("status",))]
    return _feed(commission.name, clauses, ("status",))


@feeds.get("/relations/<pair>/meetings.ics")
@needs(Right.READ)
def of_relation(pair: str) -> ResponseReturnValue:
    """The meetings of two parties, with and without a commission."""
    first, second = _parties(pair)
    ordered = f"{first.code}-{second.code}"
    if pair != ordered:
        target = url_for("feeds.of_relation", pair=ordered)
        query = request.query_string.decode("latin-1")
        return redirect(f"{target}?{query}" if query else target, 308)
    clauses = [_between(first, second), *_filtered(("status",))]
    return _feed(f"{first.name} – {second.name}", clauses, ("status",))


def _parties(pair: str) -> tuple[Party, Party]:
    """The two parties of an address, in the order of their codes; 404 when one is not known."""
    codes = sorted(pair.upper().split("-"))
    if len(codes) != 2 or codes[0] == codes[1]:
        abort(404)
    found = db().scalars(select(Party).where(Party.code.in_(codes)).order_by(Party.code)).all()
    if len(found) != 2:
        abort(404)
    return min(found, key=lambda party: party.code), max(found, key=lambda party: party.code)


def _between(one: Party, other: Party) -> ColumnElement[bool]:
    """Meetings of exactly these two, whichever of them is side A."""
    own = _sides(Meeting.side_a_id, Meeting.side_b_id, one, other)
    theirs = _sides(Commission.side_a_id, Commission.side_b_id, one, other)
    return or_(own, Meeting.commission_id.in_(select(Commission.id).where(theirs)))


def _sides(side_a: Any, side_b: Any, one: Party, other: Party) -> ColumnElement[bool]:
    return or_(
        and_(side_a == one.id, side_b == other.id),
        and_(side_a == other.id, side_b == one.id),
    )


def _filtered(names: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """The clauses of the filters that are set in the address; 400 for one that says nothing."""
    clauses: list[ColumnElement[bool]] = []
    for name in names:
        texts = [text.strip() for text in request.args.getlist(name) if text.strip()]
        if len(texts) > 1:
            abort(400, _("“%(name)s” stands twice in the address.", name=name))
        try:
            clauses.extend(MEETING_PAGES.filters[name].clause(text, reading()) for text in texts)
        except Refusal as refusal:
            abort(400, problem_text(refusal))
    return clauses


def _feed(
    name: str, clauses: list[ColumnElement[bool]], filters: tuple[str, ...]
) -> ResponseReturnValue:
    wanted = asked(today(), filters)
    events = meeting_events(db(), clauses, wanted.window, wanted.alarm, outside_url)
    models = (Meeting, Commission, Party)
    return feed_answer(f"Entente: {name}", events, models, wanted.today)

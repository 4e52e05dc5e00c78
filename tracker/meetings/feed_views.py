"""Calendar feeds of meetings: all, those of a commission, those of two parties."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select

from tracker.clock import today
from tracker.commissions.models import Commission
from tracker.meetings.feed import meeting_events
from tracker.meetings.models import Meeting
from tracker.meetings.pages import MEETING_PAGES
from tracker.parties.models import Party
from tracker.parties.queries import between, pair_of
from tracker.text import Refusal
from tracker.web.calendars import asked, feed_answer, outside_url
from tracker.web.database import db, reading
from tracker.web.rights import Right, needs
from tracker.web.site import problem_text

FILTERS = ("party", "commission", "status")

feeds = Blueprint("feeds", __name__)


@feeds.get("/meetings.ics")
@needs(Right.READ, recorded=True)
def meetings() -> ResponseReturnValue:
    """The meetings that fit the filters, which are those of the list."""
    clauses = _filtered(FILTERS)
    return _feed(_("Meetings"), clauses, FILTERS)


@feeds.get("/commissions/<int:number>/meetings.ics")
@needs(Right.READ, recorded=True)
def of_commission(number: int) -> ResponseReturnValue:
    """The sessions of a commission."""
    # The name alone: whatever else of it is damaged must not stand in the way.
    name = db().scalar(select(Commission.name).where(Commission.id == number))
    if name is None:
        abort(404)
    clauses = [Meeting.commission_id == number, *_filtered(("status",))]
    return _feed(name, clauses, ("status",))


@feeds.get("/relations/<pair>/meetings.ics")
@needs(Right.READ, recorded=True)
def of_relation(pair: str) -> ResponseReturnValue:
    """The meetings of two parties, with and without a commission."""
    parties = pair_of(pair, db())
    if parties is None:
        abort(404)
    first, second = parties
    ordered = f"{first.code}-{second.code}"
    if pair != ordered:
        target = url_for("feeds.of_relation", pair=ordered)
        query = request.query_string.decode("latin-1")
        return redirect(f"{target}?{query}" if query else target, 308)
    clauses = [_of_pair(first, second), *_filtered(("status",))]
    return _feed(f"{first.name} – {second.name}", clauses, ("status",))


def _of_pair(one: Party, other: Party) -> ColumnElement[bool]:
    """Meetings of exactly these two, with and without a commission."""
    commissions = select(Commission.id).where(between(Commission, one, other))
    return or_(between(Meeting, one, other), Meeting.commission_id.in_(commissions))


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
    return feed_answer(f"Entente: {name}", events)

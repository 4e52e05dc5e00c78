"""The page that says which calendar feeds there are, and how a calendar program takes one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.commissions.models import Commission
from tracker.meetings.rules import Section
from tracker.meetings.sequence import MeetingStatus
from tracker.overview.views import overview
from tracker.parties.queries import pair_of
from tracker.web.calendars import ALARM, MOST_ALARM, REFRESH, YEARS_AHEAD, YEARS_BACK
from tracker.web.database import db
from tracker.web.rights import Right, needs

# What each feed's address may hold beside the days and the alarm.
FILTERS = {
    "meetings": ("party", "commission", "status"),
    "commission": ("status",),
    "relation": ("status",),
    "deadlines": ("party",),
}
# What says which commission, and which two parties.
WHICH = {"commission": ("number",), "relation": ("codes",)}
FOR_ALL = ("from", "to", "alarm")


@dataclass(frozen=True)
class Feed:
    """A feed as the page shows it: what it holds, its address here and as programs need it."""

    name: str
    path: str

    @property
    def url(self) -> str:
        """The whole address, with the host under which this page was asked for."""
        return urljoin(request.host_url, self.path)


@overview.get("/calendars")
@needs(Right.READ, recorded=True)
def calendars() -> ResponseReturnValue:
    """All feeds, and first the one that somebody came for."""
    return render_template(
        "overview/calendars.html",
        chosen=_chosen(),
        feeds=[
            Feed(_("All meetings"), url_for("feeds.meetings")),
            Feed(_("Deadlines"), url_for("overview.deadlines")),
        ],
        example=urljoin(request.host_url, url_for("feeds.meetings", party="UZ", alarm=30)),
        statuses=", ".join((*MeetingStatus, Section.OVERDUE)),
        alarm=ALARM,
        most_alarm=MOST_ALARM,
        hours=REFRESH.total_seconds() // 3600,
        years_back=YEARS_BACK,
        years_ahead=YEARS_AHEAD,
    )


def _chosen() -> Feed | None:
    """The feed of the page from which somebody came; 400 or 404 for one that there is not."""
    kind = request.args.get("feed", "")
    known = ("feed", *WHICH.get(kind, ()), *FILTERS.get(kind, ()), *(FOR_ALL if kind else ()))
    for name in request.args:
        if name not in known:
            abort(400, _("The address has “%(name)s”, which this page does not know.", name=name))
    if not kind:
        return None
    if kind not in FILTERS:
        abort(400, _("There is no calendar “%(name)s”.", name=kind))
    kept = {
        name: text
        for name in (*FILTERS[kind], *FOR_ALL)
        if (text := request.args.get(name, "").strip())
    }
    return _FEEDS[kind](kept)


def _of_meetings(kept: dict[str, Any]) -> Feed:
    name = _("Meetings, with the filters of the list") if kept else _("All meetings")
    return Feed(name, url_for("feeds.meetings", **kept))


def _of_deadlines(kept: dict[str, Any]) -> Feed:
    party = kept.get("party")
    name = _("Deadlines of %(party)s", party=party) if party else _("Deadlines")
    return Feed(name, url_for("overview.deadlines", **kept))


def _of_commission(kept: dict[str, Any]) -> Feed:
    number = request.args.get("number", 0, type=int)
    name = db().scalar(select(Commission.name).where(Commission.id == number))
    if name is None:
        abort(404)
    return Feed(name, url_for("feeds.of_commission", number=number, **kept))


def _of_relation(kept: dict[str, Any]) -> Feed:
    pair = pair_of(request.args.get("codes", ""), db())
    if pair is None:
        abort(404)
    one, other = pair
    name = _("Meetings of %(a)s and %(b)s", a=one.name, b=other.name)
    return Feed(name, url_for("feeds.of_relation", pair=f"{one.code}-{other.code}", **kept))


_FEEDS = {
    "meetings": _of_meetings,
    "commission": _of_commission,
    "relation": _of_relation,
    "deadlines": _of_deadlines,
}

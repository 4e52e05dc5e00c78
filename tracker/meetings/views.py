"""The page that plans a commission's sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import Select
from wtforms import Form, StringField

from tracker.clock import today
from tracker.commissions.models import Commission
from tracker.meetings.clashes import day_flags
from tracker.meetings.grid import MONTHS, year_grid
from tracker.meetings.models import Meeting
from tracker.meetings.operations import missing_sessions, plan_meetings
from tracker.meetings.queries import in_year
from tracker.meetings.schedule import Expected
from tracker.text import Refusal
from tracker.web.database import db
from tracker.web.links import record_url

YEARS_AHEAD = 5
LAST_YEAR = 9998

planning = Blueprint("planning", __name__, template_folder="templates")


def year(query: Select[tuple[Meeting]], wanted: Mapping[str, str]) -> ResponseReturnValue:
    """The meetings of a year as a grid; the filters are those of the list."""
    typed = request.args.get("year") or str(today().year)
    try:
        shown = _end_of_year(typed).year
    except Refusal:
        abort(400, _("“%(typed)s” is no year.", typed=typed))
    meetings = db().scalars(in_year(query, shown))
    months = [format_date(date(shown, month, 1), "LLL") for month in MONTHS]  # type: ignore[no-untyped-call]

    def at(other: int) -> str:
        address: dict[str, Any] = {**wanted, "view": "year", "year": other}
        return url_for("meetings.index", **address)

    return render_template(
        "meetings/year.html",
        grid=year_grid(meetings, shown, months, today()),
        previous_url=at(max(shown - 1, 1)),
        next_url=at(min(shown + 1, LAST_YEAR)),
        list_url=url_for("meetings.index", **dict[str, Any](wanted)),
    )


class PlanForm(Form):
    """Until which year to plan."""

    until = StringField("Plan until the end of the year")


@dataclass(frozen=True)
class Proposal:
    """A session that is expected, as the page shows it."""

    expected: Expected
    why: str
    flags: list[str]


def _proposal(expected: Expected) -> Proposal:
    country = expected.host.party if expected.host else None
    flags = day_flags(expected.day, country) if expected.day else []
    return Proposal(
        expected,
        expected.why.wording.translated(_),
        [flag.wording.translated(_) for flag in flags],
    )


@planning.route("/commissions/<int:number>/plan", methods=["GET", "POST"])
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
        proposals = [_proposal(one) for one in missing_sessions(db(), commission, until)]
    except Refusal as refusal:
        said = _(refusal.message)
        form.until.errors = [said % refusal.values if refusal.values else said]
        return _page(commission, form, []), 422
    return _page(commission, form, proposals)


def _apply(commission: Commission, until: date) -> ResponseReturnValue:
    planned = plan_meetings(db(), commission, until)
    db().commit()
    flash(_("%(count)s sessions were added to the plan.", count=len(planned)))
    return redirect(url_for("meetings.index", commission=commission.id), 303)


def _end_of_year(typed: str) -> date:
    plain = typed.strip()
    if not plain.isascii() or not plain.isdigit() or not 1 <= int(plain) <= LAST_YEAR:
        raise Refusal(_("Write a year, such as 2030."))
    return date(int(plain), 12, 31)


def _page(commission: Commission, form: PlanForm, proposals: list[Proposal]) -> str:
    return render_template(
        "meetings/plan.html",
        commission=commission,
        commission_url=record_url(commission),
        form=form,
        proposals=proposals,
    )

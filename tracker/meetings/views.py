"""The page that plans a commission's sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form, StringField

from tracker.clock import today
from tracker.commissions.models import Commission
from tracker.meetings.clashes import day_flags
from tracker.meetings.operations import missing_sessions, plan_meetings
from tracker.meetings.schedule import Expected
from tracker.text import Refusal
from tracker.web.database import db
from tracker.web.links import record_url

YEARS_AHEAD = 5
LAST_YEAR = 9998

planning = Blueprint("planning", __name__, template_folder="templates")


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

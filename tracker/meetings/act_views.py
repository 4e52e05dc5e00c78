"""The pages of the acts on a meeting: confirm, hold, postpone, cancel, plan again, take back."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from tracker.clock import today
from tracker.columns import Problem
from tracker.meetings.forms import ACTS, Act
from tracker.meetings.models import Meeting
from tracker.meetings.pages import describe_meeting
from tracker.meetings.rules import ActRefused, check_follows
from tracker.meetings.shown import act_lines, host_text, state_sentence
from tracker.meetings.table import MEETINGS
from tracker.web.database import db, reading
from tracker.web.forms import RecordForm
from tracker.web.links import record_url
from tracker.web.rights import Right, needs

acts = Blueprint("acts", __name__, url_prefix="/meetings", template_folder="templates")


@acts.route(f"/<int:number>/<any({','.join(ACTS)}):name>", methods=["GET", "POST"])
@needs(Right.EDIT)
def act(number: int, name: str) -> ResponseReturnValue:
    """Ask for the act's days, then do it."""
    meeting = _load(number)
    wanted = ACTS[name]
    form = wanted.form(request.form)
    if request.method == "POST" and form.version.data != str(meeting.version):
        return _stale(wanted, form, meeting)
    try:
        if wanted.kind is not None:
            check_follows(meeting.status, wanted.kind)
        opened = wanted.filled(meeting, today())
    except ActRefused as refused:
        return _refused(wanted, meeting, refused)
    if request.method == "GET":
        return _page(wanted, opened, meeting)
    return _perform(wanted, form, meeting)


def _perform(wanted: Act, form: RecordForm, meeting: Meeting) -> ResponseReturnValue:
    """Do it; the same page again with what is wrong, or when somebody else was first."""
    outcome = form.read(reading())
    if outcome.problems:
        return _page(wanted, form, meeting, 422)
    number, host = meeting.id, meeting.host
    try:
        wanted.perform(db(), meeting, outcome.values, today())
        db().commit()
    except ActRefused as refused:
        db().rollback()
        form.show(Problem.of((refused.field,), refused))
        return _page(wanted, form, _load(number), 422)
    except StaleDataError:
        db().rollback()
        return _stale(wanted, form, _load(number))
    flash(str(wanted.said))
    if meeting.host is not host:
        flash(_("Turns go by year, so the host is now %(host)s.", host=host_text(meeting)))
    return redirect(record_url(meeting), 303)


def _load(number: int) -> Meeting:
    meeting = db().get(Meeting, number, options=MEETINGS.load)
    if meeting is None:
        abort(404)
    return meeting


def _stale(wanted: Act, form: RecordForm, meeting: Meeting) -> ResponseReturnValue:
    said = _(
        "Somebody else saved this record after you opened it. Nothing was overwritten, "
        "and what you typed is below. Open the record in another window to compare."
    )
    flash(said, "error")
    return _page(wanted, form, meeting, 409)


def _refused(wanted: Act, meeting: Meeting, refused: ActRefused) -> ResponseReturnValue:
    """The act cannot follow at all: why, and the way back."""
    html = render_template(
        "meetings/refused.html",
        title=wanted.title,
        name=describe_meeting(meeting),
        reason=_(refused.message),
        cancel_url=record_url(meeting),
    )
    return html, 422


def _page(
    wanted: Act, form: RecordForm, meeting: Meeting, status: int = 200
) -> ResponseReturnValue:
    html = render_template(
        "meetings/act.html",
        act=wanted,
        form=form,
        record=meeting,
        name=describe_meeting(meeting),
        state=state_sentence(meeting, today()),
        undone=act_lines(meeting)[-1:] if wanted.kind is None else [],
        cancel_url=record_url(meeting),
    )
    return html, status

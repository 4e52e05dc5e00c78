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
from tracker.web.conflicts import is_stale, opened_at
from tracker.web.database import db, reading
from tracker.web.differing import Opened, changes_since
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
    if request.method == "POST" and is_stale(form, meeting):
        return _stale(wanted, form, meeting)
    try:
        fresh = _opened(wanted, meeting)
    except ActRefused as refused:
        return _refused(wanted, meeting, refused)
    if request.method == "GET":
        return _page(wanted, fresh, meeting)
    return _perform(wanted, form, meeting)


def _opened(wanted: Act, meeting: Meeting) -> RecordForm:
    """The act's form as it is opened; raises ActRefused when the act cannot follow."""
    if wanted.kind is not None:
        check_follows(meeting.status, wanted.kind)
    return wanted.filled(meeting, today())


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
    """The form again with what is typed, and with what somebody else changed meanwhile."""
    try:
        _opened(wanted, meeting)
    except ActRefused as refused:
        return _refused(wanted, meeting, refused, form)
    opened = opened_at(meeting, form.version.data)
    form.version.data = str(meeting.version)
    return _page(wanted, form, meeting, 409, opened)


def _refused(
    wanted: Act, meeting: Meeting, refused: ActRefused, stale: RecordForm | None = None
) -> ResponseReturnValue:
    """The act cannot follow at all: why, and the way back.

    Of a form that was opened before, with what was changed since and what was typed.
    """
    opened = opened_at(meeting, stale.version.data) if stale else None
    typed = [(column.label, stale.typed(column)) for column in wanted.columns] if stale else []
    html = render_template(
        "meetings/refused.html",
        title=wanted.title,
        name=describe_meeting(meeting),
        reason=_(refused.message),
        cancel_url=record_url(meeting),
        opened=opened,
        changes=changes_since(MEETINGS, opened, meeting) if opened else [],
        typed=[(label, text) for label, text in typed if text],
    )
    return html, 409 if stale else 422


def _page(
    wanted: Act,
    form: RecordForm,
    meeting: Meeting,
    status: int = 200,
    opened: Opened | None = None,
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
        opened=opened,
        changes=changes_since(MEETINGS, opened, meeting) if opened else [],
    )
    return html, status

"""The list of all action items, and the page that closes one or opens it again."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.exc import StaleDataError

from tracker.clock import today
from tracker.columns import Choice, Dated, Line, Problem, Table
from tracker.meetings import words
from tracker.meetings.item_pages import ITEM_PAGES
from tracker.meetings.items import state_in_words, who
from tracker.meetings.models import ActionItem, ItemState
from tracker.meetings.operations import close_item
from tracker.meetings.pages import describe_meeting
from tracker.meetings.rules import ActRefused
from tracker.meetings.table import MEETINGS
from tracker.text import TITLE
from tracker.web.conflicts import is_stale, opened_at
from tracker.web.database import db, reading
from tracker.web.differing import Opened, changes_since
from tracker.web.forms import RecordForm, form_class
from tracker.web.links import record_url
from tracker.web.rights import Right, needs
from tracker.web.site import date_text
from tracker.web.views import RecordViews

action_items = Blueprint("action-items", __name__, template_folder="templates")
LISTED = RecordViews(ITEM_PAGES)


@dataclass(frozen=True)
class ItemRow:
    """What the list says of an item beside its text."""

    who: str
    until: str
    shape: str
    word: str
    meeting: str


@action_items.app_template_global()
def item_row(item: ActionItem) -> ItemRow:
    """An item as a row of the list."""
    shape, word = state_in_words(item, today())
    until = date_text(item.due_on) if item.due_on else ""
    return ItemRow(who(item), until, shape, word, describe_meeting(item.meeting))


@action_items.get("/action-items")
@needs(Right.READ, recorded=True)
def index() -> ResponseReturnValue:
    """All action items, page by page."""
    return LISTED.index()


CLOSING = Table(
    name="action_items",
    model=ActionItem,
    columns=(
        Choice("state", _l("State"), ItemState, words.ITEM_STATES, default=ItemState.OPEN),
        Dated("done_on", _l("Closed on")),
        Line("note", _l("Note"), limit=TITLE),
    ),
)
Closing = form_class(CLOSING)


@action_items.route("/action-items/<int:number>/close", methods=["GET", "POST"])
@needs(Right.EDIT)
def close(number: int) -> ResponseReturnValue:
    """Say that an item is done or dropped, on which day; or that it is open after all."""
    item = _load(number)
    if request.method == "GET":
        form = Closing()
        for column in CLOSING.columns:
            form[column.name].data = column.typed(column.get(item))
        form.version.data = str(item.meeting.version)
        return _page(form, item)
    form = Closing(request.form)
    if is_stale(form, item.meeting):
        return _stale(form, item)
    outcome = form.read(reading())
    if outcome.problems:
        return _page(form, item, 422)
    try:
        close_item(item, **outcome.values, today=today())
        db().commit()
    except ActRefused as refused:
        db().rollback()
        form.show(Problem.of((refused.field,), refused))
        return _page(form, _load(number), 422)
    except StaleDataError:
        db().rollback()
        return _stale(form, _load(number))
    flash(_("Saved."))
    return redirect(record_url(item.meeting), 303)


def _load(number: int) -> ActionItem:
    item = db().get(ActionItem, number)
    if item is None:
        abort(404)
    return item


def _stale(form: RecordForm, item: ActionItem) -> ResponseReturnValue:
    """The form again with what is typed, and with what was changed in the meeting meanwhile."""
    opened = opened_at(item.meeting, form.version.data)
    form.version.data = str(item.meeting.version)
    return _page(form, item, 409, opened)


def _page(
    form: RecordForm, item: ActionItem, status: int = 200, opened: Opened | None = None
) -> ResponseReturnValue:
    html = render_template(
        "meetings/close_item.html",
        form=form,
        record=item,
        item=item,
        who=who(item),
        due=_("until %(day)s", day=date_text(item.due_on)) if item.due_on else "",
        meeting_name=describe_meeting(item.meeting),
        cancel_url=record_url(item.meeting),
        opened=opened,
        changes=changes_since(MEETINGS, opened, item.meeting) if opened else [],
    )
    return html, status

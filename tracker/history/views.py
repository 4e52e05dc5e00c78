"""The pages of the history: of one record, of all, of one entry, and the ways back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, select

from tracker.accounts.guard import allowed
from tracker.accounts.models import Account
from tracker.dates import read_day
from tracker.exporting import WORDS, Format
from tracker.history.export import changes
from tracker.history.models import Change, ChangeEntry, Operation
from tracker.history.past import Past, rows_at
from tracker.history.queries import Wanted, changes_of, counts, deletion_of, entries, touched
from tracker.history.showing import facts
from tracker.history.story import entry_story, story
from tracker.history.taking_back import NotTakenBack, bring_back, take_back
from tracker.history.words import OPERATIONS, SHAPES, WAYS
from tracker.text import Refusal, whole_number
from tracker.web.database import db, reading_engine
from tracker.web.export_views import TURN, send
from tracker.web.pages import RecordPages
from tracker.web.rights import Right, needs
from tracker.web.site import moment_text, problem_text

PAGE = 50
SHOWN = 8  # records named of an entry in the list of all
MOST = 200  # records shown of one entry
MOST_PAGES = 999_999
FILTERS = ("author", "record", "number", "way", "operation", "from", "to")

history = Blueprint("history", __name__, template_folder="templates")


def all_pages() -> dict[str, RecordPages]:
    """The pages of each kind of record, by the name of its table in the database."""
    pages: Mapping[Any, RecordPages] = current_app.extensions["pages"]
    return {model.__tablename__: one for model, one in pages.items()}


def _pages_named(plural: str) -> RecordPages:
    found = next((one for one in all_pages().values() if one.name == plural), None)
    if found is None:
        abort(404)
    return found


@history.app_context_processor
def _words() -> dict[str, Any]:
    return {"history_ways": WAYS}


@history.get("/<plural>/<int:number>/history")
@needs(Right.READ, recorded=True)
def of_record(plural: str, number: int) -> ResponseReturnValue:
    """What happened to one record, newest first; also to one that is deleted."""
    pages = _pages_named(plural)
    record = pages.table.model.__tablename__
    page = _page()
    chapters, count = story(db(), pages.table, record, number, skip=(page - 1) * PAGE, most=PAGE)
    if not chapters:
        abort(404)
    return render_template(
        "history/record.html",
        pages=pages,
        number=number,
        name=_name(pages, number),
        chapters=chapters,
        count=count,
        page=page,
        more=page * PAGE < count,
        gone=deletion_of(db(), record, number) is not None,
        newest=chapters[0].last if page == 1 else None,
    )


def _page() -> int:
    page = whole_number(request.args.get("page", "1"), MOST_PAGES)
    if not page:
        abort(400, _("“page” is a number from 1 on."))
    return page


def _name(pages: RecordPages, number: int) -> str:
    """What a record is called, now or, where it is gone, when it last was."""
    model = pages.table.model
    found = db().get(model, number, options=pages.table.load)
    if found is None:
        found = _was(pages, number, None)
    return pages.describe(found) if found is not None else _("number %(number)s", number=number)


def _was(pages: RecordPages, number: int, last: int | None) -> Any:
    """A record as it was after a change; for one that is gone, as it was before it went."""
    record = pages.table.model.__tablename__
    gone = deletion_of(db(), record, number)
    if last is None and gone is not None:
        own = (
            change
            for change in db().scalars(changes_of(record, number))
            if change.entry_id != gone.entry_id
        )
        last = max((change.id for change in own), default=gone.id)
    rows = rows_at(db(), record, number, last)
    past = Past(db())
    past.prepare([rows])
    return past.record(pages.table.model, rows)


@history.route("/<plural>/<int:number>/history/<int:change>", methods=["GET", "POST"])
@needs(Right.READ, to_change=Right.EDIT, recorded=True)
def state(plural: str, number: int, change: int) -> ResponseReturnValue:
    """A record as it was after a change; sent, it is brought back."""
    pages = _pages_named(plural)
    record = pages.table.model.__tablename__
    then = db().get(Change, change)
    if then is None or (then.record, then.record_id) != (record, number):
        abort(404)
    if request.method == "POST":
        return _bring_back(pages, number, then)
    return _state_page(pages, number, then)


def _bring_back(pages: RecordPages, number: int, then: Change) -> ResponseReturnValue:
    note = _("as it was on %(moment)s", moment=moment_text(then.entry.at))
    record = pages.table.model.__tablename__
    try:
        bring_back(db(), _tables(), record, number, then.id, note)
        db().commit()
    except NotTakenBack as refused:
        db().rollback()
        return _state_page(pages, number, db().get_one(Change, then.id), refused), 422
    flash(_("Brought back. The state before is in the history, too."))
    return redirect(url_for(f"{pages.name}.show", number=number), 303)


def _state_page(
    pages: RecordPages, number: int, then: Change, refused: NotTakenBack | None = None
) -> str:
    was = _was(pages, number, then.id)
    if was is None:
        abort(404)
    newest = db().scalar(
        changes_of(then.record, number).order_by(None).order_by(Change.id.desc()).limit(1)
    )
    return render_template(
        "history/state.html",
        pages=pages,
        number=number,
        name=pages.describe(was),
        entry=then.entry,
        facts=facts(pages.table, was),
        present=newest is not None and newest.id == then.id,
        gone=deletion_of(db(), then.record, number) is not None,
        problems=[problem_text(problem) for problem in refused.problems] if refused else [],
    )


def _tables() -> dict[str, Any]:
    return {name: pages.table for name, pages in all_pages().items()}


@history.get("/changes")
@needs(Right.ACCOUNT, recorded=True)
def index() -> ResponseReturnValue:
    """All that was changed, by person, record and time."""
    wanted = _wanted()
    query = entries(wanted)
    before = request.args.get("before", "")
    if before:
        if not before.isascii() or not before.isdigit() or len(before) > 9:
            abort(400, _("The page mark in the address is not one of this site."))
        query = query.where(ChangeEntry.id < int(before))
    found = list(db().scalars(query.limit(PAGE + 1)))
    shown, more = found[:PAGE], len(found) > PAGE
    numbers = [entry.id for entry in shown]
    kept: dict[str, Any] = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    return render_template(
        "history/index.html",
        entries=shown,
        touched=_named(numbers, SHOWN),
        counts=counts(db(), numbers),
        kept=kept,
        records=[(name, str(pages.title)) for name, pages in all_pages().items()],
        operations=[(k, w) for k, w in OPERATIONS.items() if k],
        files=[(word, url_for(f"history.{kind}", **kept)) for kind, word in WORDS.items()],
        next_url=url_for("history.index", **kept, before=shown[-1].id) if more else None,
        first_url=url_for("history.index", **kept) if before else None,
    )


def _wanted() -> Wanted:
    known = {*FILTERS, "before"}
    for name in request.args:
        if name not in known:
            abort(400, _("The address has “%(name)s”, which this page does not know.", name=name))
    typed = {name: request.args.get(name, "").strip() for name in FILTERS}
    if typed["record"] and typed["record"] not in all_pages():
        abort(400, _("“%(name)s” is no kind of record.", name=typed["record"]))
    if typed["way"] and typed["way"] not in WAYS:
        abort(400, _("“%(name)s” is no way by which changes come.", name=typed["way"]))
    if typed["operation"] and typed["operation"] not in list(Operation):
        abort(400, _("“%(name)s” is nothing that happens to a record.", name=typed["operation"]))
    number = typed["number"]
    if number and not (number.isascii() and number.isdigit() and len(number) < 10):
        abort(400, _("Write the number of a record."))
    return Wanted(
        author=typed["author"],
        record=typed["record"],
        number=int(number) if number else None,
        way=typed["way"],
        first=_day(typed["from"]),
        last=_day(typed["to"]),
        operation=typed["operation"],
        accounts=allowed(Right.ADMINISTER),
    )


def _day(typed: str) -> date | None:
    try:
        return read_day(typed) if typed else None
    except Refusal as refusal:
        abort(400, problem_text(refusal))


def _named(numbers: list[int], most: int) -> dict[int, list[dict[str, str]]]:
    """For each entry the records that it touched: kind, name, what became of each, its address."""
    found = touched(db(), numbers, most)
    names = _names({(one.record, one.record_id) for each in found.values() for one in each})
    return {
        entry: [_touched_line(one, names[one.record, one.record_id]) for one in each]
        for entry, each in found.items()
    }


def _touched_line(one: Any, name: str) -> dict[str, str]:
    pages = all_pages().get(one.record)
    return {
        "name": name,
        "word": str(OPERATIONS[one.operation]),
        "shape": SHAPES[one.operation],
        "operation": one.operation or Operation.UPDATE.value,
        "url": url_for("history.of_record", plural=pages.name, number=one.record_id)
        if pages
        else "",
    }


def _names(wanted: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What records are called, a query for each kind; those that are gone by their number."""
    names = {place: f"{place[0]} {place[1]}" for place in wanted}
    of_accounts = [number for record, number in wanted if record == "account"]
    if of_accounts:
        for account in db().scalars(select(Account).where(Account.id.in_(of_accounts))):
            names["account", account.id] = _("account of %(email)s", email=account.email)
    for record, pages in all_pages().items():
        numbers = [number for kind, number in wanted if kind == record]
        if numbers:
            model = pages.table.model
            query = select(model).where(model.id.in_(numbers)).options(*pages.table.load)
            for found in db().scalars(query):
                names[record, found.id] = pages.describe(found)
            for number in numbers:
                if names[record, number] == f"{record} {number}":
                    names[record, number] = _name(pages, number)
    return names


def _file_view(kind: Format) -> Callable[[], ResponseReturnValue]:
    @needs(Right.ACCOUNT, recorded=True)
    def view() -> ResponseReturnValue:
        """The changes of the entries that are asked for, row by row."""
        contents = changes(reading_engine(), _wanted(), TURN)
        return send(kind, contents, [request.args.get(name, "") for name in FILTERS])

    return view


for one in Format:
    history.add_url_rule(f"/changes.{one}", one, _file_view(one), methods=["GET"])


@history.get("/changes/<int:number>")
@needs(Right.ACCOUNT, recorded=True)
def entry(number: int) -> ResponseReturnValue:
    """All that one entry changed."""
    return _entry_page(_entry(number))


def _entry(number: int) -> ChangeEntry:
    """The entry of this number, or 404; those about accounts are there for administrators only."""
    found = db().get(ChangeEntry, number)
    if found is None:
        abort(404)
    about_accounts = exists().where(Change.entry_id == number, Change.record == "account")
    if not allowed(Right.ADMINISTER) and db().scalar(select(about_accounts)):
        abort(404)
    return found


def _entry_page(found: ChangeEntry, refused: NotTakenBack | None = None) -> str:
    tables = _tables()
    undone = db().scalar(select(ChangeEntry).where(ChangeEntry.undoes_id == found.id).limit(1))
    stand = refused.obstacles if refused else ()
    names = _names({(one.record, one.record_id) for one in stand})
    return render_template(
        "history/entry.html",
        entry=found,
        undone=undone,
        chapters=entry_story(db(), tables, found, MOST),
        names=_named([found.id], MOST).get(found.id, []),
        count=counts(db(), [found.id]).get(found.id, 0),
        most=MOST,
        obstacles=[
            (
                names[one.record, one.record_id],
                _touched_url(one.record, one.record_id),
                one.entry_id,
            )
            for one in stand
        ],
        problems=[problem_text(problem) for problem in refused.problems] if refused else [],
    )


def _touched_url(record: str, number: int) -> str:
    pages = all_pages().get(record)
    return url_for("history.of_record", plural=pages.name, number=number) if pages else ""


@history.post("/changes/<int:number>/undo")
@needs(Right.EDIT)
def undo(number: int) -> ResponseReturnValue:
    """Take back all that an entry did, or nothing of it."""
    found = _entry(number)
    # Once it is saved, nothing is read: that would need another turn at writing.
    count = counts(db(), [number]).get(number, 0)
    try:
        take_back(db(), _tables(), found, _("entry %(number)s taken back", number=number))
        db().commit()
    except NotTakenBack as refused:
        db().rollback()
        return _entry_page(db().get_one(ChangeEntry, number), refused), 422
    flash(ngettext("Taken back: %(num)s record.", "Taken back: %(num)s records.", count))
    return redirect(url_for("history.index"), 303)

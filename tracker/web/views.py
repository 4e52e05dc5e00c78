"""The pages of every record: list, file, one, new, edit, delete."""

from __future__ import annotations

import base64
import binascii
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import ImmutableMultiDict

from tracker.clock import as_of
from tracker.columns import Column, Items, Problem
from tracker.constraints import explain
from tracker.dates import read_day
from tracker.tabular import write_rows
from tracker.text import N_, Refusal, whole_number
from tracker.web.companions import Companion
from tracker.web.database import db, reading
from tracker.web.forms import RecordForm, filter_form, form_class
from tracker.web.import_views import ImportViews
from tracker.web.links import record_url, usable_url
from tracker.web.pages import FilterRefused, RecordPages
from tracker.web.pointing import count_rows, pointers
from tracker.web.rights import Right, needs
from tracker.web.site import item_texts, word_of

PAGE = 50
MOST = 200
ListView = Callable[[Any, Mapping[str, str]], ResponseReturnValue]


@dataclass(frozen=True)
class Word:
    """A filter that is set, as a removable word; also a record that stands in the way."""

    label: str
    value: str
    url: str
    count: int = 1


@dataclass(frozen=True)
class Sheet:
    """One page of a list, and the addresses of its neighbours."""

    items: list[Any]
    first_url: str | None
    previous_url: str | None
    next_url: str | None
    last_url: str | None


def blueprint(pages: RecordPages) -> Blueprint:
    """The routes of one kind of record."""
    folder = Path(inspect.getfile(pages.table.model)).parent / "templates"
    made = Blueprint(pages.name, __name__, url_prefix=f"/{pages.name}", template_folder=folder)
    views = RecordViews(pages)
    get, both = ["GET"], ["GET", "POST"]
    made.add_url_rule("", "index", views.index, methods=get)
    made.add_url_rule("/new", "new", views.new, methods=both)
    made.add_url_rule("/import", "import", ImportViews(pages).import_file, methods=both)
    made.add_url_rule("/<int:number>", "show", views.show, methods=get)
    made.add_url_rule("/<int:number>.json", "twin", views.twin, methods=get)
    if pages.coded:
        # Codes begin with a capital, so that they cannot be taken for `new` or `import`.
        made.add_url_rule("/<code>", "coded", views.coded, methods=get)
    if views.citing():
        made.add_url_rule("/<int:number>/cite", "cite", views.cite, methods=both)
    made.add_url_rule("/<int:number>/edit", "edit", views.edit, methods=both)
    made.add_url_rule("/<int:number>/delete", "delete", views.delete, methods=both)
    return made


class RecordViews:
    """The views of one kind of record."""

    def __init__(self, pages: RecordPages) -> None:
        self.pages = pages
        self.table = pages.table
        pages.check_sections()
        self.form_class = form_class(pages.table, pages.companions)
        self.filter_form = filter_form(pages.filters)

    def url(self, action: str, **values: Any) -> str:
        """The address of one of these pages."""
        return url_for(f"{self.pages.name}.{action}", **values)

    def usable_url(self, action: str, **values: Any) -> str | None:
        """The same; none where whoever asks may not use that page, or where there is none."""
        endpoint = f"{self.pages.name}.{action}"
        known = endpoint in current_app.view_functions
        return usable_url(endpoint, **values) if known else None

    def ask_day(self) -> None:
        """Take the day as of which things are shown from the address; 400 where it is none."""
        asked = request.args.get("on", "").strip()
        if asked and (self.pages.dated or "on" in self.pages.filters):
            try:
                as_of.set(read_day(asked))
            except Refusal as refusal:
                abort(400, _refusal(refusal))

    def load(self, number: int) -> Any:
        """The record of this number, or 404."""
        record = db().get(self.table.model, number, options=self.table.load)
        if record is None:
            self.say_gone(number)
        return record

    def say_gone(self, number: int) -> NoReturn:
        """404; where the record was deleted, with the way to its history."""
        if current_app.extensions["was_there"](db(), self.table.model, number):
            g.ways = [
                (
                    _("Its history, from which it can be brought back"),
                    url_for("history.of_record", plural=self.pages.name, number=number),
                )
            ]
            abort(404, _("This record was deleted."))
        abort(404)

    def wanted(self) -> dict[str, str]:
        """The filters that are set; an unknown one is a mistake in the address."""
        self.ask_day()
        known = {
            *self.pages.filters,
            "after",
            "sort",
            "per_page",
            *(("view", "year", "month") if self.other_views() else ()),
        }
        for name in request.args:
            if name not in known:
                abort(
                    400, _("The address has “%(name)s”, which this list does not know.", name=name)
                )
        wanted = {}
        for name, one in self.pages.filters.items():
            texts = [text.strip() for text in request.args.getlist(name) if text.strip()]
            if len(texts) > 1 and not one.repeats:
                abort(400, _("“%(name)s” stands twice in the address.", name=name))
            if texts:
                wanted[name] = "; ".join(texts)
        return wanted

    def sort(self) -> str | None:
        """The order that is asked for; None for the list's own."""
        wanted = request.args.get("sort", "").strip()
        if wanted and wanted not in self.pages.sorts:
            abort(400, _("This list has no order “%(sort)s”.", sort=wanted))
        return wanted or None

    def per_page(self) -> int:
        """How many rows a page is to have."""
        wanted = request.args.get("per_page", "").strip()
        if not wanted:
            return PAGE
        size = whole_number(wanted, MOST)
        if not size:
            abort(400, _("A page has 1 to %(most)s rows.", most=MOST))
        return size

    def kept(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """What the addresses of the list's other pages and files keep of this one's."""
        return {
            **wanted,
            **{name: request.args[name] for name in ("sort", "per_page") if request.args.get(name)},
        }

    def other_views(self) -> Mapping[str, ListView]:
        """Other ways to see this list, by the name that stands in the address."""
        views: Mapping[str, Mapping[str, ListView]] = current_app.extensions["list_views"]
        return views.get(self.pages.name, {})

    @needs(Right.READ)
    def index(self) -> ResponseReturnValue:
        """The list, page by page, or in another view of it."""
        wanted = self.wanted()
        view = request.args.get("view", "list")
        if view != "list":
            if view not in self.other_views():
                abort(400, _("This list has no view “%(view)s”.", view=view))
            try:
                return self.other_views()[view](self.pages.select(wanted, reading()), wanted)
            except FilterRefused as refused:
                abort(400, _refusal(refused))
        filters = self.filter_form(ImmutableMultiDict(request.args))
        status = 200
        try:
            query = self.pages.select(wanted, reading(), self.sort())
            count = count_rows(db(), query)
            sheet = self.sheet(query, count, wanted)
        except FilterRefused as refused:
            # The first party or date that cannot be read; the list is empty until it is mended.
            filters[refused.name].errors = [_refusal(refused)]
            count, sheet, status = 0, Sheet([], None, None, None, None), 422
        return render_template(
            self.pages.list_template,
            pages=self.pages,
            columns=[self.table[name] for name in self.pages.shown],
            page=sheet,
            count=count,
            filters=filters if self.pages.filters else None,
            active=self.active(wanted),
            wanted=wanted,
            reset_url=self.url("index"),
            sorts=self.sorts(wanted),
            csv_url=url_for(f"{self.pages.name}_csv", **self.file_address(wanted)),
            json_url=url_for(f"{self.pages.name}_json", **self.file_address(wanted)),
            new_url=self.usable_url("new"),
            import_url=self.usable_url("import"),
            other_views=[self.url("index", **{**wanted, "view": v}) for v in self.other_views()],
        ), status

    def file_address(self, wanted: Mapping[str, str]) -> dict[str, Any]:
        """The parameters of a file with all rows of the list, in its order."""
        sort = self.sort()
        return {**wanted, **({"sort": sort} if sort else {})}

    def sorts(self, wanted: Mapping[str, str]) -> list[tuple[str, str, bool]]:
        """The orders to choose from: word, address, and whether it is this one."""
        kept = {name: value for name, value in self.kept(wanted).items() if name != "sort"}
        now = self.sort()
        orders = [
            (str(label), self.url("index", **kept, sort=name), name == now)
            for name, (label, _order) in self.pages.sorts.items()
        ]
        return (
            [(_("usual order"), self.url("index", **kept), now is None), *orders] if orders else []
        )

    def active(self, wanted: Mapping[str, str]) -> list[Word]:
        """What is filtered, each with the address without it."""
        words = []
        for name, text in wanted.items():
            one = self.pages.filters[name]
            value = str(dict(one.choices).get(text, text))
            rest = {other: value for other, value in wanted.items() if other != name}
            words.append(Word(str(one.label), value, self.url("index", **self.kept(rest))))
        return words

    def sheet(self, query: Any, count: int, wanted: Mapping[str, str]) -> Sheet:
        """The page that the mark in the address stands for."""
        start = _start(request.args.get("after"))
        size = self.per_page()
        rows = list(db().scalars(query.offset(start).limit(size)))
        last = (max(count - 1, 0) // size) * size

        def at(place: int) -> str:
            mark = {"after": _mark(place)} if place else {}
            return self.url("index", **{**self.kept(wanted), **mark})

        return Sheet(
            rows,
            at(0) if start else None,
            at(max(start - size, 0)) if start else None,
            at(start + size) if start + size < count else None,
            at(last) if start < last else None,
        )

    @needs(Right.READ)
    def csv(self) -> ResponseReturnValue:
        """The same rows in the same order as a file."""
        try:
            query = self.pages.select(self.wanted(), reading(), self.sort())
        except FilterRefused as refused:
            abort(400, _refusal(refused))

        engine = current_app.extensions["engine"]

        day = as_of.get()

        def rows() -> Iterator[list[str]]:
            as_of.set(day)
            # The request is over before the last row is sent: the file has a session of its own.
            with Session(engine) as session:
                for record in session.scalars(query.execution_options(yield_per=500)):
                    yield self.table.cells(record)

        answer = Response(write_rows(self.table.header, rows()), mimetype="text/csv")
        answer.headers["Content-Disposition"] = f'attachment; filename="{self.pages.name}.csv"'
        return answer

    @needs(Right.READ)
    def show(self, number: int) -> ResponseReturnValue:
        """One record with all its facts."""
        self.ask_day()
        record = self.load(number)
        at_hand = reading()
        facts = {c.name: (c, self.fact(c, record)) for c in self.table.columns[1:]}
        return render_template(
            self.pages.show_template,
            pages=self.pages,
            record=record,
            title=self.pages.describe(record),
            facts=facts,
            evidence=current_app.extensions["evidence"](
                db(), self.pages.cited_as, number, {c.name: c.label for c in self.table.columns}
            ),
            more=[
                (word, address)
                for word, where in self.pages.more
                if (address := usable_url(where, number=number))
            ],
            cite_url=self.usable_url("cite", number=number) if self.citing() else None,
            json_url=self.url("twin", number=number),
            edit_url=self.usable_url("edit", number=number),
            delete_url=self.usable_url("delete", number=number),
            history_url=usable_url("history.of_record", plural=self.pages.name, number=number),
            warnings=list(self.table.warn(self.values(record), at_hand)),
            panels=[panel for make in self.pages.panels if (panel := make(record, at_hand))],
            **self.pages.present(record, at_hand),
        )

    @needs(Right.READ)
    def twin(self, number: int) -> ResponseReturnValue:
        """The record as JSON: the columns of its file, under their names."""
        record = self.load(number)
        return jsonify(dict(zip(self.table.header, self.table.cells(record), strict=True)))

    @needs(Right.READ)
    def coded(self, code: str) -> ResponseReturnValue:
        """One record by its code; another way of writing the code leads to the right address."""
        model = self.table.model
        number = db().scalar(select(model.id).where(model.code == code.upper()))
        if number is None:
            abort(404)
        if code != code.upper():
            return redirect(self.url("coded", code=code.upper()), 302)
        return self.show(number)

    def values(self, record: Any) -> dict[str, Any]:
        """What a record holds, by column."""
        return {column.name: column.get(record) for column in self.table.stored}

    def fact(self, column: Column, record: Any) -> Any:
        """What a page shows of a column: a text, or the rows of a list."""
        if isinstance(column, Items):
            return item_texts(column, record)
        return word_of(column, record)

    @needs(Right.EDIT)
    def new(self) -> ResponseReturnValue:
        """Record one."""
        form = self.form_class(request.form if request.method == "POST" else None)
        if request.method == "POST" and "rows" not in request.form:
            return self.save(form, None)
        if request.method == "POST":
            form.change_rows(request.form["rows"])
        else:
            form.start(request.args)
        return self.page(form, None)

    @needs(Right.EDIT)
    def edit(self, number: int) -> ResponseReturnValue:
        """Change one."""
        record = self.load(number)
        form = self.form_class(request.form if request.method == "POST" else None)
        if request.method == "POST" and "rows" not in request.form:
            return self.save(form, record)
        if request.method == "POST":
            form.change_rows(request.form["rows"])
        else:
            form.fill(record)
        return self.page(form, record)

    def page(self, form: RecordForm, record: Any, status: int = 200) -> ResponseReturnValue:
        """The form's page."""
        cancel = record_url(record) if record is not None else self.url("index")
        form.offer(reading())
        html = render_template(
            "web/record_form.html",
            pages=self.pages,
            form=form,
            record=record,
            cancel_url=cancel,
            recorded={one.name: one.present(db(), record) for one in form.companions},
            title=self.pages.describe(record) if record is not None else None,
        )
        return html, status

    def save(self, form: RecordForm, record: Any) -> ResponseReturnValue:
        """Read, check, write; the same page again where something is wrong."""
        at_hand = reading()
        at_hand.record = record
        with db().no_autoflush:
            outcome = form.read(at_hand)
            if outcome.problems:
                return self.page(form, record, 422)
            if record is not None and form.version.data != str(record.version):
                return self.stale(form, record)
            saved = record if record is not None else self.table.model()
            if record is None or self.table.differences(record, outcome.values):
                self.table.apply(saved, outcome.values)
            db().add(saved)
        try:
            form.attach(db(), saved, outcome)
            db().commit()
        except (IntegrityError, DataError) as error:
            db().rollback()
            form.show(explain(error, self.table))
            return self.page(form, self.load(record.id) if record is not None else None, 422)
        except StaleDataError:
            db().rollback()
            return self.stale(form, self.load(record.id))
        flash(_("Saved."))
        if request.form.get("save") == "another":
            return redirect(self.url("new"), 303)
        return redirect(self.url("show", number=saved.id), 303)

    def citing(self) -> list[Companion]:
        """What cites a source for a record of this kind; none where it is not cited."""
        return [one for one in self.pages.companions if one.name == "citation"]

    @needs(Right.EDIT)
    def cite(self, number: int) -> ResponseReturnValue:
        """Cite a source, recorded or new, for a record that is there."""
        record = self.load(number)
        if not self.citing():
            abort(404)
        form = form_class(self.table, self.citing(), own=False)(
            request.form if request.method == "POST" else None
        )
        status = 200
        if request.method == "POST":
            at_hand = reading()
            outcome = form.read(at_hand)
            if not outcome.problems and outcome.companions:
                form.attach(db(), record, outcome)
                db().commit()
                flash(_("Saved."))
                return redirect(record_url(record), 303)
            if not outcome.problems:
                form.show(Problem(("citation", "title"), N_("Name a source.")))
            status = 422
        else:
            form.start()
        return self.cite_page(form, record), status

    def cite_page(self, form: RecordForm, record: Any) -> str:
        """The page on which a source is cited."""
        form.offer(reading())
        return render_template(
            "web/cite.html",
            form=form,
            record=record,
            title=self.pages.describe(record),
            cancel_url=record_url(record),
        )

    def stale(self, form: RecordForm, record: Any) -> ResponseReturnValue:
        """The form again, after somebody else saved the record meanwhile."""
        flash(
            _(
                "Somebody else saved this record after you opened it. Nothing was overwritten, "
                "and what you typed is below. Open the record in another window to compare."
            ),
            "error",
        )
        return self.page(form, record, 409)

    @needs(Right.EDIT)
    def delete(self, number: int) -> ResponseReturnValue:
        """Ask, then delete; refused while others point at it."""
        record = self.load(number)
        blockers = [
            Word(self._called(p.record), "", record_url(p.record), p.count)
            for p in pointers(db(), record)
        ]
        if request.method == "POST" and not blockers:
            if request.form.get("version") != str(record.version):
                flash(_("This record was changed since you opened this page. Look again."), "error")
                return redirect(record_url(record), 303)
            db().delete(record)
            db().commit()
            flash(_("Deleted."))
            return redirect(self.url("index"), 303)
        html = render_template(
            "web/delete.html",
            record_name=self.pages.describe(record),
            blockers=blockers,
            version=record.version,
            cancel_url=record_url(record),
        )
        return html, 422 if request.method == "POST" else 200

    def _called(self, record: Any) -> str:
        pages: RecordPages = current_app.extensions["pages"][type(record)]
        return pages.describe(record)


def _refusal(refusal: Refusal) -> str:
    return _(refusal.message) % refusal.values if refusal.values else _(refusal.message)


def _mark(place: int) -> str:
    return base64.urlsafe_b64encode(f"p{place}".encode()).decode().rstrip("=")


def _start(mark: str | None) -> int:
    if mark is None:
        return 0
    try:
        text = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        text = ""
    if not text.startswith("p") or not text[1:].isdigit() or len(text) > 10:
        abort(400, _("The page mark in the address is not one of this site."))
    return int(text[1:])

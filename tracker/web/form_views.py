"""The forms of one kind of record: new, edit, cite, delete."""

from __future__ import annotations

from typing import Any, NoReturn

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from tracker.columns import Problem
from tracker.constraints import explain
from tracker.text import N_
from tracker.web.companions import Companion
from tracker.web.database import db, reading
from tracker.web.forms import RecordForm, form_class
from tracker.web.links import record_url
from tracker.web.list_views import ListViews, Word
from tracker.web.pages import RecordPages
from tracker.web.pointing import pointers
from tracker.web.rights import Right, needs


class FormViews(ListViews):
    """The forms of one kind of record."""

    def __init__(self, pages: RecordPages) -> None:
        super().__init__(pages)
        pages.check_sections()
        self.form_class = form_class(pages.table, pages.companions)

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
        except IntegrityError as error:
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

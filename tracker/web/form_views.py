"""The forms of one kind of record: new, edit, cite, delete."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NoReturn

from flask import abort, current_app, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from tracker.columns import Problem
from tracker.constraints import explain
from tracker.text import N_
from tracker.web.belongings import Belongings
from tracker.web.companions import Companion
from tracker.web.conflicts import choose, is_stale, merge_of, opened_at
from tracker.web.database import db, reading, stop_writing
from tracker.web.differing import changes_since
from tracker.web.forms import RecordForm, form_class
from tracker.web.links import numbered_url, record_url
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

    @cached_property
    def lists(self) -> Belongings:
        """The lists of a record, of which those that are empty need not be read."""
        return Belongings(self.table.model, {})

    def load(self, number: int) -> Any:
        """The record of this number, or 404."""
        record = self.find(number)
        if record is None:
            self.say_gone(number)
        return record

    def find(self, number: int) -> Any | None:
        """The record of this number, if it is there."""
        return self.lists.to_change(db(), number, self.table.load)

    def say_gone(self, number: int) -> NoReturn:
        """404; where the record was deleted, with the way to its history."""
        if self.was_there(number):
            g.ways = [
                (_("Its history, from which it can be brought back"), self.history_url(number))
            ]
            abort(404, _("This record was deleted."))
        abort(404)

    def was_there(self, number: int) -> bool:
        """Whether there was a record of this number, which was deleted."""
        found: bool = current_app.extensions["was_there"](db(), self.table.model, number)
        return found

    def history_url(self, number: int) -> str:
        """The address of a record's history."""
        return numbered_url("history.of_record", number, plural=self.pages.name)

    @needs(Right.EDIT)
    def new(self) -> ResponseReturnValue:
        """Record one."""
        form = self.form_class(request.form if request.method == "POST" else None)
        if request.method == "POST" and "rows" not in request.form:
            return self.save(form, None)
        if request.method == "POST":
            stop_writing()
            form.change_rows(request.form["rows"])
        else:
            form.start(request.args)
        return self.page(form, None)

    @needs(Right.EDIT)
    def edit(self, number: int) -> ResponseReturnValue:
        """Change one."""
        if request.method == "POST":
            return self.change(self.form_class(request.form), number)
        record = self.load(number)
        form = self.form_class()
        form.fill(record)
        return self.page(form, record)

    def change(self, form: RecordForm, number: int) -> ResponseReturnValue:
        """What a button of the form asks for: other rows, theirs or mine, or to save."""
        adding = "rows" in request.form
        if adding:
            stop_writing()
            form.change_rows(request.form["rows"])
        record = self.find(number)
        if record is None:
            return self.gone(form, number)
        if is_stale(form, record) and (form.opened.data or not adding):
            return self.stale(form, number)
        if form.opened.data and choose(form, record):
            return self.page(form, record)
        return self.page(form, record) if adding else self.save(form, record)

    def page(
        self, form: RecordForm, record: Any, status: int = 200, **more: Any
    ) -> ResponseReturnValue:
        """The form's page; of a merged form with what differs."""
        cancel = record_url(record) if record is not None else self.url("index")
        merged = record is not None and form.opened.data
        conflict = merge_of(form, record).conflict() if merged else None
        form.offer(reading())
        html = render_template(
            "web/record_form.html",
            pages=self.pages,
            form=form,
            record=record,
            cancel_url=cancel,
            recorded={one.name: one.present(db(), record) for one in form.companions},
            title=self.pages.describe(record) if record is not None else None,
            conflict=conflict,
            **more,
        )
        return html, status

    def save(self, form: RecordForm, record: Any) -> ResponseReturnValue:
        """Read, check, write; the same page again where something is wrong."""
        at_hand = reading()
        at_hand.record = record
        number = record.id if record is not None else 0
        with db().no_autoflush:
            outcome = form.read(at_hand)
            if outcome.problems:
                return self.refused(form, number)
            saved = record if record is not None else self.table.model()
            values = outcome.values
            if record is not None:
                # What is the same stays as it is: to set it would cost the flush a look at it.
                changed = {name for name, *_texts in self.table.differences(record, values)}
                values = {name: values[name] for name in changed}
            if record is None or values:
                self.table.apply(saved, values)
            db().add(saved)
        try:
            form.attach(db(), saved, outcome)
            db().commit()
        except (IntegrityError, DataError) as error:
            form.show(explain(error, self.table))
            return self.refused(form, number)
        except StaleDataError:
            # Somebody was first between our look and our save; reading may have changed the form.
            return self.stale(self.form_class(request.form), number)
        flash(_("Saved."))
        if request.form.get("save") == "another":
            return redirect(self.url("new"), 303)
        return redirect(self.url("show", number=saved.id), 303)

    def refused(self, form: RecordForm, number: int) -> ResponseReturnValue:
        """The form again, with what is wrong."""
        stop_writing()
        record = self.find(number) if number else None
        if number and record is None:
            return self.gone(form, number)
        return self.page(form, record, 422)

    def stale(self, form: RecordForm, number: int) -> ResponseReturnValue:
        """The form again, merged with what somebody else saved meanwhile."""
        stop_writing()
        record = self.find(number)
        if record is None:
            return self.gone(form, number)
        form.opened.data = ""
        merge_of(form, record).begin()
        return self.page(form, record, 409)

    def gone(self, form: RecordForm, number: int) -> ResponseReturnValue:
        """The form again, after somebody else deleted the record: it would be recorded anew."""
        stop_writing()
        if not self.was_there(number):
            abort(404)
        more = {"action_url": self.url("new"), "gone_url": self.history_url(number)}
        return self.page(form, None, 409, **more)

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

    @needs(Right.EDIT)
    def delete(self, number: int) -> ResponseReturnValue:
        """Ask, then delete; refused while others point at it, asked again when it was changed."""
        record = self.load(number)
        if request.method == "GET":
            return self.ask_to_delete(record, 200)
        if pointers(db(), record):
            return self.ask_to_delete(record, 422)
        if request.form.get("version") != str(record.version):
            return self.ask_to_delete(record, 409)
        try:
            db().delete(record)
            db().commit()
        except (IntegrityError, StaleDataError):
            db().rollback()
            return self.ask_to_delete(self.load(number), 409)
        flash(_("Deleted."))
        return redirect(self.url("index"), 303)

    def ask_to_delete(self, record: Any, status: int) -> ResponseReturnValue:
        """The page that asks; after somebody else saved the record, with what they changed."""
        opened = opened_at(record, request.form.get("version", "")) if status == 409 else None
        html = render_template(
            "web/delete.html",
            record_name=self.pages.describe(record),
            blockers=[
                Word(self._called(p.record), "", record_url(p.record), p.count)
                for p in pointers(db(), record)
            ],
            version=record.version,
            cancel_url=record_url(record),
            opened=opened,
            changes=changes_since(self.table, opened, record) if opened else [],
        )
        return html, status

    def _called(self, record: Any) -> str:
        pages: RecordPages = current_app.extensions["pages"][type(record)]
        return pages.describe(record)

"""All pages of one kind of record: its list, its forms, and the record itself."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, jsonify, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from tracker.columns import Column, Items
from tracker.web.database import db, reading
from tracker.web.form_views import FormViews
from tracker.web.links import usable_url
from tracker.web.rights import Right, needs
from tracker.web.site import item_texts, word_of


class RecordViews(FormViews):
    """The views of one kind of record."""

    @needs(Right.READ, recorded=True)
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
            history_url=self.history_url(number),
            warnings=list(self.table.warn(self.values(record), at_hand)),
            panels=[panel for make in self.pages.panels if (panel := make(record, at_hand))],
            **self.pages.present(record, at_hand),
        )

    @needs(Right.READ, recorded=True)
    def twin(self, number: int) -> ResponseReturnValue:
        """The record as JSON: the columns of its file, under their names."""
        record = self.load(number)
        return jsonify(dict(zip(self.table.header, self.table.cells(record), strict=True)))

    @needs(Right.READ, recorded=True)
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

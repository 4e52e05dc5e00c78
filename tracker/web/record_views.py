"""All pages of one kind of record: its list, its forms, and the record itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from flask import abort, current_app, jsonify, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from tracker.columns import Column, Items, Reading
from tracker.web.belongings import NUMBER, Belongings
from tracker.web.database import db, reading
from tracker.web.facts import Facts, Shown
from tracker.web.form_views import FormViews
from tracker.web.links import numbered_url, usable_url
from tracker.web.pages import Panel, Pointing
from tracker.web.rights import Right, needs
from tracker.web.site import item_texts, word_of


class RecordViews(FormViews):
    """The views of one kind of record."""

    @cached_property
    def belongings(self) -> Belongings:
        """What may belong to a record or point at it, and need not be asked for where it is not."""
        attested = current_app.extensions["attested"](self.pages.cited_as, NUMBER)
        panels = {
            f"panel_{place}": panel.points
            for place, panel in enumerate(self.pages.panels)
            if isinstance(panel, Pointing)
        }
        cited = {} if attested is None else {"cited": attested}
        return Belongings(self.table.model, {**cited, **panels})

    @needs(Right.READ, recorded=True)
    def show(self, number: int) -> ResponseReturnValue:
        """One record with all its facts."""
        self.ask_day()
        there = self.belongings.there(db(), number)
        record = self.belongings.load(db(), number, self.table.load, there)
        if record is None:
            self.say_gone(number)
        at_hand = reading()
        return render_template(
            self.pages.show_template,
            pages=self.pages,
            record=record,
            title=self.pages.describe(record),
            facts=Facts(self._columns, lambda column: self.fact(column, record)),
            evidence=current_app.extensions["evidence"](
                db(), self.pages.cited_as if "cited" in there else None, number, self.labels
            ),
            more=[
                (word, address)
                for word, where in self.pages.more
                if (address := usable_url(where, number=number))
            ],
            cite_url=self.usable_url("cite", number=number) if self.citing() else None,
            json_url=numbered_url(f"{self.pages.name}.twin", number),
            edit_url=self.usable_url("edit", number=number),
            delete_url=self.usable_url("delete", number=number),
            history_url=self.history_url(number),
            warnings=list(self.table.warn(self.values(record), at_hand)),
            panels=list(self.panels(record, at_hand, there)),
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

    def panels(self, record: Any, at_hand: Reading, there: frozenset[str]) -> Iterator[Panel]:
        """What other features show of a record, as far as there is anything."""
        for place, make in enumerate(self.pages.panels):
            if isinstance(make, Pointing) and f"panel_{place}" not in there:
                make = make.without
            panel = make(record, at_hand)
            if panel is not None:
                yield panel

    @cached_property
    def labels(self) -> dict[str, Any]:
        """What pages call the columns."""
        return {column.name: column.label for column in self.table.columns}

    @cached_property
    def _columns(self) -> dict[str, Column]:
        """The columns that a page shows: all but the record's number."""
        return {column.name: column for column in self.table.columns[1:]}

    def values(self, record: Any) -> dict[str, Any]:
        """What a record holds, by column."""
        return {column.name: column.get(record) for column in self.table.stored}

    def fact(self, column: Column, record: Any) -> Shown:
        """What a page shows of a column: a text, or the rows of a list."""
        if isinstance(column, Items):
            return item_texts(column, record)
        return word_of(column, record)

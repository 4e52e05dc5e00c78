"""The list of one kind of record, page by page, and its file."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict

from tracker.clock import as_of
from tracker.dates import read_day
from tracker.tabular import write_rows
from tracker.text import Refusal, whole_number
from tracker.web.database import db, reading, reading_engine
from tracker.web.forms import filter_form
from tracker.web.links import usable_url
from tracker.web.pages import FilterRefused, RecordPages
from tracker.web.pointing import count_rows
from tracker.web.rights import Right, needs
from tracker.web.site import problem_text

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


class ListViews:
    """The list of one kind of record, and what all its pages share."""

    def __init__(self, pages: RecordPages) -> None:
        self.pages = pages
        self.table = pages.table
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
                abort(400, problem_text(refusal))

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

    @needs(Right.READ, recorded=True)
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
                abort(400, problem_text(refused))
        filters = self.filter_form(ImmutableMultiDict(request.args))
        status = 200
        try:
            query = self.pages.select(wanted, reading(), self.sort())
            count = count_rows(db(), query)
            sheet = self.sheet(query, count, wanted)
        except FilterRefused as refused:
            # The first party or date that cannot be read; the list is empty until it is mended.
            filters[refused.name].errors = [problem_text(refused)]
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

    @needs(Right.READ, recorded=True)
    def csv(self) -> ResponseReturnValue:
        """The same rows in the same order as a file."""
        try:
            query = self.pages.select(self.wanted(), reading(), self.sort())
        except FilterRefused as refused:
            abort(400, problem_text(refused))

        engine = reading_engine()

        day = as_of.get()

        def rows() -> Iterator[list[str]]:
            as_of.set(day)
            # The request is over before the last row is sent: the file has a session of its own.
            # Whoever breaks the download off leaves no cursor open.
            streamed = query.execution_options(yield_per=500)
            with Session(engine) as session, session.scalars(streamed) as records:
                for record in records:
                    yield self.table.cells(record)

        answer = Response(write_rows(self.table.header, rows()), mimetype="text/csv")
        answer.headers["Content-Disposition"] = f'attachment; filename="{self.pages.name}.csv"'
        return answer


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

"""The list of one kind of record, page by page, and its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import Form

from tracker.clock import as_of
from tracker.dates import read_day
from tracker.exporting import WORDS
from tracker.text import Refusal, whole_number
from tracker.web.counts import Count, FacetShown, count_walk, spread
from tracker.web.database import db, reading
from tracker.web.forms import filter_form
from tracker.web.keyset import Walk
from tracker.web.links import list_url, usable_url
from tracker.web.pages import FilterRefused, RecordPages
from tracker.web.rights import Right, needs
from tracker.web.sheets import EMPTY, Sheet, labels_of, read_sheet
from tracker.web.site import problem_text

PAGE = 50
MOST = 200
# What stands in the address beside filters.
OF_LISTS = ("after", "before", "sort", "per_page", "facets")
ListView = Callable[[Any, Mapping[str, str]], ResponseReturnValue]


@dataclass(frozen=True)
class Word:
    """A filter that is set, as a removable word; also a record that stands in the way."""

    label: str
    value: str
    url: str
    count: int = 1


def _asked(name: str) -> str:
    """What the address asks for by this name."""
    # A look for what is not there has Werkzeug make an error each time.
    args = request.args
    return args[name].strip() if name in args else ""


class ListViews:
    """The list of one kind of record, and what all its pages share."""

    def __init__(self, pages: RecordPages) -> None:
        self.pages = pages
        self.table = pages.table
        self.filter_form = filter_form(pages.filters)

    def url(self, action: str, **values: Any) -> str:
        """The address of one of these pages."""
        return url_for(f"{self.pages.name}.{action}", **values)

    def list_url(self, values: Mapping[str, str]) -> str:
        """The address of the list, with what is wanted of it."""
        return list_url(f"{self.pages.name}.index", values)

    def usable_url(self, action: str, **values: Any) -> str | None:
        """The same; none where whoever asks may not use that page, or where there is none."""
        endpoint = f"{self.pages.name}.{action}"
        known = endpoint in current_app.view_functions
        return usable_url(endpoint, **values) if known else None

    def ask_day(self) -> None:
        """Take the day as of which things are shown from the address; 400 where it is none."""
        asked = _asked("on")
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
            *OF_LISTS,
            *(("view", "year", "month") if self.other_views() else ()),
        }
        args = request.args
        for name in args:
            if name not in known:
                abort(
                    400, _("The address has “%(name)s”, which this list does not know.", name=name)
                )
        wanted = {}
        for name, one in self.pages.filters.items():
            if name not in args:
                continue
            texts = [text.strip() for text in args.getlist(name) if text.strip()]
            if len(texts) > 1 and not one.repeats:
                abort(400, _("“%(name)s” stands twice in the address.", name=name))
            if texts:
                wanted[name] = "; ".join(texts)
        return wanted

    def filters_asked(self) -> Form:
        """The form beside the list, with what is asked for."""
        asked = request.args
        some = any(name in asked for name in self.pages.filters)
        return self.filter_form(ImmutableMultiDict(asked)) if some else self._nothing_asked

    @cached_property
    def _nothing_asked(self) -> Form:
        """The form in which nothing is set; it is the same each time, and only looked at."""
        return self.filter_form(ImmutableMultiDict())

    def sort(self) -> str | None:
        """The order that is asked for; None for the list's own."""
        wanted = _asked("sort")
        if wanted and wanted not in self.pages.sorts:
            abort(400, _("This list has no order “%(sort)s”.", sort=wanted))
        return wanted or None

    def per_page(self) -> int:
        """How many rows a page is to have."""
        wanted = _asked("per_page")
        if not wanted:
            return PAGE
        size = whole_number(wanted, MOST)
        if not size:
            abort(400, _("A page has 1 to %(most)s rows.", most=MOST))
        return size

    def kept(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """What the addresses of the list's other pages and files keep of this one's."""
        args = request.args
        names = ("sort", "per_page", "facets")
        more = {name: text for name in names if name in args and (text := args[name])}
        return {**wanted, **more}

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
        filters = self.filters_asked()
        file_address = self.file_address(wanted)
        count, sheet, facets, status = Count(0), EMPTY, None, 200
        try:
            walk = self.pages.walk(wanted, reading(), self.sort())
            count, sheet = count_walk(db(), walk), self.sheet(walk, wanted)
            facets = self.facets(walk, count, wanted)
        except FilterRefused as refused:
            # The first party or date that cannot be read; the list is empty until it is mended.
            filters[refused.name].errors = [problem_text(refused)]
            status = 422
        return render_template(
            self.pages.list_template,
            pages=self.pages,
            labels=labels_of(self.pages),
            page=sheet,
            count=count,
            filters=filters if self.pages.filters else None,
            rare={name for name, one in self.pages.filters.items() if one.rare},
            rare_open=any(one.rare and name in wanted for name, one in self.pages.filters.items()),
            facets=facets,
            facets_url=self.facets_url(wanted),
            active=self.active(wanted),
            wanted=wanted,
            reset_url=self.list_url({}),
            sorts=self.sorts(wanted),
            files=[
                (word, list_url(f"{self.pages.name}_{kind}", file_address))
                for kind, word in WORDS.items()
            ],
            new_url=self.usable_url("new"),
            import_url=self.usable_url("import"),
            other_views=[self.list_url({**wanted, "view": v}) for v in self.other_views()],
        ), status

    def facets(
        self, walk: Walk, count: Count, wanted: Mapping[str, str]
    ) -> list[FacetShown] | None:
        """What the records are about, once somebody asks for it; none for lists without."""
        asked = request.args.get("facets", "")
        if asked not in ("", "1") or (asked and self.pages.facets is None):
            abort(400, _("The address asks for counts that this list does not have."))
        if not asked or self.pages.facets is None:
            return None

        def url(more: Mapping[str, str]) -> str:
            return self.list_url({**self.kept(wanted), **more})

        return spread(self.pages.facets, walk, count, wanted, reading(), url)

    def facets_url(self, wanted: Mapping[str, str]) -> str | None:
        """Where the list stands with its facets, or without them where they are shown."""
        if self.pages.facets is None:
            return None
        kept = {name: text for name, text in self.kept(wanted).items() if name != "facets"}
        return self.list_url(kept if request.args.get("facets") else {**kept, "facets": "1"})

    def file_address(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """The parameters of a file with all rows of the list, in its order."""
        sort = self.sort()
        return {**wanted, **({"sort": sort} if sort else {})}

    def sorts(self, wanted: Mapping[str, str]) -> list[tuple[str, str, bool]]:
        """The orders to choose from: word, address, and whether it is this one."""
        if not self.pages.sorts:
            return []
        kept = {name: value for name, value in self.kept(wanted).items() if name != "sort"}
        now = self.sort()
        orders = [
            (str(label), self.list_url({**kept, "sort": name}), name == now)
            for name, (label, _order) in self.pages.sorts.items()
        ]
        return [(_("usual order"), self.list_url(kept), now is None), *orders]

    def active(self, wanted: Mapping[str, str]) -> list[Word]:
        """What is filtered, each with the address without it."""
        words = []
        for name, text in wanted.items():
            one = self.pages.filters[name]
            value = str(dict(one.choices).get(text, text))
            rest = {other: value for other, value in wanted.items() if other != name}
            words.append(Word(str(one.label), value, self.list_url(self.kept(rest))))
        return words

    def sheet(self, walk: Walk, wanted: Mapping[str, str]) -> Sheet:
        """The page that the mark in the address stands for."""
        address = self.kept(wanted)

        def url(**mark: str) -> str:
            return self.list_url({**address, **mark})

        return read_sheet(
            self.pages, walk, reading(), sort=self.sort(), size=self.per_page(), url=url
        )

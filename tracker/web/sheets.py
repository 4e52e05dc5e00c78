"""One page of a list: its rows, and the marks that lead to its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import abort, current_app, request, url_for
from flask_babel import gettext as _

from tracker.columns import Reading
from tracker.web.keyset import MarkRefused, Place, Walk, places, read_mark, write_mark
from tracker.web.pages import RecordPages
from tracker.web.site import texts_of

# The mark of the list's end, from which its last page is read backwards.
END = "end"


@dataclass(frozen=True)
class Row:
    """A record as a row of the table of all lists: its address, its name, its other cells."""

    url: str
    title: str
    cells: Sequence[tuple[str, str]]


@dataclass
class Sheet:
    """One page of a list, and the addresses of its neighbours."""

    items: Sequence[Any]
    first_url: str | None = None
    previous_url: str | None = None
    next_url: str | None = None
    last_url: str | None = None
    pages: RecordPages | None = None

    @cached_property
    def rows(self) -> list[Row]:
        """The records in words, for the table of all lists."""
        assert self.pages is not None
        pages, (_first, *others) = self.pages, self.pages.shown
        columns = [pages.table[name] for name in others]
        labels = [str(column.label) for column in columns]
        cells = zip(*(texts_of(column, self.items) for column in columns), strict=True)
        # Addresses of records differ by their number only.
        pattern = url_for(f"{pages.name}.show", number=0)
        before = pattern[: pattern.rindex("0")]
        return [
            Row(f"{before}{item.id}", pages.describe(item), list(zip(labels, texts, strict=True)))
            for item, texts in zip(self.items, cells, strict=True)
        ]


EMPTY = Sheet([])


def read_sheet(
    pages: RecordPages,
    walk: Walk,
    reading: Reading,
    *,
    sort: str | None,
    size: int,
    url: Callable[..., str],
) -> Sheet:
    """The page that the mark in the address stands for; 400 where there is no such mark."""
    name, text = _mark_asked()
    secret, order = current_app.config["SECRET_KEY"], f"{pages.name} {sort or ''}"
    edge = None if text in ("", END) else _read(text, secret, order, len(walk.order))
    back = name == "before"
    # One row more than the page has tells whether there is a page behind it.
    found = places(reading.session, walk, size=size + 1, edge=edge, backwards=back)
    more = len(found) > size
    shown = found[-size:] if back else found[:size]

    def mark(name: str, place: Place) -> str:
        return url(**{name: write_mark(place, secret, order)})

    before = more if back else edge is not None
    after = edge is not None if back else more
    return Sheet(
        pages.listed([place.number for place in shown], reading),
        url() if before or (not shown and text) else None,
        mark("before", shown[0]) if before and shown else None,
        mark("after", shown[-1]) if after and shown else None,
        url(before=END) if after or (not shown and text) else None,
        pages,
    )


def _mark_asked() -> tuple[str, str]:
    """Whether the address asks for rows after a mark or before one, and the mark."""
    after, before = (request.args.get(name, "").strip() for name in ("after", "before"))
    if (after and before) or after == END:
        abort(400, _("The page mark in the address is not one of this list."))
    return ("before", before) if before else ("after", after)


def _read(text: str, secret: str, order: str, stretches: int) -> Place:
    try:
        place = read_mark(text, secret, order)
    except MarkRefused:
        abort(400, _("The page mark in the address is not one of this list in this order."))
    if place.stretch >= stretches:
        abort(400, _("The page mark in the address is not one of this list in this order."))
    return place

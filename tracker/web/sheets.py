"""One page of a list: its rows, and the marks that lead to its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from tracker.columns import Column, Dated, Reading
from tracker.web.escaping import escaped
from tracker.web.keyset import MarkRefused, Place, Walk, read_mark, write_mark
from tracker.web.pages import RecordPages
from tracker.web.site import texts_of
from tracker.web.speaking import language
from tracker.web.walking import places

# The mark of the list's end, from which its last page is read backwards.
END = "end"
# Enough for each list in some ten languages.
KEPT_LABELS = 200


@dataclass
class Sheet:
    """One page of a list, and the addresses of its neighbours."""

    items: Sequence[Any]
    first_url: str | None = None
    previous_url: str | None = None
    next_url: str | None = None
    last_url: str | None = None
    pages: RecordPages | None = None

    @property
    def rows(self) -> Markup:
        """The rows of the table of all lists.

        They are put together here, and not in a template, since each cell would cost it more than
        its query.
        """
        assert self.pages is not None
        pages = self.pages
        columns = [pages.table[name] for name in pages.shown]
        title, *labels = labels_of(pages)
        # Addresses of records differ by their number only.
        address = url_for(f"{pages.name}.show", number=0)
        start = (
            f'<tr><td data-label="{title}" class="title"><a class="row-link"'
            f' href="{escape(address[: address.rindex("0")])}'
        )
        names = escaped(map(pages.describe, self.items))
        lines = [
            f'{start}{item.id}"><span class="two-lines">{name}</span></a></td>'
            for item, name in zip(self.items, names, strict=True)
        ]
        cells = [
            [f"{begin}{text}</td>" for text in escaped(texts_of(column, self.items))]
            for begin, column in (
                (f'<td data-label="{label}"{_class(column)}>', column)
                for label, column in zip(labels, columns[1:], strict=True)
            )
        ]
        rows = zip(lines, *cells, strict=True)
        return Markup("\n".join(f"{''.join(row)}</tr>" for row in rows))  # noqa: S704 - escaped


def _class(column: Column) -> str:
    return ' class="date"' if isinstance(column, Dated) else ""


_LABELS: dict[tuple[str, str], Sequence[Markup]] = {}


def labels_of(pages: RecordPages) -> Sequence[Markup]:
    """The words above the columns of a list; they are the same each time, in each language."""
    key = (language(), pages.name)
    kept = _LABELS.get(key)
    if kept is None:
        kept = [escape(pages.table[name].label) for name in pages.shown]
        if len(_LABELS) < KEPT_LABELS:
            _LABELS[key] = kept
    return kept


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
    args = request.args
    after, before = (args[name].strip() if name in args else "" for name in ("after", "before"))
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

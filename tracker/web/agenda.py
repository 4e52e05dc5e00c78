"""Lists of what is due or happened, as pages show them under each other.

They are put together here, and not in a template, since each line would cost it more than its
query.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Protocol

from flask import Flask, current_app
from markupsafe import Markup, escape

from tracker.web.pages import PanelLine

_FIELDS = 5


def init_app(app: Flask) -> None:
    """Let templates ask for such lists."""
    app.jinja_env.globals.update(agenda_lines=agenda, timeline_lines=timeline)


class Event(Protocol):
    """Something that happened to the record of a page."""

    @property
    def date(self) -> str:
        """When, in words."""

    @property
    def label(self) -> str:
        """What happened."""

    @property
    def shape(self) -> str:
        """The sign that stands before it."""


def timeline(events: Iterable[Event]) -> Markup:
    """A list of what happened to one record."""
    lines = "\n".join(
        f'<li><p class="date">{escape(one.date)}</p>'
        f"<p>{_state(one.shape, escape(one.label))}</p></li>"
        for one in events
    )
    return Markup(f'<ol class="agenda">\n{lines}\n</ol>')  # noqa: S704 - escaped


def agenda(lines: Sequence[PanelLine]) -> Markup:
    """A list of lines; each has a date or a state or neither, a title, a word and a note."""
    shown = "\n".join(map(_line, lines, _escaped(lines)))
    return Markup(f'<ol class="agenda">\n{shown}\n</ol>')  # noqa: S704 - escaped


def _escaped(lines: Sequence[PanelLine]) -> Iterator[tuple[str, ...]]:
    """Date, title, address, word and note of each, as they stand in a page.

    Escaped all at once, parted by what no text may hold.
    """
    texts = [
        text.replace("\x00", "")
        for line in lines
        for text in (line.date, line.title, line.url or "", line.word, line.note)
    ]
    each = iter(str(escape("\x00".join(texts))).split("\x00"))
    return zip(*[each] * _FIELDS, strict=True)


def _line(line: PanelLine, escaped: tuple[str, ...]) -> str:
    date, title, url, word, note = escaped
    if line.shape:
        begin = f'<li><p class="date">{_state(line.shape, date)}</p>'
    elif date:
        begin = f'<li><p class="date">{date}</p>'
    else:
        begin = '<li class="agenda-plain">'
    name = f'<a href="{url}">{title}</a>' if url else title
    more = f"{word} · {note}" if word and note else word or note
    return f'{begin}<div><p>{name}</p><p class="quiet-text">{more}</p></div></li>'


def _state(shape: str, word: str) -> str:
    """A sign and the word for it, or its day; the latter is escaped."""
    return f'<span class="state">{_sign(shape)} <span>{word}</span></span>'


@lru_cache(maxsize=32)
def _sign(shape: str) -> str:
    """The drawing of a shape, which is the same on all pages and in all languages."""
    macros: Any = current_app.jinja_env.get_template("web/macros/pages.html").module
    return str(macros.shape(shape))

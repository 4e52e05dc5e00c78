"""Lists of what is due or happened, as pages show them under each other.

They are put together here, and not in a template, since each line would cost it more than what it
says costs the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Protocol

from flask import Flask, current_app
from markupsafe import Markup, escape

from tracker.web.escaping import escaped
from tracker.web.pages import PanelLine

# More than there are.
SHAPES = 32


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
    items = "\n".join(
        f'<li><p class="date">{escape(one.date)}</p>'
        f"<p>{with_sign(one.shape, escape(one.label))}</p></li>"
        for one in events
    )
    return Markup(f'<ol class="agenda">\n{items}\n</ol>')  # noqa: S704 - escaped


def agenda(lines: Iterable[PanelLine]) -> Markup:
    """A list of lines; each has a date or a state or neither, a title, a word and a note."""
    items = "\n".join(_items(list(lines)))
    return Markup(f'<ol class="agenda">\n{items}\n</ol>')  # noqa: S704 - escaped


def _items(lines: Sequence[PanelLine]) -> Iterator[str]:
    dates = escaped(line.date for line in lines)
    titles = escaped(line.title for line in lines)
    urls = escaped(line.url or "" for line in lines)
    notes = escaped(_beside(line) for line in lines)
    for line, day, title, url, note in zip(lines, dates, titles, urls, notes, strict=True):
        if line.shape:
            start = f'<li><p class="date">{with_sign(line.shape, day)}</p>'
        elif day:
            start = f'<li><p class="date">{day}</p>'
        else:
            start = '<li class="agenda-plain">'
        named = f'<a href="{url}">{title}</a>' if url else title
        yield f'{start}<div><p>{named}</p><p class="quiet-text">{note}</p></div></li>'


def _beside(line: PanelLine) -> str:
    return f"{line.word} · {line.note}" if line.word and line.note else line.word or line.note


def with_sign(shape: str, word: str) -> str:
    """The sign of a state before a word, which is escaped already."""
    return f'<span class="state">{_sign(shape)} <span>{word}</span></span>'


@lru_cache(maxsize=SHAPES)
def _sign(shape: str) -> str:
    """The sign of a state, which looks the same in each language."""
    macros: Any = current_app.jinja_env.get_template("web/macros/pages.html").module
    return str(macros.shape(shape))

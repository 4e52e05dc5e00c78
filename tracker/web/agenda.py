"""Lists of what is due or happened, as pages show them under each other.

They are put together here, and not in a template, since each line would cost it more than its
query.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup, escape

from tracker.web.pages import PanelLine

_FIELDS = 5


def init_app(app: Flask) -> None:
    """Let templates ask for such a list."""
    app.jinja_env.globals["agenda_lines"] = agenda


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
        sign = _sign(line.shape)
        begin = f'<li><p class="date"><span class="state">{sign} <span>{date}</span></span></p>'
    elif date:
        begin = f'<li><p class="date">{date}</p>'
    else:
        begin = '<li class="agenda-plain">'
    name = f'<a href="{url}">{title}</a>' if url else title
    more = f"{word} · {note}" if word and note else word or note
    return f'{begin}<div><p>{name}</p><p class="quiet-text">{more}</p></div></li>'


@lru_cache(maxsize=32)
def _sign(shape: str) -> str:
    """The drawing of a shape, which is the same on all pages and in all languages."""
    macros: Any = current_app.jinja_env.get_template("web/macros/pages.html").module
    return str(macros.shape(shape))

"""What is due or was recorded, line by line.

The lines are put together here, and not in a template, since each would cost it more than what it
says costs the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup

from tracker.web.escaping import escaped
from tracker.web.pages import PanelLine

# More than there are.
SHAPES = 32


def agenda(lines: Iterable[PanelLine]) -> Markup:
    """The list of some lines."""
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

"""What a page is made of, without its words: no text may add to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.pages import Element, Page

# Attributes that hold words or numbers of the record: their names count, and not what they hold.
_WORDS = frozenset({"value", "title", "aria-label", "content", "placeholder", "label"})
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "data-options-url"})
_NUMBER = re.compile(r"\d+")


def skeleton(page: Element) -> list[str]:
    """The elements of a page in their order, with the names of their attributes.

    Values count where no words stand in them; of addresses counts where they lead to.
    """
    return [_bone(element) for element in page]


def _bone(element: Element) -> str:
    attributes = sorted(f"{n}={_value(n, v)}" for n, v in element.attrs.items())
    return f"<{element.tag} {' '.join(attributes)}>"


def _value(name: str, value: str) -> str:
    if name in _WORDS:
        return ""
    if name in _ADDRESSES:
        parts = urlsplit(value)
        value = f"{parts.scheme}:{parts.netloc}{parts.path}"
    return _NUMBER.sub("0", value)


def foreign(page: Page) -> Iterator[str]:
    """What can be on none of our pages, whatever was typed: scripts, styles, handlers, frames."""
    yield from page.faults
    for element in page:
        if element.tag in ("iframe", "object", "embed", "base", "style", "math", "frame"):
            yield f"<{element.tag}>"
        if element.tag == "script" and not element.attrs.get("src", "").startswith("/static/"):
            yield f"a script: {element.attrs}"
        for name, value in element.attrs.items():
            if name.startswith("on") or name in ("style", "srcdoc", "formaction", "ping"):
                yield f"{name}={value!r} on <{element.tag}>"
            if name in _ADDRESSES and not value.startswith(_OURS):
                yield f"{name}={value!r} on <{element.tag}> leads away"
    for meta in page.all("meta"):
        if "http-equiv" in meta.attrs:
            yield f"<meta http-equiv={meta.attrs['http-equiv']!r}>"


# Paths of this site, places on this page, and the harmless link that the records hold.
_OURS = ("/", "#", "?", "http://localhost/", "https://example.org/")


def words_of(page: Element) -> str:
    """All text of a page, as a browser takes it apart and as no reader folds it."""
    return page._raw_text()

"""Many texts made ready for a page at once."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import escape


def escaped(texts: Iterable[str]) -> list[str]:
    """Texts as they stand in a page. Escaped all at once, parted by what no text may hold."""
    found = [text.replace("\x00", "") for text in texts]
    return str(escape("\x00".join(found))).split("\x00") if found else []

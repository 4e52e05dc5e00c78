"""The names of files: what they hold, what is filtered, and the day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import quote

from anyascii import anyascii

MOST = 100


def disposition(name: str, filters: Iterable[str], day: date, ending: str) -> str:
    """The header Content-Disposition of a file (RFC 6266).

    What people typed goes into the name with its letters and figures only: no quote, slash or line
    break of theirs reaches the header. Letters that are not ASCII are spelt in ASCII for programs
    that know no `filename*` (RFC 8187).
    """
    words = "-".join(filter(None, (_word(text) for text in (name, *filters))))
    whole, plain = (f"{_cut(text)}-{day.isoformat()}.{ending}" for text in (words, anyascii(words)))
    extended = "" if whole == plain else f"; filename*=UTF-8''{quote(whole, safe='')}"
    return f'attachment; filename="{plain}"{extended}'


def _cut(text: str) -> str:
    return _word(text)[:MOST].rstrip("-")


def _word(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text).strip("-")

"""Pages, files and feeds that somebody has already are not made a second time: ETag and 304.

What a view shows that is declared `recorded` (see `tracker.web.rights`) follows from what is
recorded, the day, the address, who asks, the language, the program and its settings. The ETag is
made of these, before the view runs: whoever sends the present one gets 304 after two queries at
most. The state of what is recorded is read before the page, so a page may be newer than its tag
says, and is then made once more; it is never older.

A page also holds the token of its forms. It is good while the signed cookie is the same, whose part
in it is made with the first form that is shown: so that stands in the tag, too.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import cache
from importlib.metadata import version
from pathlib import Path

from flask import Flask, Response, current_app, g, request, session
from flask.typing import ResponseReturnValue

from tracker.clock import today
from tracker.counter import State, state_of
from tracker.web.database import db
from tracker.web.speaking import language

PACKAGE = Path(__file__).parent.parent
# What else decides what is written: words of languages, holidays, calendars, the form of a page.
LIBRARIES = ("Babel", "Flask", "holidays", "icalendar", "Jinja2", "python-dateutil", "WTForms")
FLASHED = "_flashes"
FORM_TOKEN = "csrf_token"  # noqa: S105


def init_app(app: Flask, settings: object) -> None:
    """Answer 304 where it holds; called after what recognises people and refuses addresses.

    ``settings`` are those that pages follow from.
    """
    app.extensions["written_by"] = _this_program() + repr(settings)
    app.before_request(_had_already)
    app.after_request(_tagged)


@cache
def _this_program() -> str:
    return digest_of(PACKAGE)


def digest_of(folder: Path) -> str:
    """A program as it is: its version alone stays the same while somebody works on it."""
    told = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", ".html", ".css", ".js", ".svg", ".mo"):
            told.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    told.update(repr([version(name) for name in LIBRARIES]).encode())
    return told.hexdigest()


def is_recorded() -> bool:
    """Whether this request only shows what is recorded."""
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method in ("GET", "HEAD") and bool(getattr(view, "recorded", False))


def _had_already() -> ResponseReturnValue | None:
    if not is_recorded():
        return None
    choose = current_app.extensions.get("choose_copy")
    state = choose() if choose else None
    look(state or state_of(db()))
    # Words that are shown once make another page, where it is a page that shows them.
    g.words_wait = FLASHED in session
    return Response(status=304) if _has_it() else None


def _has_it() -> bool:
    """Whether whoever asks names the answer that they would get."""
    if "If-None-Match" not in request.headers or "told" not in g or g.words_wait:
        return False
    sent = request.if_none_match
    return not sent.star_tag and sent.contains_weak(_tag())


def look(state: State | None) -> None:
    """Note the state that the answer is made from; without one, it has no tag."""
    g.pop("told", None)
    if state is not None:
        g.told = (
            current_app.extensions["written_by"],
            state,
            today(),
            request.url,
            language(),
            g.get("identity"),
        )


def _tag() -> str:
    """The tag of what was looked at, which tells nobody what it is made of."""
    told = repr((g.told, session.get(FORM_TOKEN)))
    key = str(current_app.secret_key).encode()
    return hmac.new(key, told.encode(), hashlib.sha256).hexdigest()[:40]


def _shows_words_once() -> bool:
    return g.words_wait and FLASHED not in session


def _tagged(answer: Response) -> Response:
    if (
        "told" in g
        and not _shows_words_once()
        and answer.status_code in (200, 304)
        and not answer.cache_control.no_store
        and "ETag" not in answer.headers
    ):
        # Byte for byte the same are feeds; tokens and archives hold the moment when they were made.
        feed = request.path.endswith(".ics")
        answer.set_etag(_tag(), weak=not feed)
    return answer

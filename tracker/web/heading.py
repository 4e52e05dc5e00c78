"""What stands above each page: the site's parts, the search, who is signed in, the languages.

It is the same on most pages that somebody sees, but for a token, an address and where the page
stands, and takes longer to write than many a page. So it is kept, with places for these.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from flask import Flask, current_app, g, render_template, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from tracker.web.links import list_url
from tracker.web.speaking import language

# So many are kept, each of some four kilobytes: a page of a kind for somebody.
MOST = 500
# What is put in anew each time. No text that somebody writes can hold the mark of a place.
_MARK = secrets.token_hex(16)
_PLACE = re.compile(f"{_MARK}-([a-z_]+)")


def init_app(app: Flask) -> None:
    """Let pages show it."""
    app.extensions["heading"] = lru_cache(maxsize=MOST)(_written)
    app.jinja_env.globals["site_header"] = _site_header


def _site_header() -> Markup:
    who = g.get("identity")
    seen_by = (who.name, who.role) if who else None
    kept: Callable[..., Sequence[str]] = current_app.extensions["heading"]
    parts = kept(language(), request.script_root, request.endpoint, request.blueprint, seen_by)
    shown = (PLACES[part]() if number % 2 else part for number, part in enumerate(parts))
    return Markup("".join(shown))  # noqa: S704 - escaped


def _written(*_followed_from: object) -> Sequence[str]:
    """Texts and, in each second place, what stands between them.

    The template may take nothing of the request but what it is kept by.
    """
    places = {name: f"{_MARK}-{name}" for name in PLACES}
    return _PLACE.split(render_template("web/header.html", **places))


def _token() -> Markup:
    return escape(generate_csrf())


def _here() -> Markup:
    return escape(request.full_path if request.method == "GET" else "")


def _sign_in_url() -> Markup:
    back = request.method == "GET" and request.blueprint not in ("accounts", "oidc")
    values = {"next": request.full_path.rstrip("?")} if back else {}
    return escape(list_url("accounts.sign_in", values))


PLACES: Mapping[str, Callable[[], Markup]] = {
    "token": _token,
    "here": _here,
    "sign_in_url": _sign_in_url,
}

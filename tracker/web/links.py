"""Addresses of records, for pages of every feature, and targets that stay on this site."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, request, url_for

Address = Callable[[int], str]
# More than there are, under one root.
KEPT = 1_000
# What Werkzeug does not encode behind the question mark, since browsers do not.
PLAIN = "!$'()*,/:;?@"


def init_app(app: Flask) -> None:
    """Let templates ask for addresses that are the same on every page without working them out."""
    app.extensions["addresses"] = {}
    app.jinja_env.globals["url_for"] = _address


def _address(endpoint: str, **values: Any) -> str:
    if endpoint.startswith(".") or (values and (endpoint != "static" or len(values) > 1)):
        return url_for(endpoint, **values)
    kept: dict[tuple[str, str, str], str] = current_app.extensions["addresses"]
    key = (request.script_root, endpoint, values.get("filename", ""))
    found = kept.get(key)
    if found is None:
        found = url_for(endpoint, **values)
        if len(kept) < KEPT:
            kept[key] = found
    return found


def list_url(endpoint: str, values: Mapping[str, str]) -> str:
    """The address of a page that takes nothing but what stands behind the question mark.

    It is the same as Flask's, which takes longer for all links of a list than its query does.
    """
    path = _address(endpoint)
    return f"{path}?{urlencode(values, safe=PLAIN)}" if values else path


def record_url(record: Any, action: str = "show") -> str:
    """The address of a record's page."""
    plural = current_app.extensions["pages"][type(record)].name
    return url_for(f"{plural}.{action}", number=record.id)


def addresses_of(model: type[Any]) -> Address:
    """The addresses of many records of a kind, by their number: they differ by nothing else."""
    plural = current_app.extensions["pages"][model].name
    start = url_for(f"{plural}.show", number=0).removesuffix("0")
    return lambda number: f"{start}{number}"


def usable_url(endpoint: str, **values: Any) -> str | None:
    """The address of a page; none where whoever asks may not use it."""
    usable = current_app.extensions["usable"]
    return url_for(endpoint, **values) if usable(endpoint) else None


def local_target(target: str) -> str:
    """Where to go next, if that is a path on this site; otherwise the start page.

    Browsers read a backslash as a slash and leave out tabs and line breaks, so that
    ``/\\evil.example`` and ``/<tab>/evil.example`` lead away (WHATWG URL, 4.4): none of them may
    stand in it anywhere.
    """
    return target if re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f-\x9f]*", target) else "/"

"""Addresses of records, for pages of every feature, and targets that stay on this site."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request, url_for

Address = Callable[[int], str]
# More than there are, under one root.
KEPT = 1_000


def init_app(app: Flask) -> None:
    """Let templates ask for addresses that are the same on every page without working them out."""
    kept: dict[tuple[str, str, str], str] = {}

    def address(endpoint: str, **values: Any) -> str:
        filename = values.get("filename", "")
        if endpoint.startswith(".") or (values and (endpoint != "static" or len(values) > 1)):
            return url_for(endpoint, **values)
        key = (request.script_root, endpoint, filename)
        if key not in kept:
            made = url_for(endpoint, **values)
            if len(kept) == KEPT:
                return made
            kept[key] = made
        return kept[key]

    app.jinja_env.globals["url_for"] = address


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

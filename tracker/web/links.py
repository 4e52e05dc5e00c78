"""Addresses of records, for pages of every feature, and targets that stay on this site."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request, url_for

from tracker.web.addresses import HIGHEST

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
    app.extensions["numbered"] = {}


def numbered_url(endpoint: str, number: int, **other: Any) -> str:
    """The address of a page of one record; those of other records differ by the number only."""
    before, after = _around_number(endpoint, **other)
    return f"{before}{number}{after}"


def _around_number(endpoint: str, **other: Any) -> tuple[str, str]:
    """What stands before and after the number in such addresses, worked out once."""
    kept: dict[tuple[Any, ...], tuple[str, str]] = current_app.extensions["numbered"]
    key = (request.script_root, endpoint, *other.values())
    if key not in kept:
        made = url_for(endpoint, number=HIGHEST, **other)
        before, _number, after = made.rpartition(str(HIGHEST))
        if len(kept) == KEPT:
            return before, after
        kept[key] = (before, after)
    return kept[key]


def record_url(record: Any, action: str = "show") -> str:
    """The address of a record's page."""
    plural = current_app.extensions["pages"][type(record)].name
    return numbered_url(f"{plural}.{action}", record.id)


def addresses_of(model: type[Any]) -> Address:
    """The addresses of many records of a kind, by their number: they differ by nothing else."""
    plural = current_app.extensions["pages"][model].name
    start, end = _around_number(f"{plural}.show")
    return lambda number: f"{start}{number}{end}"


def usable_url(endpoint: str, **values: Any) -> str | None:
    """The address of a page; none where whoever asks may not use it."""
    usable = current_app.extensions["usable"]
    if not usable(endpoint):
        return None
    return numbered_url(endpoint, **values) if "number" in values else url_for(endpoint, **values)


def local_target(target: str) -> str:
    """Where to go next, if that is a path on this site; otherwise the start page.

    Browsers read a backslash as a slash and leave out tabs and line breaks, so that
    ``/\\evil.example`` and ``/<tab>/evil.example`` lead away (WHATWG URL, 4.4): none of them may
    stand in it anywhere.
    """
    return target if re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f-\x9f]*", target) else "/"

"""Addresses of records, for pages of every feature, and targets that stay on this site."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, request, url_for

from tracker.web.addresses import HIGHEST

Address = Callable[[int], str]
# More than there are, under one root.
KEPT = 1_000
# What stands in an address as it is.
_PLAIN = re.compile(r"[A-Za-z0-9-]+")
# What Werkzeug does not encode behind the question mark, since browsers do not.
PLAIN = "!$'()*,/:;?@"


def init_app(app: Flask) -> None:
    """Let templates ask for addresses that are the same on every page without working them out."""
    app.extensions["addresses"] = {}
    app.extensions["around"] = {}
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


def numbered_url(endpoint: str, number: int, **other: str) -> str:
    """The address of a page of one record; those of other records differ by the number only.

    ``other`` are values of which there are few.
    """
    before, after = _around(endpoint, "number", HIGHEST, **other)
    return f"{before}{number}{after}"


def coded_url(endpoint: str, name: str, code: str) -> str:
    """The address of a page that takes one code; those of other codes differ by nothing else."""
    if not _PLAIN.fullmatch(code):
        return url_for(endpoint, **{name: code})  # type: ignore[arg-type]
    before, after = _around(endpoint, name, "CODE")
    return f"{before}{code}{after}"


def _around(endpoint: str, name: str, stand_in: int | str, **other: Any) -> tuple[str, str]:
    """What stands before and after one value in such addresses, worked out once."""
    kept: dict[tuple[Any, ...], tuple[str, str]] = current_app.extensions["around"]
    key = (request.script_root, endpoint, name, *other.items())
    if key not in kept:
        values: dict[str, Any] = {name: stand_in, **other}
        made = url_for(endpoint, **values)
        before, _stand_in, after = made.rpartition(str(stand_in))
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
    start, end = _around(f"{plural}.show", "number", HIGHEST)
    return lambda number: f"{start}{number}{end}"


def usable_url(endpoint: str, **values: Any) -> str | None:
    """The address of a page; none where whoever asks may not use it."""
    usable = current_app.extensions["usable"]
    if not usable(endpoint):
        return None
    return (
        numbered_url(endpoint, **values) if [*values] == ["number"] else url_for(endpoint, **values)
    )


def local_target(target: str) -> str:
    """Where to go next, if that is a path on this site; otherwise the start page.

    Browsers read a backslash as a slash and leave out tabs and line breaks, so that
    ``/\\evil.example`` and ``/<tab>/evil.example`` lead away (WHATWG URL, 4.4): none of them may
    stand in it anywhere.
    """
    return target if re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f-\x9f]*", target) else "/"

"""The fields of a list's filters, kept where they look the same each time."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import current_app, request
from markupsafe import Markup
from wtforms import Form

from tracker.web.speaking import language

# Enough for each list in some ten languages.
KEPT = 2_000

_kept: dict[tuple[str, str, type[Form], str], Markup] = {}


def filter_fields(form: Form, rare: Collection[str], wanted: bool) -> Markup:
    """The fields of a list's filters: the rare ones, or the others.

    An empty field looks the same each time, and is kept in each language; so are all fields of a
    form in which nothing is set.
    """
    where = (language(), request.script_root, type(form))
    chosen = [field for field in form if (field.name in rare) is wanted]
    every = (*where, " ".join(field.id for field in chosen))
    empty = all(map(_is_empty, chosen))
    if empty and (kept := _kept.get(every)) is not None:
        return kept
    shown = Markup("").join(_filter_field(field, (*where, field.id)) for field in chosen)
    if empty and len(_kept) < KEPT:
        _kept[every] = shown
    return shown


def _is_empty(field: Any) -> bool:
    return not field.data and not field.errors


def _is_chosen(field: Any) -> bool:
    choices = getattr(field, "choices", None) or ()
    return any(choice[0] == field.data for choice in choices)


def _filter_field(field: Any, key: tuple[str, str, type[Form], str]) -> Markup:
    keeps = _is_empty(field)
    if not keeps and not field.errors and _is_chosen(field):
        # One of a closed list looks the same each time, too.
        keeps, key = True, (*key[:3], f"{field.id}={field.data}")
    if keeps and (kept := _kept.get(key)) is not None:
        return kept
    macros: Any = current_app.jinja_env.get_template("web/macros/forms.html").module
    shown = Markup(macros.field(field))  # noqa: S704 - a macro has escaped it
    if keeps and len(_kept) < KEPT:
        _kept[key] = shown
    return shown

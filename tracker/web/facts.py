"""The facts of a record, as its page shows them: each column with what it holds and its evidence.

They are put together here, and not in a template, since each of them would cost it a call of two
macros.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from flask import Flask, current_app
from flask_babel import gettext as _
from markupsafe import Markup, escape

from tracker.columns import Column
from tracker.columns.cells import Label, is_web_address

# What a page shows of a column: a text, or the rows of a list, each in parts.
Shown = str | Sequence[Sequence[str]]


class Attested(Protocol):
    """The evidence of a record."""

    @property
    def lettered(self) -> Sequence[Any]:
        """Its sources; empty where nothing is cited."""

    def of(self, *names: str) -> Sequence[Any]:
        """The citations of columns."""


class Facts(Mapping[str, tuple[Column, Shown]]):
    """By name: a column and what a page shows of it, worked out when it is asked for."""

    def __init__(self, columns: Mapping[str, Column], show: Callable[[Column], Shown]) -> None:
        self._columns = columns
        self._show = show

    def __getitem__(self, name: str) -> tuple[Column, Shown]:
        column = self._columns[name]
        return column, self._show(column)

    def label(self, name: str) -> Label:
        """What pages call a column."""
        return self._columns[name].label

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def init_app(app: Flask) -> None:
    """Let templates ask for the facts of some columns."""
    app.jinja_env.globals["fact_rows"] = fact_rows


def fact_rows(
    names: Iterable[str],
    facts: Facts,
    evidence: Attested,
    instead: Mapping[str, Shown] = MappingProxyType({}),
) -> Markup:
    """The facts of some columns under each other; what is empty says that it is not known.

    ``instead`` is what some columns show that is worked out otherwise, such as links.
    """
    cited = bool(evidence.lettered)
    rows = []
    for name in names:
        shown = instead[name] if name in instead else facts[name][1]
        # An empty list has no evidence.
        marks = _marks(evidence.of(name)) if cited and (shown or isinstance(shown, str)) else ""
        value = f"<dd>{_value(shown)}{marks}</dd>"
        rows.append(f'<div class="fact"><dt>{escape(facts.label(name))}</dt>{value}</div>')
    return Markup("\n".join(rows))  # noqa: S704 - escaped


def _value(shown: Shown) -> str:
    if not shown:
        return f'<span class="unknown">{Markup(_("not known"))}</span>'  # noqa: S704 - as in a template
    if isinstance(shown, str):
        return escape(shown)
    return in_lines(" · ".join(filter(None, parts)) for parts in shown)


def in_lines(texts: Iterable[str]) -> Markup:
    """Texts or markup as the lines of a list; nothing where there are none."""
    lines = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return Markup(f"<ul>{lines}</ul>" if lines else "")  # noqa: S704 - escaped


def anchor(address: str, text: str) -> Markup:
    """A link to a page of this site."""
    return Markup(f'<a href="{escape(address)}">{escape(text)}</a>')  # noqa: S704 - escaped


def outer_link(address: str) -> Markup:
    """A link to another site; only its address, where pages may not show that as a link."""
    if not is_web_address(address):
        return escape(address)
    shown = escape(address)
    return Markup(f'<a href="{shown}" rel="noreferrer">{shown}</a>')  # noqa: S704 - escaped


def _marks(citations: Sequence[Any]) -> str:
    macros: Any = current_app.jinja_env.get_template("web/macros/pages.html").module
    return str(macros.marks(citations)) if citations else ""

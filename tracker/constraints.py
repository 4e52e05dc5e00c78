"""What a constraint of the schema means in words, where it is the last to say no."""

from __future__ import annotations

import re

from sqlalchemy.exc import DBAPIError

from tracker.columns import Problem, Table
from tracker.text import N_

_MEANINGS: dict[str, tuple[str, str]] = {}


def means(name: str, column: str, message: str) -> None:
    """Let a named constraint be shown at a column, with a message."""
    _MEANINGS[name] = (column, message)


def explain(error: DBAPIError, table: Table | None = None) -> Problem:
    """The problem that a refused write stands for."""
    said = str(error.orig)
    for name, (column, message) in _MEANINGS.items():
        if re.search(rf"\b{re.escape(name)}\b", said):
            return Problem((column,), message)
    if "foreign key" in said.lower():
        return Problem(("",), N_("Something that this points at is not there any more."))
    if "unique" in said.lower():
        return Problem(("",), N_("There is another record with the same values."))
    return Problem(("",), N_("The database refused this: %(reason)s"), {"reason": said[:300]})

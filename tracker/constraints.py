"""What a constraint of the schema means in words, where it is the last to say no.

Constraints that say something of their own have a meaning, set beside the columns by `means`.
Those of a family (the length of a text, the ends of a date, a closed list, a value that is
needed, a row that is in a list twice) are explained together here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import CheckConstraint, Constraint, Enum, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy import Table as SqlTable
from sqlalchemy.exc import DBAPIError

from tracker.columns import Codes, Items, Names, Problem, Table
from tracker.db import Base
from tracker.text import N_

_MEANINGS: dict[str, tuple[str, str]] = {}


def means(name: str, column: str, message: str) -> None:
    """Let a named constraint be shown at a column, with a message."""
    _MEANINGS[name] = (column, message)


def explain(error: DBAPIError, table: Table | None = None) -> Problem:
    """The problem that a refused write stands for; ``table`` says in which column it is shown."""
    name = violated(error)
    if name in _MEANINGS:
        column, message = _MEANINGS[name]
        return Problem((column,), message)
    constraint = _constraints().get(name)
    found = general(constraint) if constraint is not None else _needed(error)
    if found is not None:
        (where, column), message, values = found
        return Problem((_shown_in(where, column, table),), message, {"name": column, **values})
    said = str(error.orig)
    if "foreign key" in said.lower():
        return Problem(("",), N_("Something that this points at is not there any more."))
    return Problem(("",), N_("The database refused this: %(reason)s"), {"reason": said[:300]})


def violated(error: DBAPIError) -> str:
    """The name of the constraint that an error is about; empty where it is about none."""
    told = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    if told:
        return str(told)
    said = re.search(r"(CHECK|UNIQUE) constraint failed: (.+)", str(error.orig))
    if said is None:
        return ""
    # SQLite names a CHECK, and of a UNIQUE only the columns.
    return said[2] if said[1] == "CHECK" else _unique_names().get(said[2], "")


Place = tuple[str, str]
Explained = tuple[Place, str, dict[str, object]]


def general(constraint: Constraint) -> Explained | None:
    """The table and column, the message and its values for a constraint of a family."""
    table = constraint.table
    if isinstance(constraint, PrimaryKeyConstraint):
        message = N_("Another record has this %(name)s.")
        return ((table.name, "id"), message, {}) if "id" in constraint.columns else _twice(table)
    short = str(constraint.name).removeprefix(f"ck_{table.name}_")
    for column in table.columns:
        if isinstance(column.type, Enum) and column.type.name == short:
            message = N_("The value of “%(name)s” is not in its list: %(choices)s.")
            return (table.name, column.name), message, {"choices": ", ".join(column.type.enums)}
        if f"{column.name}_length" == short:
            message = N_("“%(name)s” is empty or has more than %(limit)s characters.")
            return (table.name, column.name), message, {"limit": _limit(constraint)}
        if column.name == f"{short.removesuffix('_span')}_first" and short.endswith("_span"):
            message = N_("“%(name)s” is no date: its first day and its last day do not fit.")
            return (table.name, short.removesuffix("_span")), message, {}
    return None


def _twice(table: SqlTable) -> Explained:
    last = list(table.columns)[-1].name
    return (table.name, last), N_("This is in the list twice."), {}


def _limit(constraint: Constraint) -> str:
    assert isinstance(constraint, CheckConstraint)
    return str(constraint.sqltext).rpartition(" ")[2]


def _needed(error: DBAPIError) -> Explained | None:
    """What is said of a column that may not be empty."""
    diag = getattr(error.orig, "diag", None)
    said = re.search(r"NOT NULL constraint failed: (\w+)\.(\w+)", str(error.orig))
    place = (said[1], said[2]) if said else None
    if diag is not None and diag.sqlstate == "23502":
        place = (str(diag.table_name), str(diag.column_name))
    return (place, N_("“%(name)s” is empty. It is needed."), {}) if place else None


def _shown_in(where: str, column: str, table: Table | None) -> str:
    """The column of a page or file that holds a column of the database."""
    for shown in table.columns if table else ():
        if _holds(shown, where, column, table):
            return shown.name
    return ""


def _holds(shown: Any, where: str, column: str, table: Table | None) -> bool:
    if isinstance(shown, Items | Names | Codes):
        return bool(shown.model.__tablename__ == where)
    attribute = getattr(shown, "attribute", shown.name)
    own = table is not None and table.model.__tablename__ == where
    return own and column in (shown.name, attribute, f"{attribute}_id", f"{shown.name}_id")


def _constraints() -> dict[str, Constraint]:
    return {str(constraint.name): constraint for constraint in _all()}


def _unique_names() -> dict[str, str]:
    """SQLite's words for each key, and the key's name."""
    return {
        ", ".join(f"{one.table.name}.{column.name}" for column in one.columns): str(one.name)
        for one in _all()
        if isinstance(one, UniqueConstraint | PrimaryKeyConstraint)
    }


def _all() -> Iterator[Any]:
    for table in Base.metadata.tables.values():
        yield from table.constraints

"""Statements that are put together out of conditions once, and run again with other values.

To put a list's statement together, and to find out that it is one that is known, takes longer than
to run it. A condition knows what it is made of but for its values (its cache key): two lists of
which all conditions are made alike have the same statement.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import BindParameter, ClauseElement, Connection, Row, Select
from sqlalchemy.sql.visitors import replacement_traverse

# More than there are ways to filter lists that people use often.
MOST = 300


@dataclass(frozen=True)
class Kept:
    """A statement, and how it names the values that stand in its conditions."""

    statement: Select[Any]
    names: Sequence[str]


_kept: dict[Hashable, Kept] = {}
_lock = Lock()


def rows(
    connection: Connection,
    shape: tuple[Hashable, ...],
    parts: Sequence[ClauseElement],
    make: Callable[[], Select[Any]],
    **given: Any,
) -> Sequence[Row[Any]]:
    """The rows of the statement that ``make`` puts together.

    It must follow from nothing but the ``shape`` and the ``parts``, which are all conditions and
    columns that it holds; ``given`` are the values that it names itself.
    """
    keys = [part._generate_cache_key() for part in parts]
    made_of = [key for key in keys if key is not None]
    if len(made_of) < len(parts):
        # A part that does not say what it is made of.
        return connection.execute(make(), given).all()
    known = (shape, *(key.key for key in made_of))
    values = [value for key in made_of for value in key.bindparams]
    kept = _kept.get(known)
    if kept is None:
        kept = _named(make(), values)
        _keep(known, kept)
    named = zip(kept.names, values, strict=True)
    given |= {name: value.effective_value for name, value in named}
    return connection.execute(kept.statement, given).all()


def _named(statement: Select[Any], values: Sequence[BindParameter[Any]]) -> Kept:
    """A statement in which each value of its parts has a name by which it is given."""
    names = {id(value): f"value_{place}" for place, value in enumerate(values)}

    def rename(element: Any, **_options: Any) -> Any:
        name = names.get(id(element))
        if name is None:
            return None
        return BindParameter(
            name,
            type_=element.type,
            expanding=element.expanding,
            literal_execute=element.literal_execute,
            required=True,
        )

    renamed: Any = replacement_traverse(statement, {}, rename)
    return Kept(renamed, [names[id(value)] for value in values])


def _keep(known: Hashable, kept: Kept) -> None:
    with _lock:
        while len(_kept) >= MOST:
            # What was kept first; whoever still asks for it has it made again.
            del _kept[next(iter(_kept))]
        _kept[known] = kept

"""How the columns of a file are read: as our columns of the same name, as others, or not at all."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from tracker.columns import Table
from tracker.tabular import FileRefused
from tracker.text import N_, fold


def read_as(header: Sequence[str], wanted: Mapping[str, str], table: Table) -> tuple[str, ...]:
    """For each column of a file the name of ours, or nothing where it is left out.

    ``wanted`` says so for some of the file's columns; the others keep their names. Raises
    FileRefused for a name that the file or the record does not have.
    """
    for column, field in wanted.items():
        if column not in header:
            raise FileRefused(
                N_("The file has no column “%(name)s”. It has: %(known)s."),
                name=column,
                known=", ".join(header),
            )
        if field and field not in table.header:
            raise FileRefused(
                N_("“%(name)s” is no column of %(table)s. Known are: %(known)s."),
                name=field,
                table=table.name,
                known=", ".join(table.header),
            )
    return tuple(wanted.get(column, column) for column in header)


def likely(header: Sequence[str], table: Table) -> tuple[str, ...]:
    """For each column of a file our column that its name looks like, each of ours once."""
    known = {_key(name): column.name for column in table.columns for name in _names(column)}
    found = dict.fromkeys(range(len(header)), "")
    free = set(table.header)
    for cutoff in (1.0, 0.75):
        for index, name in enumerate(header):
            near = [known[k] for k in difflib.get_close_matches(_key(name), known, 3, cutoff)]
            fitting = [field for field in near if field in free]
            if not found[index] and fitting:
                found[index] = fitting[0]
                free.discard(fitting[0])
    return tuple(found.values())


def _names(column: object) -> tuple[str, str]:
    return str(getattr(column, "name", "")), str(getattr(column, "label", ""))


def _key(name: str) -> str:
    return fold(name.replace("_", " "))

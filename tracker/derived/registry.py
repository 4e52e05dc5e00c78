"""What is derived from what: each feature registers its own derivations here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, FromClause, delete, insert, select

Ids = Sequence[int]
Rows = Iterable[tuple[Any, ...]]


@dataclass(frozen=True)
class Reads:
    """A table that a derivation reads, and which records a row of it concerns.

    ``ids`` is a SELECT in plain SQL, the same for both databases, of one column ``id``, in which
    ``{row}`` stands for the row that was written: see `own`. With ``columns``, an UPDATE that
    leaves these as they are concerns nobody; the table must then have a column ``id``.
    """

    table: str
    ids: str
    columns: tuple[str, ...] = ()


def own(column: str) -> str:
    """The ids of the one record that a row names in a column."""
    return f"SELECT {{row}}.{column} AS id"


@dataclass(frozen=True)
class Derivation:
    """Rows that follow from records of one kind.

    ``work_out`` writes them anew for some records, of which some may be deleted by now; ``wrong``
    gives those among some records of which something else is written. Both take at most a batch
    of ids, and neither commits. A table is named once in ``reads``.
    """

    kind: str
    record: str
    reads: tuple[Reads, ...]
    work_out: Callable[[Connection, Ids], None]
    wrong: Callable[[Connection, Ids], Iterable[int]]


DERIVATIONS: list[Derivation] = []


def register(derivation: Derivation) -> Derivation:
    """Have the program keep a derivation right."""
    DERIVATIONS.append(derivation)
    return derivation


def replaced_rows(
    kind: str,
    record: str,
    reads: tuple[Reads, ...],
    table: FromClause,
    owner: str,
    rows: Callable[[Connection, Ids], Rows],
) -> Derivation:
    """A derivation whose rows are deleted and inserted: those that ``rows`` gives for records.

    A row has a value for each column of the table, in their order; ``owner`` is the column with
    the record's id.
    """
    names = [column.name for column in table.c]

    def work_out(connection: Connection, ids: Ids) -> None:
        connection.execute(delete(table).where(table.c[owner].in_(ids)))  # type: ignore[arg-type]
        if made := [dict(zip(names, row, strict=True)) for row in rows(connection, ids)]:
            connection.execute(insert(table), made)  # type: ignore[arg-type]

    def wrong(connection: Connection, ids: Ids) -> Iterable[int]:
        there = connection.execute(select(table).where(table.c[owner].in_(ids)))
        place = names.index(owner)
        return {row[place] for row in {tuple(row) for row in there} ^ set(rows(connection, ids))}

    return Derivation(kind, record, reads, work_out, wrong)

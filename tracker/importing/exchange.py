"""Rows of one file that exchange values which no two records share: numbers, codes, names.

A database looks at each row as it is written: of two sessions that swap their numbers the first
one written would take a number that the other still has. So all records that give up such a
value hold a parked one while the file is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm.attributes import flag_modified

from tracker.columns import Own, Reading, Table
from tracker.text import Refusal

Rows = Iterable[tuple[Any, Mapping[str, str]]]


def give_up(table: Table, rows: Rows, reading: Reading) -> None:
    """Park the values that records of a file give up; ``rows`` are records and their cells."""
    rows = list(rows)
    for own in table.own:
        ids = {record.id for record, given in rows if _moves(table, own, record, given, reading)}
        reading.leaving[own.attribute] = ids
        if ids:
            _park(table, own, ids, reading)


def _moves(table: Table, own: Own, record: Any, given: Mapping[str, str], reading: Reading) -> bool:
    for name in own.columns:
        column = table[name]
        try:
            after = column.format(column.read(given[name], reading)) if name in given else None
        except Refusal:
            return False
        if after is not None and after != column.format(column.get(record)):
            return True
    return False


def _park(table: Table, own: Own, ids: set[int], reading: Reading) -> None:
    target = table.model.__table__
    reading.session.connection().execute(
        update(target)
        .where(target.c.id == bindparam("number"))
        .values({own.attribute: bindparam("parked")}),
        [{"number": number, "parked": own.parked(number)} for number in sorted(ids)],
    )


def take_back(table: Table, record: Any, reading: Reading) -> None:
    """Let the next flush write what was parked, even where the record holds what it held."""
    for own in table.own:
        if reading.leaves(record, own.attribute):
            flag_modified(record, own.attribute)

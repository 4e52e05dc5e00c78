"""What changed, in words: the fields of a record before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tracker.columns import Column, Items, Table
from tracker.web.site import item_texts, word_of


@dataclass(frozen=True)
class Difference:
    """A field before and after: its lines, of a list only those that came or went."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def differences(table: Table, before: Any | None, after: Any | None) -> list[Difference]:
    """What differs between two states of a record; None for before it was and after it is gone."""
    found = []
    for column in table.stored:
        old, new = _lines(column, before), _lines(column, after)
        if old != new:
            found.append(_difference(column, old, new))
    return found


def _lines(column: Column, record: Any | None) -> tuple[str, ...]:
    if record is None:
        return ()
    if isinstance(column, Items):
        items = item_texts(column, record)
        return tuple(" · ".join(part for part in item if part) for item in items)
    said = word_of(column, record)
    return (said,) if said else ()


def _difference(column: Column, old: tuple[str, ...], new: tuple[str, ...]) -> Difference:
    """Of a list, what stayed is left out, unless only the order changed."""
    label = str(column.label)
    if isinstance(column, Items) and sorted(old) != sorted(new):
        gone = tuple(line for line in old if line not in new)
        come = tuple(line for line in new if line not in old)
        if gone or come:
            return Difference(label, gone, come)
    return Difference(label, old, new)


def facts(table: Table, record: Any) -> list[tuple[str, tuple[str, ...]]]:
    """All fields of a record with the lines that each has."""
    return [(str(column.label), _lines(column, record)) for column in table.stored]

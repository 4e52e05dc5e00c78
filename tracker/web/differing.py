"""Fields of a record in several versions: as it was opened, saved meanwhile, and typed."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.columns import Codes, Column, Items, Names, Table
from tracker.web.forms import Typed, typed_of
from tracker.web.site import items_texts, value_text

# So many lines that are the same in all versions are shown; more are counted only.
MOST_SAME = 3


@dataclass(frozen=True)
class Save:
    """Who saved a record, and when."""

    author: str
    at: datetime


@dataclass(frozen=True)
class Opened:
    """A record as somebody opened it (None where that is not known), and the saves since."""

    record: Any | None
    saves: Sequence[Save]


class Who(enum.StrEnum):
    """Who changed a field since it was opened."""

    THEM = "them"
    YOU = "you"
    BOTH = "both"
    SAME = "same"
    UNKNOWN = "unknown"


WHO = {
    Who.THEM: _l("changed by them"),
    Who.YOU: _l("changed by you"),
    Who.BOTH: _l("changed by both"),
    Who.SAME: _l("both the same"),
    Who.UNKNOWN: _l("different"),
}


@dataclass(frozen=True)
class Stand:
    """A field in one version: what a form shows, what that means, and what a page shows.

    ``means`` is the text that a file would hold, so that `9 March 2022` and `2022-03-09` are the
    same; None where what was typed cannot be read.
    """

    typed: Typed
    means: str | None
    lines: tuple[str, ...]

    def same(self, other: Stand) -> bool:
        """Whether both hold the same, however it was typed."""
        if self.means is not None and self.means == other.means:
            return True
        return bool(_plain(self.typed) == _plain(other.typed))


@dataclass(frozen=True)
class Line:
    """A line of a field; ``mark`` says whether it was `added` or is `gone` since it was opened."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class Cell:
    """A field in one version: its lines, and how many more are the same in all versions."""

    lines: tuple[Line, ...]
    more: int = 0
    unchanged: bool = False


@dataclass(frozen=True)
class Difference:
    """A field that differs, in each version; ``target`` is where the form has it.

    ``offer`` names what a button does: `take` what they saved, `keep` what was typed.
    """

    name: str
    label: str
    who: Who
    base: Cell | None
    theirs: Cell
    yours: Cell | None = None
    offer: str = ""
    target: str = ""

    @property
    def word(self) -> str:
        """Who changed it, in words."""
        return str(WHO[self.who])


def held(column: Column, record: Any) -> Stand:
    """How a field stands in a record."""
    value = column.get(record)
    return Stand(typed_of(column, record), meaning(column, value), _lines(column, value, record))


def asked(column: Column, typed: Typed, values: Mapping[str, Any], record: Any) -> Stand:
    """How a field stands in what was typed; ``values`` are the columns that could be read."""
    if column.name not in values:
        return Stand(typed, None, _raw_lines(typed))
    value = values[column.name]
    return Stand(typed, meaning(column, value), _lines(column, value, record))


def meaning(column: Column, value: Any) -> str:
    """What tells values apart; the order of what is ticked means nothing."""
    if isinstance(column, Codes) and column.ticked:
        return ";".join(sorted(column.format(value).split(";")))
    return column.format(value)


def _lines(column: Column, value: Any, record: Any) -> tuple[str, ...]:
    if isinstance(column, Items):
        rows = items_texts(column, value, record)
        return tuple(" · ".join(part for part in row if part) for row in rows)
    if isinstance(value, tuple) and _is_list(column):
        return tuple(str(getattr(one, "name", one)) for one in value)
    text = value_text(column, value)
    return (text,) if text else ()


def _raw_lines(typed: Typed) -> tuple[str, ...]:
    if isinstance(typed, str):
        return (typed,) if typed.strip() else ()
    rows = [
        row if isinstance(row, str) else " · ".join(filter(None, row.values())) for row in typed
    ]
    return tuple(filter(None, rows))


def _plain(typed: Typed) -> Any:
    if isinstance(typed, str):
        return "\n".join(typed.splitlines()).strip()
    return [row for row in typed if row]


def _is_list(column: Column) -> bool:
    return isinstance(column, Items | Codes | Names)


def who_changed(base: Stand | None, theirs: Stand, yours: Stand) -> Who | None:
    """Who changed a field; None where nobody did."""
    if base is None:
        return None if yours.same(theirs) else Who.UNKNOWN
    by_them, by_you = not theirs.same(base), not yours.same(base)
    if by_them and by_you:
        return Who.SAME if yours.same(theirs) else Who.BOTH
    return Who.THEM if by_them else Who.YOU if by_you else None


def cells(column: Column, base: Stand | None, others: Sequence[Stand]) -> list[Cell | None]:
    """A field in each version, the base first; lines that are the same in all may be left out."""
    stands = [base, *others] if base is not None else list(others)
    same = [line for line in stands[0].lines if all(line in one.lines for one in stands)]
    left_out = frozenset(same) if _is_list(column) and len(same) > MOST_SAME else frozenset()
    before = base if _is_list(column) else None
    made = [_cell(one, before, left_out, base) for one in others]
    return [_cell(base, None, left_out) if base is not None else None, *made]


def _cell(
    one: Stand, before: Stand | None, left_out: frozenset[str], base: Stand | None = None
) -> Cell:
    old = before.lines if before is not None else one.lines
    lines = [Line(text, "" if text in old else "added") for text in one.lines]
    lines += [Line(text, "gone") for text in old if text not in one.lines]
    shown = tuple(line for line in lines if line.text not in left_out)
    unchanged = base is not None and one.same(base)
    return Cell(shown, len(lines) - len(shown), unchanged)


def changes_since(table: Table, opened: Opened, record: Any) -> list[Difference]:
    """What others changed in a record since it was opened; nothing where that is not known."""
    found = []
    for column in table.stored if opened.record is not None else ():
        base, theirs = held(column, opened.record), held(column, record)
        if not theirs.same(base):
            before, after = cells(column, base, [theirs])
            assert after is not None
            found.append(Difference(column.name, str(column.label), Who.THEM, before, after))
    return found

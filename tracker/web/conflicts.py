"""A form that was opened before somebody else saved the record: both versions, and the merge.

What only they changed is taken over, what only you changed stays, and where both changed a field
yours stands and theirs is offered. Lists are merged as whole fields. The form then carries the
version that it was merged with (``version``), the one from which both began (``opened``), and what
was typed in fields that hold theirs (``mine``), so that nothing typed is ever lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, request

from tracker.columns import Codes, Column, Items, Reading
from tracker.web.database import db, reading
from tracker.web.differing import (
    Difference,
    Opened,
    Save,
    Stand,
    Who,
    asked,
    cells,
    held,
    who_changed,
)
from tracker.web.forms import RecordForm, Typed


@dataclass(frozen=True)
class Conflict:
    """What differs between the versions; ``known`` says whether the one that was opened is."""

    differences: Sequence[Difference]
    saves: Sequence[Save]
    known: bool

    @property
    def to_look_at(self) -> list[Difference]:
        """The fields in which somebody else wrote something that was not typed here, too."""
        return [one for one in self.differences if one.who not in (Who.YOU, Who.SAME)]

    def touches(self, names: Iterable[str]) -> bool:
        """Whether one of these fields differs."""
        return not {one.name for one in self.differences}.isdisjoint(names)


@dataclass(frozen=True)
class _Field:
    """A field in all versions; ``now`` is what the form holds, ``yours`` what was typed in it."""

    column: Column
    base: Stand | None
    theirs: Stand
    yours: Stand
    now: Stand

    @property
    def who(self) -> Who | None:
        return who_changed(self.base, self.theirs, self.yours)


class Merge:
    """A form, the record as it is now, and as the form was opened."""

    def __init__(self, form: RecordForm, record: Any, opened: Opened, reading: Reading) -> None:
        self.form = form
        self.record = record
        self.opened = opened
        self.reading = reading

    def begin(self) -> None:
        """Let a form that is out of date hold the merge with the record as it is now."""
        self.form.opened.data = self.form.version.data
        self.form.version.data = str(self.record.version)
        self.form.mine.data = ""
        mine: dict[str, Typed] = {}
        for field in self._fields({}):
            if field.who is Who.THEM:
                self.form.put(field.column, field.theirs.typed)
            elif field.who is Who.SAME:
                mine[field.column.name] = field.yours.typed
        self._remember(mine)

    def take(self, name: str) -> None:
        """Let a field hold theirs; what was typed is kept aside."""
        mine = self._mine()
        for field in self._fields(mine):
            if field.column.name == name and not field.now.same(field.theirs):
                mine[name] = field.now.typed
                self.form.put(field.column, field.theirs.typed)
        self._remember(mine)

    def keep(self, name: str) -> None:
        """Let a field hold again what was typed."""
        mine = self._mine()
        for column in self.form.columns:
            if column.name == name and name in mine:
                self.form.put(column, mine.pop(name))
        self._remember(mine)

    def conflict(self) -> Conflict:
        """All fields that differ, in each version."""
        differences = [
            _difference(one, who) for one in self._fields(self._mine()) if (who := one.who)
        ]
        return Conflict(differences, self.opened.saves, self.opened.record is not None)

    def _fields(self, mine: Mapping[str, Typed]) -> Iterator[_Field]:
        now = {column.name: self.form.typed(column) for column in self.form.columns}
        values = self._read(now)
        typed = self._read({**now, **mine}) if mine else values
        for column in self.form.columns:
            base = held(column, self.opened.record) if self.opened.record is not None else None
            theirs = held(column, self.record)
            stand = asked(column, now[column.name], values, self.record)
            yours = stand
            if column.name in mine and stand.same(theirs):
                yours = asked(column, mine[column.name], typed, self.record)
            elif self._is_merged and base is not None and stand.same(theirs):
                yours = base
            yield _Field(column, base, theirs, yours, stand)

    @property
    def _is_merged(self) -> bool:
        return bool(self.form.mine.data)

    def _read(self, given: Mapping[str, Typed]) -> dict[str, Any]:
        with self.reading.session.no_autoflush:
            return self.form.table.read(self.form.columns, given, self.reading).values

    def _mine(self) -> dict[str, Typed]:
        """What was typed in fields that hold theirs; what no form of ours says is left out."""
        try:
            found = json.loads(self.form.mine.data or "{}")
        except ValueError:
            return {}
        known = {column.name: column for column in self.form.columns}
        given = found.items() if isinstance(found, dict) else ()
        return {name: typed for name, typed in given if name in known and _fits(known[name], typed)}

    def _remember(self, mine: Mapping[str, Typed]) -> None:
        self.form.mine.data = json.dumps(mine, ensure_ascii=False)


def is_stale(form: RecordForm, record: Any) -> bool:
    """Whether somebody else has saved the record since the form was opened."""
    return bool(form.version.data != str(record.version))


def opened_at(record: Any, version: str | None) -> Opened:
    """A record as it was at the version that a form says."""
    find = current_app.extensions["as_opened"]
    opened: Opened = find(db(), type(record), record.id, version or "")
    return opened


def merge_of(form: RecordForm, record: Any) -> Merge:
    """The merge that a form is in, or would begin."""
    at_hand = reading()
    at_hand.record = record
    return Merge(form, record, opened_at(record, form.opened.data or form.version.data), at_hand)


def choose(form: RecordForm, record: Any) -> bool:
    """Take theirs, or mine again, where a button of a merged form asks for it."""
    if "take" in request.form:
        merge_of(form, record).take(request.form["take"])
    elif "keep" in request.form:
        merge_of(form, record).keep(request.form["keep"])
    else:
        return False
    return True


def _fits(column: Column, typed: Any) -> bool:
    """Whether a field of this column could hold this."""
    if isinstance(column, Items):
        return _all(typed, dict) and all(_all(list(row.values()), str) for row in typed)
    if isinstance(column, Codes) and column.ticked:
        return _all(typed, str)
    return isinstance(typed, str)


def _all(found: Any, kind: type) -> bool:
    return isinstance(found, list) and all(isinstance(one, kind) for one in found)


def _difference(field: _Field, who: Who) -> Difference:
    column = field.column
    base, theirs, yours = cells(column, field.base, [field.theirs, field.yours])
    assert theirs is not None
    offer = ""
    if who in (Who.BOTH, Who.UNKNOWN):
        offer = "keep" if field.now.same(field.theirs) else "take"
    target = f"{column.name}-rows" if isinstance(column, Items) else column.name
    return Difference(column.name, str(column.label), who, base, theirs, yours, offer, target)

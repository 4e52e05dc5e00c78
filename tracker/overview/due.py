"""One line of what needs attention: what falls due, by which day, between whom."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.commissions.models import Commission
from tracker.dates import PartialDate
from tracker.exporting import Contents, Rows, in_batches
from tracker.parties.models import Party


class DueKind(enum.StrEnum):
    """What kinds of thing fall due."""

    SESSION = "session"
    FIRST_SESSION = "first-session"
    NOTICE = "notice"
    EXPIRY = "expiry"
    ENTRY = "entry"
    COMMITMENT = "commitment"
    ACTION_ITEM = "action-item"


class Part(enum.IntEnum):
    """The parts of the list, in their order: what is overdue, what is due, what is waited for."""

    LATE = 0
    SOON = 1
    WAITING = 2


KINDS = {
    DueKind.SESSION: _l("session or meeting"),
    DueKind.FIRST_SESSION: _l("first session of a foreseen commission"),
    DueKind.NOTICE: _l("last day for notice"),
    DueKind.EXPIRY: _l("end of an agreement"),
    DueKind.ENTRY: _l("entry into force awaited"),
    DueKind.COMMITMENT: _l("commitment"),
    DueKind.ACTION_ITEM: _l("action item"),
}


@dataclass(frozen=True)
class Side:
    """One of the two parties of a line."""

    code: str
    name: str

    @classmethod
    def of(cls, party: Party) -> Side:
        """The code and the name of a party."""
        return cls(party.code, party.name)


@dataclass(frozen=True)
class Due:
    """Something that falls due.

    ``due_on`` is the day by which; for a notice or an end whose day is not certain, the earliest,
    which is the safe one. ``when`` is the date as precisely as it is known. ``overdue`` counts the
    days since, and is None while the day has not certainly passed. ``waiting`` is what nobody has
    set a day for and what has been open for long: it is never overdue. ``possibly`` says that a
    partial date, or a renewal that is not known, leaves it open. ``key`` never changes for the
    same thing, for calendars.
    """

    kind: DueKind
    due_on: date
    when: PartialDate
    sides: tuple[Side, Side]
    title: str
    record: str
    number: int
    shape: str
    word: str
    key: str
    note: str = ""
    overdue: int | None = None
    waiting: bool = False
    possibly: bool = False
    remind_on: date | None = None

    @property
    def address(self) -> str:
        """Where its record stands on this site."""
        return f"/{self.record}/{self.number}"

    @property
    def part(self) -> Part:
        """The part of the list in which it stands."""
        return Part.LATE if self.overdue else Part.WAITING if self.waiting else Part.SOON

    @property
    def place(self) -> tuple[Part, date, str]:
        """Its place in the list."""
        return (self.part, self.due_on, self.key)


@dataclass(frozen=True)
class Few:
    """The first lines of some kinds, and how many follow on them that are not made.

    Beyond ``COUNTED`` that number only says that there are more.
    """

    lines: list[Due]
    more: Mapping[tuple[DueKind, Part], int]


# Of what is not shown, so many are counted; beyond, that there are more.
COUNTED = 1_000
HEADER = ("kind", "due_on", "overdue_days", "party_a", "party_b", "title", "note", "address")


def cells(due: Due) -> list[str]:
    """A line of the list as a row of a file, under ``HEADER``."""
    a, b = (side.code for side in due.sides)
    days = "" if due.overdue is None else str(due.overdue)
    said = " · ".join(filter(None, (due.word, due.note)))
    return [due.kind, due.due_on.isoformat(), days, a, b, due.title, said, due.address]


def plain(due: Due) -> dict[str, object]:
    """The same as an object for JSON."""
    found: dict[str, object] = dict(zip(HEADER, cells(due), strict=True))
    return found | {"overdue_days": due.overdue}


def contents(lines: Sequence[Due]) -> Contents:
    """The list as a file: few enough lines that all are there."""

    def batches(is_plain: bool) -> Rows:
        rows = ([*plain(due).values()] if is_plain else cells(due) for due in lines)
        yield from in_batches(rows)

    return Contents("attention", HEADER, batches)


_PARTIES = select(Party.id, Party.code, Party.name)


@dataclass(frozen=True)
class Asked:
    """What is asked of the list: a day as of which, a span of days, and for whom.

    ``show`` writes a date in the words of the reader.
    """

    session: Session
    today: date
    first: date
    last: date
    party: Party | None
    commission: Commission | None
    show: Callable[[PartialDate], str]

    @cached_property
    def said(self) -> Callable[[str], str]:
        """A text in the reader's language: looked up once, however many lines say it."""
        return cache(gettext)

    @cached_property
    def parties(self) -> Mapping[int, Side]:
        """All parties by their ids: read once, however many lines name them."""
        rows = self.session.connection().execute(_PARTIES)
        return {number: Side(code, name) for number, code, name in rows}

    def holds(self, day: date) -> bool:
        """Whether a day lies in the span."""
        return self.first <= day <= self.last

    def late(self, last_day: date) -> int | None:
        """By how many days something is overdue whose last day was this; None where it is not."""
        return (self.today - last_day).days if last_day < self.today else None


Gather = Callable[[Asked], Iterable[Due]]
GatherFirst = Callable[[Asked, int], Few]

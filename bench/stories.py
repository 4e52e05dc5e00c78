"""The data set read back: one agreement after the other, with all that belongs to it.

What the data set leaves open is settled here, by the agreement's number and never by chance: how
and when it ended, since when it rests, whether it binds, how long its term is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from bench.dataset import TODAY
from bench.words import PARTIES

KINDS = {
    "memorandum of understanding": "memorandum-of-understanding",
    "exchange of notes": "exchange-of-notes",
}
# The one in so many that has a term of five years, renewed tacitly.
WITH_TERM = 10
BINDING = {"treaty", "agreement", "convention", "protocol"}
_CODES = {str(number): code for number, code, _name in PARTIES}


@dataclass(frozen=True)
class Signer:
    """Somebody who signed for a side."""

    side: str
    name: str
    capacity: str


@dataclass(frozen=True)
class Session:
    """A session of a commission: `held`, `scheduled`, or `overdue` without a record."""

    number: int
    on: date
    city: str
    status: str


@dataclass(frozen=True)
class Body:
    """The commission that an agreement set up."""

    number: int
    name: str
    sessions: tuple[Session, ...]


@dataclass(frozen=True)
class Story:
    """An agreement; ``status`` is what the program should make of it, under the program's name."""

    number: int
    reference: str
    title: str
    kind: str
    status: str
    sides: tuple[str, str]
    signed_on: date | None
    in_force_on: date | None
    topics: tuple[int, ...]
    signers: tuple[Signer, ...]
    body: Body | None

    @property
    def binding(self) -> str:
        """Whether it binds; the rest is not known."""
        return "binding" if self.kind in BINDING else "unknown"

    @property
    def has_term(self) -> bool:
        """Whether it has a term, which is renewed tacitly."""
        return self.status == "in-force" and self.number % WITH_TERM == 0

    @property
    def turned_on(self) -> date | None:
        """When it ended, when it began to rest, or when its draft was adopted."""
        if self.status == "draft":
            return TODAY - timedelta(days=self.number % 2000)
        if self.status not in ("expired", "terminated", "suspended"):
            return None
        assert self.in_force_on is not None
        days = (TODAY - self.in_force_on).days
        return self.in_force_on + timedelta(days=self.number * 7919 % (days + 1))


def read_stories(folder: Path) -> Iterator[Story]:
    """All agreements of a data set, by number."""
    parties = _Owned(folder / "agreement_party.csv")
    topics = _Owned(folder / "agreement_topic.csv")
    signers = _Owned(folder / "signatory.csv")
    bodies = _Owned(folder / "commission.csv")
    sessions = _Owned(folder / "meeting.csv")
    for row in _rows(folder / "agreement.csv"):
        number = int(row[0])
        sides = [party for _id, _agreement, party in parties(number)]
        draft = row[4] == "draft"
        body = next((_body(own, sessions) for own in bodies(number)), None)
        signed = signers(number)
        yield Story(
            number,
            row[1],
            row[2],
            KINDS.get(row[3], row[3]),
            row[4].replace("_", "-"),
            (_CODES[sides[0]], _CODES[sides[1]]),
            _day(row[5]),
            _day(row[6]),
            tuple(int(topic) for _id, _agreement, topic in topics(number)),
            # Nobody has signed a draft.
            () if draft else tuple(_signers(signed, sides)),
            body,
        )


def _signers(rows: list[list[str]], sides: list[str]) -> Iterator[Signer]:
    seen = set()
    for _id, _agreement, party, name, capacity in rows:
        side = "AB"[sides.index(party)]
        # A person signs once for a side.
        if (side, name) not in seen:
            seen.add((side, name))
            yield Signer(side, name, capacity)


def _body(row: list[str], sessions: _Owned) -> Body:
    number = int(row[0])
    held = [
        Session(int(session), date.fromisoformat(on), city, status)
        for _id, _commission, session, on, city, status in sessions(number)
    ]
    return Body(number, row[2], tuple(held))


class _Owned:
    """Rows of a file in the order of their owners, given out owner by owner."""

    def __init__(self, path: Path) -> None:
        self.groups = groupby(_rows(path), key=lambda row: int(row[1]))
        self.ahead = next(self.groups, None)
        self.rows = list(self.ahead[1]) if self.ahead else []

    def __call__(self, owner: int) -> list[list[str]]:
        """The rows of an owner; owners are asked for in their order."""
        if self.ahead is None or self.ahead[0] != owner:
            return []
        found = self.rows
        self.ahead = next(self.groups, None)
        self.rows = list(self.ahead[1]) if self.ahead else []
        return found


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

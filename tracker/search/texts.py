"""What is searched of records: their words, as the rows of `search_text` should hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Select, select

from tracker.among import among
from tracker.derived.registry import Ids
from tracker.search.declared import Field, Lines, Searched
from tracker.search.folding import readings, sounds, spellings
from tracker.search.places import place_of

NAMES_END = " || "
WORDS_END = " ~ "
# Of more letters, a text is hardly a name that other records have, too.
NAME = 40


@dataclass
class Written:
    """What is written in a record, as it is searched: its names, what else is said, its day."""

    day: date | None = None
    names: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    sounding: list[str] = field(default_factory=list)

    def add(self, said: Field | Lines, text: str) -> None:
        """Take a column's text in."""
        (self.names if said.name else self.texts).append(text)
        if said.sounding:
            self.sounding.append(text)


def joined(written: Written) -> str:
    """The words in a row: names, other texts and sounds, each text apart from the next.

    It begins and ends with a blank, so that each word has one on both sides.
    """
    read = map(" ".join, map(readings, (*written.names, *written.sounding)))
    texts = [*map(_folded, written.texts), *read]
    heard = sorted(frozenset[str]().union(*map(_told, written.sounding)))
    names = " | ".join(map(_folded, written.names))
    return f" {names}{NAMES_END}{' | '.join(filter(None, texts))}{WORDS_END}{' '.join(heard)} "


@lru_cache(maxsize=20_000)
def _told(name: str) -> frozenset[str]:
    return frozenset(sound for heard in sounds(name) for sound in heard.told)


def _folded(text: str) -> str:
    return _name_folded(text) if len(text) <= NAME else " ".join(spellings(text))


@lru_cache(maxsize=20_000)
def _name_folded(name: str) -> str:
    """Many records name the same cities and parties."""
    return " ".join(spellings(name))


def written(connection: Connection, searched: Searched, ids: Ids) -> dict[int, Written]:
    """What is written in some records; those that are deleted by now are left out."""
    found: dict[int, Written] = {}
    own, further = _queries(searched)
    given = {"ids": ids}
    for record_id, day, *texts in connection.execute(own, given).all():
        one = found[record_id] = Written(day)
        for said, text in zip(searched.fields, texts, strict=True):
            if text:
                one.add(said, text)
    for lines, query in zip(searched.lines, further, strict=True):
        for owner, text in connection.execute(query, given).all():
            if text and owner in found:
                found[owner].add(lines, text)
    return found


@cache
def _queries(searched: Searched) -> tuple[Select[Any], list[Select[Any]]]:
    """What is asked of records and of their lines: made once, not for each save."""
    lines = [
        select(one.owner, one.column)
        .where(among(one.owner))
        .order_by(one.owner, one.owner.class_.id)
        for one in searched.lines
    ]
    return _query(searched), lines


def _query(searched: Searched) -> Select[Any]:
    model = searched.model
    day = model.id * 0 if searched.day is None else searched.day
    query = select(model.id, day, *(one.column for one in searched.fields)).select_from(model)
    for alias, key in searched.joins:
        query = query.outerjoin(alias, alias.id == key)
    return query.where(among(model.id))


def rows(connection: Connection, searched: Searched, ids: Ids) -> dict[int, tuple[int, str]]:
    """The place and the words that some records should have."""
    number = searched.number
    return {
        record_id: (place_of(number, one.day or None, record_id), joined(one))
        for record_id, one in written(connection, searched, ids).items()
    }

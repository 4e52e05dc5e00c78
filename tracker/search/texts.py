"""The rows of `search_text`: worked out of records in batches, written where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, delete, insert, select

from tracker.derived import Derivation, register
from tracker.derived.registry import Ids
from tracker.search.declared import Field, Lines, Searched, declare
from tracker.search.folding import readings, sounds, spellings
from tracker.search.models import SearchText
from tracker.search.places import place_of

TEXT = SearchText.__table__
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_THERE = select(TEXT.c.record_id, TEXT.c.place, TEXT.c.words).where(
    TEXT.c.kind == bindparam("kind_"), TEXT.c.record_id.in_(_IDS)
)
_CLEAR = delete(TEXT).where(  # type: ignore[arg-type]
    TEXT.c.place.in_(bindparam("places", expanding=True))
)
_INSERT = insert(TEXT)  # type: ignore[arg-type]
NAMES_END = " || "
WORDS_END = " ~ "


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


def search(searched: Searched) -> Searched:
    """Have records of a kind searched, and their words kept right."""
    declare(searched)
    register(
        Derivation(
            kind=f"search_{searched.table}",
            record=searched.table,
            reads=searched.reads,
            work_out=lambda connection, ids: work_out(connection, searched, ids),
            wrong=lambda connection, ids: wrong(connection, searched, ids),
            writes={SearchText.__tablename__: "record_id"},
        )
    )
    return searched


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
    return " ".join(spellings(text))


def written(connection: Connection, searched: Searched, ids: Ids) -> dict[int, Written]:
    """What is written in some records; those that are deleted by now are left out."""
    found: dict[int, Written] = {}
    own, further = _queries(searched)
    given = {"ids": ids}
    for record_id, day, *texts in connection.execute(own, given):
        one = found[record_id] = Written(day)
        for said, text in zip(searched.fields, texts, strict=True):
            if text:
                one.add(said, text)
    for lines, query in zip(searched.lines, further, strict=True):
        for owner, text in connection.execute(query, given):
            if text and owner in found:
                found[owner].add(lines, text)
    return found


@cache
def _queries(searched: Searched) -> tuple[Select[Any], list[Select[Any]]]:
    """What is asked of records and of their lines: made once, not for each save."""
    lines = [
        select(one.owner, one.column)
        .where(one.owner.in_(_IDS))
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
    return query.where(model.id.in_(_IDS))


def rows(connection: Connection, searched: Searched, ids: Ids) -> dict[int, tuple[int, str]]:
    """The place and the words that some records should have."""
    number = searched.number
    return {
        record_id: (place_of(number, one.day or None, record_id), joined(one))
        for record_id, one in written(connection, searched, ids).items()
    }


def work_out(connection: Connection, searched: Searched, ids: Ids) -> None:
    """Write the rows of some records where they are not there as they should be."""
    wanted = rows(connection, searched, ids)
    there = dict(_there(connection, searched, ids))
    # In the order of their places: the index of words takes them at once, and not one by one.
    gone = sorted(row for number, row in there.items() if wanted.get(number) != row)
    new = sorted((*row, number) for number, row in wanted.items() if there.get(number) != row)
    if gone:
        _take_out(connection, gone)
    if new:
        _put_in(connection, searched.number, new)


def _take_out(connection: Connection, gone: Sequence[tuple[int, str]]) -> None:
    if connection.dialect.name == "sqlite":
        # The index has to be told once more what the row holds.
        connection.exec_driver_sql(
            "INSERT INTO search_fts (search_fts, rowid, words) VALUES ('delete', ?, ?)", list(gone)
        )
    connection.execute(_CLEAR, {"places": [place for place, _words in gone]})


def _put_in(connection: Connection, kind: int, new: Sequence[tuple[int, str, int]]) -> None:
    connection.execute(
        _INSERT,
        [
            {"place": place, "kind": kind, "record_id": number, "words": words}
            for place, words, number in new
        ],
    )
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "INSERT INTO search_fts (rowid, words) VALUES (?, ?)",
            [(place, words) for place, words, _number in new],
        )


def wrong(connection: Connection, searched: Searched, ids: Ids) -> Iterable[int]:
    """Those of some records whose row is not as it should be."""
    wanted = rows(connection, searched, ids)
    there = dict(_there(connection, searched, ids))
    return [number for number in ids if wanted.get(number) != there.get(number)]


def _there(
    connection: Connection, searched: Searched, ids: Ids
) -> Iterator[tuple[int, tuple[int, str]]]:
    given = {"kind_": searched.number, "ids": ids}
    for record_id, place, words in connection.execute(_THERE, given):
        yield record_id, (place, words)

"""Look for what is asked for in kinds of records, in a time that does not grow with all records.

First come the newest few that hold it. Where they are all among the newest records of a kind, it is
common, and the next rows of any list hold it too. Otherwise the index of words gives what there is,
the newest first. The numbers decide the same on both databases.

On SQLite the index gives the newest few soonest. Where it would have to gather all that hold it and
put them into order (on PostgreSQL, and for beginnings of words), the newest records are looked at
one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.orm import Session

from tracker.search.asking import Asked, Hearing, Way
from tracker.search.conditions import WORDS, Given, beside_index, by_index, in_row
from tracker.search.declared import Searched
from tracker.search.places import places_of

SAMPLE = 400
COMMON = 20

Rows = Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Most:
    """How many rows are wanted of each kind, if there are no more, and whether with words."""

    rows: int
    words: bool = False


@dataclass(frozen=True)
class Look:
    """What looking for something in one kind of record showed.

    ``asked`` is what was found in the end: where nothing is written as it was typed, other
    spellings are looked for, and then longer words. ``rows`` are the places of the records, the
    newest first, each with its words where they were wanted. Where there are ``more`` than were
    wanted, which holds of what is ``common``, they are the first COMMON of them at least.
    """

    searched: Searched
    asked: Asked
    common: bool = False
    more: bool = False
    rows: Rows = ()


def look(session: Session, kinds: Sequence[Searched], asked: Asked, most: Most) -> list[Look]:
    """Look for something in kinds of records."""
    found: dict[str, Look] = {}
    for attempt in _attempts(asked):
        if found and attempt.way is Way.BEGINNING:
            break
        left = [
            Look(kind, heard)
            for kind in kinds
            if kind.kind not in found and (heard := _heard(kind, attempt))
        ]
        if left:
            looked = _looked(session.connection(), left, most)
            found |= {one.searched.kind: one for one in looked if one.rows or one.more}
    return [found.get(kind.kind) or Look(kind, asked) for kind in kinds]


def _attempts(asked: Asked) -> list[Asked]:
    """As it was typed, by its sound; where nothing is found, its last word begins another one."""
    attempts = [asked]
    if asked.has_sounds:
        attempts.append(asked.by_sound())
    last = asked.terms[-1]
    if not last.open_end and len(last.words[-1]) > 1:
        attempts.append(asked.open_ended())
    return attempts


def _heard(searched: Searched, attempt: Asked) -> Asked | None:
    """What is asked of a kind; nothing more by its sound where sounds count always."""
    if not searched.by_sound:
        return attempt
    return None if attempt.way is Way.SOUND else replace(attempt, hearing=Hearing.WIDELY)


def _looked(connection: Connection, left: Sequence[Look], most: Most) -> list[Look]:
    """What one attempt finds, by two statements for all kinds."""
    given = Given(connection.dialect.name)
    firsts = [newest_few(one, given, words=most.words) for one in left]
    found = _run(connection, [*firsts, *map(edge, left)], given)
    edges = {number: place for number, place, words in found if words is None}
    rows = _by_kind(found)
    looked, unfinished = [], []
    for one in left:
        one = replace(one, rows=rows.get(one.searched.number, ()))
        few, last = len(one.rows) < COMMON, edges[one.searched.number]
        if few and (last is None or _in_order(one.asked, given.dialect)):
            looked.append(one)
        elif not few and last is not None and one.rows[-1][0] >= last:
            looked.append(replace(one, common=True, more=True))
        else:
            unfinished.append(one)
    return looked + _finished(connection, unfinished, most)


def _finished(connection: Connection, unfinished: Sequence[Look], most: Most) -> list[Look]:
    """Looks of which the first rows are known, or none that are among the newest records."""
    given = Given(connection.dialect.name)
    rows = _by_kind(_run(connection, [_all(one, most, given) for one in unfinished], given))
    looked = []
    for one in unfinished:
        others = rows.get(one.searched.number, ())
        if _in_order(one.asked, given.dialect):
            looked.append(replace(one, rows=others or one.rows, more=not others))
        else:
            more = len(others) > most.rows
            looked.append(replace(one, rows=others[: most.rows], more=more))
    return looked


def _all(one: Look, most: Most, given: Given) -> str:
    """Kind, place and words of all that hold it; on SQLite nothing where there are more.

    Else one more than is wanted tells that.
    """
    if not _in_order(one.asked, given.dialect):
        return newest(one, most.rows + 1, given, words=most.words)
    places = newest(one, most.rows + 1, given, words=False)
    words = f"(SELECT {WORDS} FROM search_text WHERE search_text.place = held.place)"
    return (
        f"SELECT kind, place, {words if most.words else 'words'} AS words"
        f" FROM (SELECT *, count(*) OVER () AS many FROM ({places})) AS held"
        f" WHERE many <= {most.rows}"
    )


def _run(connection: Connection, parts: Sequence[str], given: Given) -> Sequence[Row[Any]]:
    """What some statements give: kind, place and words."""
    every = " UNION ALL ".join(f"SELECT * FROM ({part}) AS part" for part in parts)
    return connection.exec_driver_sql(every, given.values).fetchall() if every else []


def _by_kind(found: Iterable[Row[Any]]) -> dict[int, Rows]:
    """Places and words by the number of their kind, the newest first."""
    rows: dict[int, list[tuple[int, str]]] = {}
    for number, place, words in found:
        if words is not None:
            rows.setdefault(number, []).append((place, words))
    return {number: sorted(those, reverse=True) for number, those in rows.items()}


def _in_order(asked: Asked, dialect: str) -> bool:
    """Whether the index gives what holds it in the order of places, without gathering all."""
    return dialect == "sqlite" and not any(term.open_end for term in (*asked.terms, *asked.without))


def newest_few(one: Look, given: Given, *, words: bool) -> str:
    """Kind, place and words of the newest COMMON that hold it, maybe only of the newest records."""
    if _in_order(one.asked, given.dialect):
        return newest(one, COMMON, given, words=words)
    first, last = places_of(one.searched.number)
    return (
        f"SELECT {one.searched.number} AS kind, place, words FROM search_text"
        f" WHERE place BETWEEN COALESCE(({_edge(one)}), {first}) AND {last}"
        f" AND {in_row(one.asked, 'words', given)} ORDER BY place DESC LIMIT {COMMON}"
    )


def edge(one: Look) -> str:
    """Kind and the place of the last of its newest records; none where there are not so many."""
    return f"SELECT {one.searched.number} AS kind, ({_edge(one)}) AS place, NULL AS words"


def _edge(one: Look) -> str:
    here = f"SELECT place FROM search_text WHERE {_here(one.searched)}"
    return f"{here} ORDER BY place DESC LIMIT 1 OFFSET {SAMPLE - 1}"


def newest(one: Look, most: int, given: Given, *, words: bool) -> str:
    """Kind, place and words of the newest records that hold it, by the index of words."""
    beside = beside_index(one.asked, WORDS, given)
    where = [by_index(one.asked, given), *[beside] * bool(beside)]
    if given.dialect == "sqlite":
        # The rows themselves are read for their words only.
        source, place = "search_fts", "search_fts.rowid"
        if words or beside:
            source += f" JOIN search_text ON search_text.place = {place}"
        where.append(_here(one.searched, place))
        order = place
    else:
        source, place = "search_text", "place"
        # Written out, so that the index of the kind is known to hold all of it.
        where.append(f"search_text.kind = {one.searched.number}")
        # It would rather walk all places backwards where it takes a word for a common one.
        order = f"{place} + 0"
    what = WORDS if words else "''"
    return (
        f"SELECT {one.searched.number} AS kind, {place} AS place, {what} AS words FROM {source}"
        f" WHERE {' AND '.join(where)} ORDER BY {order} DESC LIMIT {most}"
    )


def _here(searched: Searched, place: str = "place") -> str:
    first, last = places_of(searched.number)
    return f"{place} BETWEEN {first} AND {last}"

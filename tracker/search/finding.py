"""Find the records that hold what is asked for, in a time that does not grow with all records.

First the newest records of a kind are looked at: where many of them hold it, it is common, and the
next rows of any list hold it too. Otherwise the index gives what there is, as far as FEW. What is
ranked is at most RANKED records; of more the newest stand first. The numbers decide the same on
both databases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    any_,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from tracker.search.asking import Asked, Hearing, Way, read
from tracker.search.conditions import beside_index, by_index, in_row
from tracker.search.declared import Searched
from tracker.search.models import SearchText
from tracker.search.places import places_of, record_at, record_in

SAMPLE = 400
COMMON = 20
RANKED = 1_000
FEW = 3_000

_KEPT = "search_looks"
TEXT = SearchText.__table__
_FTS = table("search_fts", column("rowid"), column("words"))


@dataclass(frozen=True)
class Look:
    """What looking for something in one kind of record showed.

    ``asked`` is what was found in the end: where nothing is written as it was typed, other
    spellings are looked for, and then longer words. ``rows`` are the places of the records, the
    newest first, at most one more than was wanted, each with its words where they were wanted;
    none where it is ``common``.
    """

    searched: Searched
    asked: Asked
    common: bool
    rows: Sequence[tuple[int, str]] = ()


def look(
    session: Session, kinds: Sequence[Searched], asked: Asked, most: int, *, words: bool = False
) -> list[Look]:
    """Look for something in kinds of records: common, or at most ``most`` + 1 rows."""
    found: dict[str, Look] = {}
    for attempt in _attempts(asked):
        if found and attempt.way is Way.BEGINNING:
            break
        left = {
            kind.number: Look(kind, _heard(kind, attempt), False)
            for kind in kinds
            if kind.kind not in found
        }
        for one in _looked(session, left, most, words):
            found[one.searched.kind] = one
    return [found.get(kind.kind) or Look(kind, asked, False) for kind in kinds]


def _heard(searched: Searched, asked: Asked) -> Asked:
    return replace(asked, hearing=Hearing.WIDELY) if searched.by_sound else asked


def _attempts(asked: Asked) -> list[Asked]:
    """As it was typed, by its sound; where nothing is found, its last word begins another one."""
    attempts = [asked]
    if asked.has_sounds:
        attempts.append(asked.by_sound())
    last = asked.terms[-1]
    if not last.open_end and len(last.words[-1]) > 1:
        attempts.append(asked.open_ended())
    return attempts


def _looked(session: Session, left: dict[int, Look], most: int, words: bool) -> list[Look]:
    """The kinds in which one attempt found something, by two statements for all of them."""
    if not left:
        return []
    counted = union_all(*(_sample(one) for one in left.values()))
    common, parts = [], []
    dialect = session.get_bind().dialect.name
    for number, seen, hits in session.execute(counted):
        one = left[number]
        if seen < SAMPLE:
            # These were all there are; the index of words need not be asked.
            parts += [walked(one, most + 1)] * (hits > 0)
        elif hits >= COMMON:
            common.append(replace(one, common=True))
        else:
            parts.append(newest(one, dialect, most + 1, words))
    rows: dict[int, list[tuple[int, str]]] = {}
    if parts:
        every = union_all(*(select(part.subquery()) for part in parts))
        for number, place, folded in session.execute(every):
            rows.setdefault(number, []).append((place, folded))
    found = (replace(left[number], rows=sorted(got)[::-1]) for number, got in rows.items())
    return [*common, *found]


def _sample(one: Look) -> Select[Any]:
    """How many of the newest records of a kind there are, and how many of them hold it."""
    first = (
        select(TEXT.c.words)
        .where(TEXT.c.place.between(*places_of(one.searched.number)))
        .order_by(TEXT.c.place.desc())
        .limit(SAMPLE)
        .subquery()
    )
    held = func.count().filter(in_row(one.asked, first.c.words))
    return select(literal(one.searched.number), func.count(), held).select_from(first)


def newest(one: Look, dialect: str, most: int, words: bool) -> Select[Any]:
    """Kind, place and words of the newest records that hold it, by the index of words."""
    place = _place(dialect)
    what = TEXT.c.words if words else literal("")
    query = select(
        literal(one.searched.number).label("kind"), place.label("place"), what.label("w")
    )
    # PostgreSQL would rather walk all places backwards where it takes a word for a common one.
    order = place if dialect == "sqlite" else place + 0
    return _by_index(query, one, dialect, words).order_by(order.desc()).limit(most)


def _indexed(one: Look, dialect: str) -> Select[Any]:
    """The numbers of all records of a kind that hold it, by the index of words."""
    return _by_index(select(record_in(_place(dialect))), one, dialect, False)


def _place(dialect: str) -> ColumnElement[int]:
    return _FTS.c.rowid if dialect == "sqlite" else TEXT.c.place


def _by_index(query: Select[Any], one: Look, dialect: str, words: bool) -> Select[Any]:
    place = _place(dialect)
    beside = beside_index(one.asked, TEXT.c.words)
    if dialect == "sqlite":
        # The rows themselves are read for their words only.
        alone = beside is None and not words
        query = query.select_from(_FTS if alone else _FTS.join(TEXT, TEXT.c.place == place))
    if beside is not None:
        query = query.where(beside)
    here: ColumnElement[bool] = place.between(*places_of(one.searched.number))
    if dialect == "postgresql":
        # Written out, so that the index of the kind is known to hold all of it.
        here = TEXT.c.kind == literal_column(str(one.searched.number))
    return query.where(by_index(one.asked, dialect), here)


def walked(one: Look, most: int) -> Select[Any]:
    """The same, by looking at one record after the other, the newest first."""
    kind = literal(one.searched.number)
    query = _of_kind(select(kind.label("kind"), TEXT.c.place, TEXT.c.words), one)
    return query.order_by(TEXT.c.place.desc()).limit(most)


def _of_kind(query: Select[Any], one: Look) -> Select[Any]:
    here = TEXT.c.place.between(*places_of(one.searched.number))
    return query.where(here, in_row(one.asked, TEXT.c.words))


def clause(searched: Searched, text: str, session: Session) -> ColumnElement[bool]:
    """The records of a list that hold what is typed."""
    asked = read(text)
    if asked is None:
        return false()
    found = _looked_at_once(session, searched, asked)
    if found.common:
        return _held(found)
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql" and len(found.rows) <= FEW:
        # It knows how many numbers there are, and guesses badly how many rows hold a beginning.
        numbers = [record_at(place) for place, _words in found.rows]
        return searched.model.id == any_(cast(numbers, ARRAY(Integer)))  # type: ignore[no-any-return]
    return searched.model.id.in_(_indexed(found, dialect))  # type: ignore[no-any-return]


def numbers(searched: Searched, text: str, session: Session) -> Select[Any] | None:
    """The numbers of all records that hold something common, in no order; None where it is rare.

    What is rare is counted soonest by `clause`. Of what is common, the index of SQLite gives the
    numbers alone; PostgreSQL's would have to look at each row as well, which is then enough.
    """
    asked = read(text)
    found = None if asked is None else _looked_at_once(session, searched, asked)
    if found is None or not found.common:
        return None
    dialect = session.get_bind().dialect.name
    if dialect == "sqlite":
        return _indexed(found, dialect)
    return _of_kind(select(TEXT.c.record_id), found)


def _looked_at_once(session: Session, searched: Searched, asked: Asked) -> Look:
    """What looking for it shows; a page that asks again in the same transaction is told the same.

    Nothing that is searched changes in a transaction before its end.
    """
    session.connection()
    transaction = session.get_transaction()
    kept = session.info.get(_KEPT)
    if kept is None or kept[0] is not transaction:
        kept = session.info[_KEPT] = (transaction, {})
    looks: dict[tuple[str, Asked], Look] = kept[1]
    if (searched.kind, asked) not in looks:
        (looks[searched.kind, asked],) = look(session, [searched], asked, FEW)
    return looks[searched.kind, asked]


def _held(one: Look) -> ColumnElement[bool]:
    """A record's own row holds it: to be asked of one record after the other."""
    model = one.searched.model
    own = (TEXT.c.kind == one.searched.number) & (TEXT.c.record_id == model.id)
    row = select(literal(1)).select_from(TEXT).where(own, in_row(one.asked, TEXT.c.words))
    return row.correlate(model).exists()

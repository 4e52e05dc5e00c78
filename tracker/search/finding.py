"""The records of a list that hold what is typed, as conditions and queries of the list.

What is common is asked of one record after the other, in the list's own order. Otherwise the index
of words gives the numbers of what there is.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    any_,
    cast,
    column,
    false,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from tracker.search.asking import Asked, read
from tracker.search.conditions import WORDS, as_clause, beside_index, by_index, in_row
from tracker.search.declared import Searched
from tracker.search.looking import Look, Most, look
from tracker.search.models import SearchText
from tracker.search.places import places_of, record_at, record_in

FEW = 3_000

_KEPT = "search_looks"
TEXT = SearchText.__table__
_FTS = table("search_fts", column("rowid"), column("words"))


def clause(searched: Searched, text: str, session: Session) -> ColumnElement[bool]:
    """The records of a list that hold what is typed."""
    asked = read(text)
    if asked is None:
        return false()
    found = _looked_at_once(session, searched, asked)
    dialect = session.get_bind().dialect.name
    if found.common:
        return _held(found, dialect)
    if dialect == "postgresql" and not found.more:
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
    here = TEXT.c.place.between(*places_of(searched.number))
    return select(TEXT.c.record_id).where(here, _in_row(found.asked, dialect))


def _indexed(one: Look, dialect: str) -> Select[Any]:
    """The numbers of all records of a kind that hold it, by the index of words."""
    place = _FTS.c.rowid if dialect == "sqlite" else TEXT.c.place
    query = select(record_in(place))
    beside = any(len(term.words) > 1 for term in (*one.asked.terms, *one.asked.without))
    if dialect == "sqlite":
        # The rows themselves are read for their words only.
        query = query.select_from(_FTS.join(TEXT, TEXT.c.place == place) if beside else _FTS)
    if beside:
        query = query.where(as_clause(dialect, lambda given: beside_index(one.asked, WORDS, given)))
    here: ColumnElement[bool] = place.between(*places_of(one.searched.number))
    if dialect == "postgresql":
        # Written out, so that the index of the kind is known to hold all of it.
        here = TEXT.c.kind == literal_column(str(one.searched.number))
    return query.where(as_clause(dialect, lambda given: by_index(one.asked, given)), here)


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
        # On SQLite the list asks the index itself, for all there are.
        most = Most(0 if session.get_bind().dialect.name == "sqlite" else FEW)
        (looks[searched.kind, asked],) = look(session, [searched], asked, most)
    return looks[searched.kind, asked]


def _held(one: Look, dialect: str) -> ColumnElement[bool]:
    """A record's own row holds it: to be asked of one record after the other."""
    model = one.searched.model
    own = (TEXT.c.kind == one.searched.number) & (TEXT.c.record_id == model.id)
    row = select(literal(1)).select_from(TEXT).where(own, _in_row(one.asked, dialect))
    return row.correlate(model).exists()


def _in_row(asked: Asked, dialect: str) -> ColumnElement[bool]:
    return as_clause(dialect, lambda given: in_row(asked, WORDS, given))

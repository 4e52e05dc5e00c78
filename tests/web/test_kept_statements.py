"""A statement that is kept gives what a new one would, whatever values it is run with."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Table, bindparam, insert, select, text, true
from sqlalchemy.orm import Session

from tracker.sources.models import Source
from tracker.web import kept_statements
from tracker.web.keyset import Walk, by
from tracker.web.walking import count_to, places

SOURCE: Table = Source.__table__  # type: ignore[assignment]
TITLE, DAY, NUMBER = SOURCE.c.title, SOURCE.c.published_on_first, SOURCE.c.id


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[Any, Any]:
    """What is kept in a test: nothing at first."""
    found: dict[Any, Any] = {}
    monkeypatch.setattr(kept_statements, "_kept", found)
    return found


@pytest.fixture
def session(db_session: Session) -> Session:
    for number in range(20):
        day = date(2020, 1, 1 + number % 7)
        row = {"published_on_first": day, "published_on_last": day, "kind": "minutes"}
        db_session.execute(insert(SOURCE).values(title=f"Title {number}", **row))
    return db_session


def in_new_words(word: str) -> ColumnElement[bool]:
    clause = text("(source.title LIKE :sought OR source.title = :other)")
    given = (bindparam("sought", f"%{word}%", unique=True), bindparam("other", word, unique=True))
    return clause.bindparams(*given)  # type: ignore[return-value]


def in_query(first: date, most: int) -> ColumnElement[bool]:
    return NUMBER.in_(select(NUMBER).where(first <= DAY).order_by(DAY, NUMBER).limit(most))


def beside_another(day: date, *titles: str) -> ColumnElement[bool]:
    other = SOURCE.alias()
    there = select(other.c.id).where(other.c.published_on_first < day, other.c.id == NUMBER)
    return there.correlate(SOURCE).exists() | TITLE.in_(titles)


ALIKE = {
    "comparison": [date(2020, 1, n) <= DAY for n in (3, 1, 7, 3)],
    "text": [in_new_words(word) for word in ("1", "Title 3", "nothing", "1")],
    "query": [in_query(date(2020, 1, n), n) for n in (2, 5, 1)],
    "list": [TITLE.in_([f"Title {n}" for n in range(most)]) for most in (1, 5, 0, 12)],
    "both": [beside_another(date(2020, 1, n), *["Title 6"] * n) for n in (2, 1, 5)],
    "all": [true(), true()],
}


def numbers(session: Session, *clauses: ColumnElement[bool]) -> list[int]:
    walk = Walk(NUMBER, by(DAY, descending=True), clauses)
    found, edge = [], None
    while page := places(session, walk, size=4, edge=edge):
        found += [place.number for place in page]
        edge = page[-1]
    assert count_to(session, walk, 100) == len(found)
    assert count_to(session, walk, 5) == min(5, len(found))
    return found


@pytest.mark.parametrize("name", ALIKE)
def test_conditions_that_differ_by_values_have_one_statement(
    session: Session, kept: dict[Any, Any], name: str
) -> None:
    for clause in ALIKE[name]:
        plain = select(NUMBER).where(clause).order_by(DAY.desc(), NUMBER.desc())

        assert numbers(session, clause) == list(session.scalars(plain))

    # The first page, the next ones, and two counts.
    assert len(kept) == 4


def test_one_condition_that_stands_twice_has_its_values_once(session: Session) -> None:
    for day in (date(2020, 1, 3), date(2020, 1, 6)):
        here = day <= DAY

        assert numbers(session, here, here) == numbers(session, here)


def test_other_conditions_have_another_statement(session: Session) -> None:
    day = date(2020, 1, 3)

    one, other, neither = (
        numbers(session, *clauses)
        for clauses in ([day <= DAY], [day > DAY], [day <= DAY, day > DAY])
    )

    assert len(one) + len(other) == 20
    assert neither == []


def test_only_so_many_are_kept(
    session: Session, kept: dict[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_statements, "MOST", 3)
    walk = Walk(NUMBER, by(DAY))

    for size in (1, 2, 3, 4, 5, 1):
        assert len(places(session, walk, size=size)) == size

    assert len(kept) == 3

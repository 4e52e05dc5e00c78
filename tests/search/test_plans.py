"""How a hundred thousand agreements are searched: by which indexes, and in how many statements."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Select, func, select, text
from sqlalchemy.orm import Session

from tests.databases import Databases
from tests.search.archive import AGREEMENTS, COMMON, MIDDLING, RARE, filled
from tracker.agreements.models import Agreement
from tracker.agreements.pages import AGREEMENT_PAGES
from tracker.agreements.searched import AGREEMENTS_SEARCHED
from tracker.columns import Reading
from tracker.db import first_day, make_engine
from tracker.search.asking import read
from tracker.search.conditions import Given
from tracker.search.finding import clause, numbers
from tracker.search.looking import Look, Most, edge, look, newest, newest_few
from tracker.web.walking import count_to

COMMON_ONES = (COMMON, "coop*", f"coop* -{RARE}")
Counter = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def archive(databases: Databases, tmp_path: Path) -> Iterator[Engine]:
    with databases.fresh(filled, tmp_path) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def plan(session: Session, typed: str) -> str:
    """How the database finds the first page of the list, newest first."""
    query = (
        select(Agreement.id)
        .where(clause(AGREEMENTS_SEARCHED, typed, session))
        .order_by(first_day(Agreement.signed_on).desc(), Agreement.id.desc())
        .limit(50)
    )
    return explained(session, query)


def explained(session: Session, query: Select[Any]) -> str:
    connection = session.connection()
    dialect = connection.dialect
    made = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return explained_text(session, str(made).replace("%", "%%"), {})


def explained_text(session: Session, statement: str, values: dict[str, str]) -> str:
    connection = session.connection()
    word = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    lines = connection.exec_driver_sql(f"{word} {statement}", values)
    return "\n".join(str(row[-1]) for row in lines)


@pytest.mark.parametrize("typed", [RARE, f"{RARE} {COMMON}", f'"fisheries {RARE}"', "glaciolog*"])
def test_what_is_rare_comes_from_the_index_of_words(archive: Engine, typed: str) -> None:
    dialect = archive.dialect.name
    asked = read(typed)
    assert asked is not None
    with Session(archive) as session:
        given = Given(dialect)
        statement = newest(Look(AGREEMENTS_SEARCHED, asked), 1_001, given, words=False)
        looked = explained_text(session, statement, given.values)
        listed = plan(session, typed)

    if dialect == "sqlite":
        assert "SCAN search_fts VIRTUAL TABLE INDEX" in looked
        assert "TEMP B-TREE" not in looked
        assert "SEARCH agreement USING INTEGER PRIMARY KEY" in listed
    else:
        assert "Bitmap Index Scan on ix_search_text_words_4" in looked
        assert "pk_search_text" not in looked
        assert "Index Cond: (id = ANY" in listed
        assert "Seq Scan" not in looked + listed


@pytest.mark.parametrize("typed", [COMMON, RARE, f"{COMMON} -{RARE}", "coop*"])
def test_the_newest_few_are_found_without_gathering_all(archive: Engine, typed: str) -> None:
    dialect = archive.dialect.name
    asked = read(typed)
    assert asked is not None
    given, one = Given(dialect), Look(AGREEMENTS_SEARCHED, asked)
    with Session(archive) as session:
        few = explained_text(session, newest_few(one, given, words=True), given.values)
        last = explained_text(session, edge(one), {})

    if dialect == "sqlite":
        by_index = "SCAN search_fts VIRTUAL TABLE INDEX" in few
        assert by_index is not typed.endswith("*")
        assert ("SEARCH search_text USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in few) is (
            not by_index
        )
        assert "TEMP B-TREE" not in few + last
    else:
        assert "Index Scan Backward using pk_search_text" in few
        assert "Index Only Scan Backward using pk_search_text" in last
        assert "Sort" not in few + last


@pytest.mark.parametrize("typed", [COMMON, "agreement cooperation", "coop*", f"{COMMON} -rare"])
def test_what_is_common_is_walked_in_the_order_of_the_list(archive: Engine, typed: str) -> None:
    with Session(archive) as session:
        found = plan(session, typed)

    assert "ix_agreement_signed" in found
    assert "Sort" not in found
    assert "TEMP B-TREE" not in found
    assert "uq_search_text_kind_record_id" in found or "search_text_1" in found
    assert "Seq Scan" not in found


@pytest.mark.parametrize("typed", [*COMMON_ONES, MIDDLING, RARE, f"{MIDDLING} -{COMMON}", "7"])
def test_both_ways_find_the_same(archive: Engine, typed: str) -> None:
    asked = read(typed)
    assert asked is not None
    with Session(archive) as session:
        held = select(func.count()).where(clause(AGREEMENTS_SEARCHED, typed, session))
        counted = session.scalar(held.select_from(Agreement))
        quicker = numbers(AGREEMENTS_SEARCHED, typed, session)
        found = None if quicker is None else set(session.scalars(quicker))
        listed = select(Agreement.id).where(clause(AGREEMENTS_SEARCHED, typed, session))
        numbered = set(session.scalars(listed))
        words = [f" {term.words[0]}{'' if term.open_end else ' '}" for term in asked.terms]
        without = [f" {term.words[0]} " for term in asked.without]
        rows = session.scalars(text("SELECT words FROM search_text WHERE kind = 4"))
        expected = sum(
            all(word in row for word in words) and not any(word in row for word in without)
            for row in rows
        )

    assert 0 < expected < AGREEMENTS
    assert counted == expected
    assert found is None or found == numbered
    assert (found is not None) is (typed in COMMON_ONES)


def test_a_list_of_what_is_common_is_counted_without_a_look_at_each_record(
    archive: Engine, query_counter: Counter
) -> None:
    with Session(archive) as session:
        walk = AGREEMENT_PAGES.walk({"q": COMMON}, Reading(session, date(2026, 1, 1)))
        narrowed = AGREEMENT_PAGES.walk(
            {"q": COMMON, "kind": "treaty"}, Reading(session, date(2026, 1, 1))
        )
        with query_counter() as statements:
            counted = count_to(session, walk, 10_001)

    assert counted == 10_001
    assert narrowed.counted is None
    (counting,) = statements
    assert "EXISTS" not in counting
    if archive.dialect.name == "sqlite":
        assert "search_text" not in counting


def test_looking_takes_as_many_statements_for_a_rare_word_as_for_a_common_one(
    archive: Engine, query_counter: Counter
) -> None:
    counts = {}
    asks: list[Any] = [read(RARE), read(COMMON), read(MIDDLING)]
    with Session(archive) as session:
        for asked in asks:
            with query_counter() as statements:
                (found,) = look(session, [AGREEMENTS_SEARCHED], asked, Most(1_000))
            counts[asked.terms[0].words[0]] = (len(statements), found.common, found.more)

    assert counts == {
        RARE: (2, False, False),
        COMMON: (1, True, True),
        MIDDLING: (2, False, True),
    }

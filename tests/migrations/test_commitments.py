"""The migration that brings commitments renews the table of citations and keeps its rows."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from tests.migrations.snapshot import rows_of
from tracker import migrate
from tracker.db import make_engine

BEFORE, AFTER = "747eecb963f3", "c0331f1e7a52"


@pytest.fixture
def before(empty_database_url: str) -> Iterator[Engine]:
    """The schema before, with a citation 7 of a party; citation 9 was deleted."""
    engine = make_engine(empty_database_url)
    migrate.upgrade(engine, BEFORE)
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO party (id, name, name_key, code, kind, version)"
            " VALUES (1, 'Iran', 'iran', 'IR', 'state', 1),"
            " (2, 'Uzbekistan', 'uzbekistan', 'UZ', 'state', 1)",
            "INSERT INTO source (id, title, kind, version) VALUES (1, 'A', 'news-article', 1)",
            "INSERT INTO citation (id, source_id, party_id, fields, basis, version)"
            " VALUES (7, 1, 1, 'name', 'stated', 3), (9, 1, 1, '', 'stated', 1)",
            "DELETE FROM citation WHERE id = 9",
        ):
            connection.execute(text(statement))
    yield engine
    engine.dispose()


def cite(engine: Engine, column: str) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO citation (id, source_id, {column}, fields, basis, version)"  # noqa: S608
                " VALUES (20, 1, 1, '', 'stated', 1)"
            )
        )


def promise(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO commitment (id, side_a_id, side_b_id, made_by, text, kind, version)"
                " VALUES (1, 1, 2, 'A', 'x', 'clause', 1)"
            )
        )


def citations(engine: Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        query = "SELECT id, party_id, fields, version FROM citation ORDER BY id"
        return [tuple(row) for row in connection.execute(text(query))]


def test_citations_stay_and_may_attest_commitments(before: Engine) -> None:
    migrate.upgrade(before, AFTER)
    promise(before)

    cite(before, "commitment_id")

    assert citations(before) == [(7, 1, "name", 3), (20, None, "", 1)]


def test_a_citation_still_attests_exactly_one_record(before: Engine) -> None:
    migrate.upgrade(before, AFTER)
    promise(before)

    with pytest.raises(IntegrityError), before.begin() as connection:
        connection.execute(text("UPDATE citation SET commitment_id = 1 WHERE id = 7"))


def test_down_takes_only_what_attests_commitments(before: Engine) -> None:
    kept = rows_of(before)
    migrate.upgrade(before, AFTER)
    promise(before)
    cite(before, "commitment_id")

    migrate.downgrade(before, BEFORE)

    assert rows_of(before) == kept


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_numbers_of_deleted_citations_are_not_given_again(before: Engine) -> None:
    migrate.upgrade(before, AFTER)

    with before.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO citation (source_id, party_id, fields, basis, version)"
                " VALUES (1, 1, '', 'stated', 1)"
            )
        )

    assert citations(before)[-1][0] == 10

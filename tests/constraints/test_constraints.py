"""Whatever the schema refuses is said in plain words, at the column where it is shown."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, UniqueConstraint, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker import constraints, schema
from tracker.agreements.table import AGREEMENTS
from tracker.catalogue import TABLES
from tracker.constraints import explain, general
from tracker.history.kept import kept_tables
from tracker.parties.models import Party
from tracker.parties.table import BODIES, PARTIES
from tracker.people.table import PEOPLE

CHECKED = (CheckConstraint, UniqueConstraint)


def declared() -> Iterator[Any]:
    """Constraints of what files and forms of records write; accounts have words of their own."""
    records = {table.model.__tablename__ for table in TABLES.values()}
    written = {kept.name for kept in kept_tables() if kept.record in records}
    for table in schema.Base.metadata.sorted_tables:
        if table.name not in written:
            continue
        found = (c for c in table.constraints if isinstance(c, CHECKED))
        yield from sorted(found, key=lambda constraint: str(constraint.name))


def test_there_are_constraints_to_explain() -> None:
    assert len(list(declared())) > 100


@pytest.mark.parametrize("constraint", list(declared()), ids=lambda constraint: constraint.name)
def test_each_constraint_has_a_meaning_or_belongs_to_a_family(constraint: Any) -> None:
    own = constraints._MEANINGS.get(constraint.name)

    assert (own is None) != (general(constraint) is None)


def test_each_meaning_is_of_a_constraint_and_of_a_column_that_are_there() -> None:
    names = {constraint.name for constraint in declared()}
    columns = {name for table in TABLES.values() for name in table.header}

    for name, (column, _message) in constraints._MEANINGS.items():
        assert name in names
        assert column in columns


def test_each_key_of_a_list_is_explained() -> None:
    for table in schema.Base.metadata.sorted_tables:
        assert isinstance(table.primary_key, PrimaryKeyConstraint)
        assert general(table.primary_key) is not None


def refused(session: Session, model: Any, *rows: dict[str, Any]) -> IntegrityError:
    *before, last = rows
    for row in before:
        session.execute(insert(model), row)
    with pytest.raises(IntegrityError) as error:
        session.execute(insert(model), last)
    session.rollback()
    return error.value


STATE = {"code": "IR", "name": "Iran", "name_key": "iran", "kind": "state", "version": 1}


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"name": ""}, "name", "“name” is empty or has more than 300 characters"),
        ({"name": None}, "name", "“name” is empty. It is needed"),
        ({"existed_from_first": "2022-01-01"}, "existed_from", "“existed_from” is no date"),
        ({"code": "ir"}, "code", "capital letters"),
    ],
)
def test_what_is_wrong_in_one_row_is_said_at_its_column(
    db_session: Session, changes: dict[str, Any], column: str, words: str
) -> None:
    error = refused(db_session, Party.__table__, STATE | _dates(changes))

    problem = explain(error, PARTIES)

    assert (problem.column, words in str(problem)) == (column, True), str(problem)


def _dates(changes: dict[str, Any]) -> dict[str, Any]:
    return {k: date.fromisoformat(v) if k.endswith("_first") else v for k, v in changes.items()}


def test_a_word_that_is_not_in_its_list_is_named_with_the_list(db_session: Session) -> None:
    with pytest.raises(IntegrityError) as error:
        db_session.connection().exec_driver_sql(
            "INSERT INTO party (code, name, name_key, kind, version)"
            " VALUES ('IR', 'Iran', 'iran', 'kingdom', 1)"
        )

    problem = explain(error.value, PARTIES)

    assert problem.column == "kind"
    assert "former-state" in str(problem)


def test_a_unique_value_that_is_taken_is_said_on_both_databases(db_session: Session) -> None:
    error = refused(db_session, Party.__table__, STATE, STATE | {"name": "Persia"})

    assert str(explain(error, PARTIES)) == "Another party has this code."


def test_an_id_that_is_taken_is_said(db_session: Session) -> None:
    rows = (STATE | {"id": 7}, STATE | {"id": 7, "code": "UZ"})

    problem = explain(refused(db_session, Party.__table__, *rows), PARTIES)

    assert (problem.column, str(problem)) == ("id", "Another record has this id.")


@pytest.mark.parametrize(
    ("table", "model", "row", "column"),
    [
        (PEOPLE, schema.people.PersonName, {"person_id": 1}, "other_names"),
        (BODIES, schema.parties.BodyName, {"body_id": 1}, "other_names"),
    ],
)
def test_a_row_of_a_list_is_explained_at_the_list(
    db_session: Session, table: Any, model: Any, row: dict[str, Any], column: str
) -> None:
    blank = {"name": "", "name_key": "", "position": 0} | row

    problem = explain(refused(db_session, model.__table__, blank), table)

    assert problem.column == column
    assert "“name” is empty" in str(problem)


def test_a_topic_that_stands_twice_in_an_agreement_is_said_at_the_topics(
    db_session: Session,
) -> None:
    model = schema.agreements.AgreementLanguage
    db_session.add(Party(id=1, code="IR", name="Iran", kind="state"))
    db_session.add(Party(id=2, code="UZ", name="Uzbekistan", kind="state"))
    db_session.flush()
    row = {"title": "T", "kind": "treaty", "binding": "unknown", "version": 1, "id": 1}
    db_session.execute(insert(AGREEMENTS.model), row | {"side_a_id": 1, "side_b_id": 2})
    twice = {"agreement_id": 1, "language": "fa", "position": 0}

    problem = explain(refused(db_session, model.__table__, twice, twice), AGREEMENTS)

    assert (problem.column, str(problem)) == ("languages", "This is in the list twice.")

"""Terms that cannot be are refused in forms and files alike, at their column."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.agreements.models import Agreement, AgreementKind
from tracker.agreements.table import AGREEMENTS
from tracker.columns import Reading
from tracker.parties.models import Party, PartyKind

TODAY = date(2026, 11, 24)
REFUSED = [
    ({"duration_months": "12", "notice_months": "13"}, "notice_months"),
    ({"duration_months": "12", "notice_days": "400"}, "notice_days"),
    ({"notice_months": "3", "notice_days": "90"}, "notice_days"),
    ({"renewal": "none", "renewal_months": "12"}, "renewal"),
    ({"in_force_after_months": "1", "in_force_after_days": "30"}, "in_force_after_days"),
]


@pytest.fixture
def sides(db_session: Session) -> dict[str, str]:
    parties = [Party(code=code, name=code, kind=PartyKind.STATE) for code in ("AA", "BB")]
    db_session.add_all(parties)
    db_session.commit()
    return {"title": "A pact", "kind": "treaty", "side_a": "AA", "side_b": "BB"}


def read(session: Session, cells: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The columns in which a row of a file is refused, and those in which it is warned of."""
    reading = Reading(session, TODAY)
    given = {column.name: cells.get(column.name, "") for column in AGREEMENTS.stored}
    outcome = AGREEMENTS.read(AGREEMENTS.stored, given, reading)
    refused = [*outcome.problems, *AGREEMENTS.check(outcome.values, reading)]
    warned = AGREEMENTS.warn(outcome.values, reading)
    return [problem.column for problem in refused], [problem.column for problem in warned]


@pytest.mark.parametrize(("terms", "column"), REFUSED)
def test_a_file_with_impossible_terms_is_refused(
    db_session: Session, sides: dict[str, str], terms: dict[str, str], column: str
) -> None:
    assert read(db_session, sides | terms)[0] == [column]


def test_a_renewal_of_no_months_is_refused(db_session: Session, sides: dict[str, str]) -> None:
    with_renewal = sides | {"renewal": "tacit", "renewal_months": "0"}
    reading = Reading(db_session, TODAY)
    given = {column.name: with_renewal.get(column.name, "") for column in AGREEMENTS.stored}

    outcome = AGREEMENTS.read(AGREEMENTS.stored, given, reading)

    assert [problem.column for problem in outcome.problems] == ["renewal_months"]


def test_a_tacit_renewal_of_unknown_length_is_taken_with_a_warning(
    db_session: Session, sides: dict[str, str]
) -> None:
    assert read(db_session, sides | {"renewal": "tacit"}) == ([], ["renewal_months"])


def test_a_file_that_leaves_the_duration_as_it_is_is_held_to_it(
    db_session: Session, sides: dict[str, str]
) -> None:
    side_a, side_b = db_session.query(Party).order_by(Party.code)
    pact = Agreement(title="A pact", kind=AgreementKind.TREATY, side_a=side_a, side_b=side_b)
    pact.duration_months = 6
    reading = Reading(db_session, TODAY, record=pact)
    values = {"side_a": side_a, "side_b": side_b, "ended_how": None, "ended_on": None}

    found = AGREEMENTS.check(values | {"notice_months": 9}, reading)

    assert [problem.column for problem in found] == ["notice_months"]


def test_the_form_refuses_a_notice_longer_than_the_term_and_keeps_what_was_typed(
    client: CheckedClient, sides: dict[str, str]
) -> None:
    typed = sides | {"duration_months": "12", "notice_months": "13", "summary": "Kept as typed."}

    answer = client.submit("/agreements/new", typed)

    assert answer.status_code == 422
    assert 'href="#notice_months"' in answer.text
    assert "A notice of 13 months is longer than the term of 12 months." in answer.text
    assert "Kept as typed." in answer.text

"""A derivation for tests: how many signatures an agreement has, and under which title."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, func, select
from sqlalchemy.orm import Session

from tracker.agreements.models import Agreement, AgreementKind, Signature
from tracker.derived import DERIVATIONS, Reads, own, replaced_rows, triggers
from tracker.parties.models import Party, PartyKind
from tracker.people.models import Person

SIGNED = Table(
    "signed_by",
    MetaData(),
    Column("agreement_id", Integer, primary_key=True),
    Column("title", String(500)),
    Column("side_a", String(300)),
    Column("signatures", Integer),
)


def _rows(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    count = select(func.count()).where(Signature.agreement_id == Agreement.id).scalar_subquery()
    query = (
        select(Agreement.id, Agreement.title, Party.name, count)
        .join(Party, Party.id == Agreement.side_a_id)
        .where(Agreement.id.in_(ids))
    )
    return (tuple(row) for row in connection.execute(query))


SIGNED_BY = replaced_rows(
    "signed_by",
    "agreement",
    (
        Reads("agreement", own("id")),
        Reads("signature", own("agreement_id")),
        Reads(
            "party",
            "SELECT id FROM agreement WHERE side_a_id = {row}.id",
            columns=("name", "official_name"),
        ),
    ),
    SIGNED,
    "agreement_id",
    _rows,
)


@pytest.fixture(autouse=True)
def _derivation(engine: Engine) -> Iterator[None]:
    DERIVATIONS.append(SIGNED_BY)
    try:
        with engine.connect().execution_options(writing=True) as connection:
            SIGNED.create(connection)
            triggers.install(connection)
            connection.commit()
        yield
    finally:
        DERIVATIONS.remove(SIGNED_BY)


@pytest.fixture
def people(db_session: Session) -> list[Person]:
    people = [Person(name=name) for name in ("Nodira Karimova", "Reza Tehrani")]
    db_session.add_all(people)
    db_session.commit()
    return people


@pytest.fixture
def agreements(db_session: Session) -> list[Agreement]:
    """Three agreements between Aland and Borduria, each worked out."""
    side_a, side_b = (
        Party(code=code, name=name, kind=PartyKind.STATE)
        for code, name in (("AA", "Aland"), ("BB", "Borduria"))
    )
    made = [
        Agreement(title=f"Pact {n}", kind=AgreementKind.TREATY, side_a=side_a, side_b=side_b)
        for n in range(3)
    ]
    db_session.add_all(made)
    db_session.commit()
    return made

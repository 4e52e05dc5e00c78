"""New records that come in bulk are remembered by the session, and not noted one by one."""

import pytest
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session

from tests.derived.conftest import SIGNED
from tracker.agreements.models import Agreement, Signature
from tracker.authorship import in_bulk
from tracker.derived.bulk import Brought, brought
from tracker.derived.checking import faults
from tracker.derived.models import Stale
from tracker.derived.working_out import work_out_now
from tracker.people.models import Person

TABLES = {"agreement": "id", "signature": "agreement_id"}


def row(number: int, like: Agreement) -> dict[str, object]:
    sides = {"side_a_id": like.side_a_id, "side_b_id": like.side_b_id}
    return {
        "id": number,
        "title": f"Treaty {number}",
        "kind": "treaty",
        "binding": "unknown",
        **sides,
    }


def notes(session: Session) -> list[tuple[str, int]]:
    return [(kind, number) for kind, number in session.execute(select(Stale.kind, Stale.record_id))]


def signed(session: Session, title: str) -> int | None:
    return session.scalar(select(SIGNED.c.signatures).where(SIGNED.c.title == title))


def bring(session: Session, like: Agreement, person: Person | None = None) -> None:
    """Put two agreements into their tables, the second signed by somebody."""
    with in_bulk(session, TABLES, 2) as tell:
        session.execute(insert(Agreement.__table__), [row(71, like), row(72, like)])
        if person is not None:
            signature = {"agreement_id": 72, "side": "A", "person_id": person.id, "position": 0}
            session.execute(insert(Signature.__table__), [signature])
        tell([71, 72])


def test_they_are_worked_out_without_a_note(
    db_session: Session, agreements: list[Agreement], people: list[Person]
) -> None:
    bring(db_session, agreements[0], people[0])

    assert notes(db_session) == []
    db_session.commit()
    assert [signed(db_session, f"Treaty {number}") for number in (71, 72)] == [0, 1]
    assert list(faults(db_session.connection())) == []
    assert brought(db_session) == []


def test_what_is_written_afterwards_is_noted_again(
    db_session: Session, agreements: list[Agreement], people: list[Person]
) -> None:
    bring(db_session, agreements[0])
    signature = {"side": "A", "person_id": people[0].id, "position": 0}
    for number in (71, agreements[0].id):
        db_session.execute(insert(Signature), [{"agreement_id": number, **signature}])

    assert set(notes(db_session)) >= {("signed_by", 71), ("signed_by", agreements[0].id)}
    db_session.commit()
    assert (signed(db_session, "Treaty 71"), signed(db_session, "Pact 0")) == (1, 1)


def test_rows_that_concern_other_records_are_noted_meanwhile(
    db_session: Session, agreements: list[Agreement]
) -> None:
    with in_bulk(db_session, {"party": "id"}, 1) as tell:
        agreements[0].side_a.name = "Alandia"
        db_session.flush()
        tell([])

    assert {number for kind, number in notes(db_session) if kind == "signed_by"} == {
        one.id for one in agreements
    }


def test_what_is_rolled_back_is_forgotten(db_session: Session, agreements: list[Agreement]) -> None:
    bring(db_session, agreements[0])
    db_session.rollback()

    assert brought(db_session) == []
    assert db_session.scalar(select(func.count()).where(SIGNED.c.title == "Treaty 71")) == 0


def test_nobody_else_is_kept_from_noting(
    engine: Engine, db_session: Session, agreements: list[Agreement]
) -> None:
    """On PostgreSQL two write at once; on SQLite the triggers are there again for the next one."""
    bring(db_session, agreements[0])
    if engine.dialect.name == "sqlite":
        db_session.commit()
    with Session(engine.execution_options(writing=True)) as other:
        other.execute(insert(Agreement.__table__), [row(80, agreements[0])])
        assert ("signed_by", 80) in notes(other)
        other.commit()
    db_session.commit()

    assert signed(db_session, "Treaty 80") == 0


def test_ids_that_follow_each_other_need_no_memory() -> None:
    came = Brought({"agreement": "id"})
    for first in range(5000, 9000, 500):
        came.add(range(first, first + 500))
    came.add([7, 8, 12])

    assert len(came.ranges) == 3
    assert len(came) == 4003
    assert list(came.batches(2))[:2] == [[7, 8], [12, 5000]]


@pytest.mark.parametrize("least", [2, 10_000])
def test_who_waits_hears_of_all_that_is_done_and_of_nothing_else(
    db_session: Session, agreements: list[Agreement], monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    """Also where rows of very many records are put in only once all of them are gathered."""
    monkeypatch.setattr("tracker.indexes.LEAST", least)
    db_session.commit()
    bring(db_session, agreements[0])
    heard: list[tuple[int, int]] = []

    work_out_now(db_session, lambda done, total: heard.append((done, total)))

    done = [one for one, _total in heard]
    (total,) = {total for _one, total in heard}
    assert done == sorted(set(done)), "each time more"
    assert (done[0] < total, done[-1]) == (True, total)

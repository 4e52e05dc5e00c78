"""What is derived from records follows every write, whatever way the rows were written."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Thread

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update
from sqlalchemy.orm import Session

from tests.derived.conftest import SIGNED
from tracker.agreements.models import Agreement, Signature
from tracker.derived import DERIVATIONS
from tracker.derived.checking import faults
from tracker.derived.models import Stale
from tracker.derived.working_out import BATCH, work_out_all, work_out_stale
from tracker.parties.models import Party
from tracker.people.models import Person

Counter = Callable[[], AbstractContextManager[list[str]]]


def signed(session: Session) -> list[tuple[str, str, int]]:
    query = select(SIGNED.c.title, SIGNED.c.side_a, SIGNED.c.signatures).order_by(SIGNED.c.title)
    return [tuple(row) for row in session.execute(query)]


def stale(session: Session) -> set[int]:
    return set(session.scalars(select(Stale.record_id).where(Stale.kind == "signed_by")))


def signature(agreement: Agreement, person: Person) -> Signature:
    return Signature(agreement_id=agreement.id, side="A", person_id=person.id, position=0)


def test_a_record_is_worked_out_with_the_transaction_that_writes_it(
    db_session: Session, agreements: list[Agreement]
) -> None:
    assert signed(db_session) == [(f"Pact {n}", "Aland", 0) for n in range(3)]
    assert stale(db_session) == set()


def test_rows_of_other_tables_count(
    db_session: Session, agreements: list[Agreement], people: list[Person]
) -> None:
    db_session.add(signature(agreements[1], people[0]))
    db_session.commit()

    assert signed(db_session)[1] == ("Pact 1", "Aland", 1)


def test_a_row_that_moves_concerns_both_records(
    db_session: Session, agreements: list[Agreement], people: list[Person]
) -> None:
    moving = signature(agreements[0], people[0])
    db_session.add(moving)
    db_session.commit()
    moving.agreement_id = agreements[2].id
    db_session.commit()

    assert [count for _title, _side, count in signed(db_session)] == [0, 0, 1]


def test_records_that_only_name_the_row_count(
    db_session: Session, agreements: list[Agreement]
) -> None:
    db_session.execute(update(Party).where(Party.code == "AA").values(name="Åland"))
    db_session.commit()

    assert {side for _title, side, _count in signed(db_session)} == {"Åland"}


def test_a_column_that_is_not_read_concerns_nobody(
    db_session: Session, agreements: list[Agreement]
) -> None:
    db_session.execute(update(Party).where(Party.code == "AA").values(alpha3="AAA"))
    db_session.flush()

    assert stale(db_session) == set()


def test_a_deleted_record_leaves_nothing(db_session: Session, agreements: list[Agreement]) -> None:
    db_session.execute(delete(Agreement).where(Agreement.id == agreements[0].id))
    db_session.commit()

    assert [title for title, _side, _count in signed(db_session)] == ["Pact 1", "Pact 2"]


def test_many_rows_take_few_statements(
    db_session: Session, agreements: list[Agreement], query_counter: Counter
) -> None:
    sides = {"side_a_id": agreements[0].side_a_id, "side_b_id": agreements[0].side_b_id}
    rows = [
        {"title": f"Many {n:05}", "kind": "treaty", "binding": "unknown", "version": 1} | sides
        for n in range(2 * BATCH + 5)
    ]

    with query_counter() as statements:
        db_session.execute(insert(Agreement.__table__), rows)
        db_session.commit()

    assert len(signed(db_session)) == 3 + len(rows)
    assert stale(db_session) == set()
    ours = [one for one in statements if "stale" in one or "signed_by" in one]
    # For each of three batches: look and take for each kind, and two or three to write ours; and
    # two looks at what there is.
    kinds = sum(one.record == "agreement" for one in DERIVATIONS)
    assert len(ours) <= 2 + 3 * (2 * kinds + 3)


def test_what_is_written_around_the_program_waits_for_the_next_commit(
    engine: Engine, db_session: Session, agreements: list[Agreement]
) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE agreement SET title = 'Changed' WHERE title = 'Pact 1'"))
    waiting = stale(db_session)
    said = [one for one in faults(db_session.connection()) if "signed_by" in one]
    db_session.add(Person(name="Somebody else"))
    db_session.commit()

    assert waiting == {agreements[1].id}
    assert said == [
        "stale: 1 records wait for their signed_by to be worked out; run: tracker reindex",
        f"agreement {agreements[1].id}: its signed_by is not right; run: tracker reindex",
    ]
    assert list(faults(db_session.connection())) == []
    assert [title for title, _side, _count in signed(db_session)] == ["Changed", "Pact 0", "Pact 2"]


def test_reading_works_nothing_out(
    engine: Engine, db_session: Session, agreements: list[Agreement]
) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE agreement SET title = 'Changed' WHERE title = 'Pact 1'"))
    db_session.scalars(select(Party)).all()
    db_session.commit()

    assert stale(db_session) == {agreements[1].id}


def test_what_is_rolled_back_is_not_stale(db_session: Session, agreements: list[Agreement]) -> None:
    with db_session.begin_nested() as part:
        agreements[0].title = "Never"
        db_session.flush()
        noted = stale(db_session)
        part.rollback()
    db_session.commit()

    assert noted == {agreements[0].id}
    assert stale(db_session) == set()
    assert signed(db_session)[0] == ("Pact 0", "Aland", 0)


def test_everything_can_be_worked_out_anew(
    db_session: Session, agreements: list[Agreement]
) -> None:
    right = signed(db_session)
    db_session.execute(update(SIGNED).values(signatures=7))
    wrong = list(faults(db_session.connection()))
    work_out_all(db_session.connection())

    assert wrong == [
        f"agreement {one.id}: its signed_by is not right; run: tracker reindex"
        for one in agreements
    ]
    assert signed(db_session) == right


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_two_writers_of_one_record_lose_nothing(
    engine: Engine, db_session: Session, agreements: list[Agreement], people: list[Person]
) -> None:
    """The second one waits where the first has worked out, and then sees what it wrote."""
    with Session(engine) as first, Session(engine) as second:
        first.add(signature(agreements[0], people[0]))
        first.flush()
        second.add(signature(agreements[0], people[1]))
        second.flush()
        work_out_stale(first.connection())
        waiting = Thread(target=second.commit)
        waiting.start()
        _until_somebody_waits(db_session)
        first.commit()
        waiting.join()

    assert signed(db_session)[0] == ("Pact 0", "Aland", 2)
    assert stale(db_session) == set()


def _until_somebody_waits(session: Session) -> None:
    query = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while not session.scalar(query):
        session.rollback()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_writers_of_different_records_do_not_wait(
    engine: Engine, db_session: Session, agreements: list[Agreement], people: list[Person]
) -> None:
    """Not even where one of them takes along what somebody wrote around the program."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE agreement SET title = 'Changed' WHERE title = 'Pact 2'"))
    with Session(engine) as first, Session(engine) as second:
        second.execute(text("SET lock_timeout = '5s'"))
        first.add(signature(agreements[0], people[0]))
        second.add(signature(agreements[1], people[1]))
        first.flush()
        second.flush()
        work_out_stale(first.connection())
        second.commit()
        first.commit()

    assert [row[2] for row in signed(db_session)] == [0, 1, 1]
    assert stale(db_session) == set()

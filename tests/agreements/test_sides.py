"""The tables along which lists are walked follow the agreements, whoever writes and how."""

from datetime import date

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, text, update
from sqlalchemy.orm import Session

from tests.overview import archive
from tracker.agreements import statuses
from tracker.agreements.models import Agreement, AgreementTopic
from tracker.agreements.queries import status_is
from tracker.agreements.rules import AgreementStatus
from tracker.agreements.sides import AGREEMENT_SIDE, AGREEMENT_SUBJECT, work_out, wrong
from tracker.agreements.statuses import has_status, status_on_day
from tracker.agreements.topics import Topic
from tracker.derived.checking import faults
from tracker.integrity import narrow, problems
from tracker.parties.models import Party

SIDE, SUBJECT = AGREEMENT_SIDE.c, AGREEMENT_SUBJECT.c
EVERY = range(1, 12_000)


def filled(seeded: Session) -> Connection:
    """A hundred agreements, written in bulk, each third about two topics."""
    parties = {p.code: p.id for p in seeded.scalars(select(Party))}
    topics = list(seeded.scalars(select(Topic.id).order_by(Topic.id).limit(2)))
    archive.write(seeded, 0, 100, parties)
    links = [
        {"agreement_id": archive.FIRST + index, "topic_id": topic, "position": place}
        for index in range(0, 100, 3)
        for place, topic in enumerate(topics)
    ]
    seeded.execute(insert(AgreementTopic), links)
    return seeded.connection()


def rows(connection: Connection, number: int) -> tuple[set[int], set[date | None]]:
    query = select(SIDE.party_id, SIDE.signed_on_first).where(SIDE.agreement_id == number)
    found = connection.execute(query).all()
    return {row[0] for row in found}, {row[1] for row in found}


def test_rows_written_in_bulk_are_followed(seeded: Session) -> None:
    connection = filled(seeded)

    assert set(wrong(connection, EVERY)) == set()
    assert len(connection.execute(select(SIDE.agreement_id)).all()) == 2 * 101
    assert connection.scalar(select(SUBJECT.topic_id).where(SUBJECT.agreement_id == 10_003))


def test_changes_in_bulk_and_by_plain_sql_are_followed(seeded: Session) -> None:
    connection = filled(seeded)
    own = Agreement.__table__.c
    turkey = connection.scalar(select(Party.id).where(Party.code == "TR"))

    # Both parties of each agreement are others now, and some are of no known day.
    connection.execute(
        update(Agreement.__table__).values(side_a_id=own.side_b_id, side_b_id=own.side_a_id)
    )
    connection.execute(
        text("UPDATE agreement SET signed_on_first = NULL, signed_on_last = NULL WHERE id % 2 = 0")
    )
    connection.execute(
        text("UPDATE agreement SET side_a_id = :it WHERE id = 10001"), {"it": turkey}
    )
    connection.execute(
        text("DELETE FROM agreement_topic WHERE agreement_id = 10003 AND position = 0")
    )
    connection.execute(
        text("UPDATE agreement_topic SET agreement_id = 10001 WHERE agreement_id = 10006")
    )
    connection.execute(delete(Agreement.__table__).where(own.id == 10_009))

    assert set(wrong(connection, EVERY)) == set()
    assert turkey in rows(connection, 10_001)[0]
    assert rows(connection, 10_002)[1] == {None}
    assert rows(connection, 10_009) == (set(), set())
    assert not connection.scalar(select(SUBJECT.topic_id).where(SUBJECT.agreement_id == 10_009))


def test_what_is_wrong_is_named_and_mended(seeded: Session) -> None:
    connection = filled(seeded)
    connection.execute(delete(AGREEMENT_SIDE).where(SIDE.agreement_id == 10_005))
    connection.execute(
        update(AGREEMENT_SUBJECT).where(SUBJECT.agreement_id == 10_006).values(signed_on_first=None)
    )
    connection.execute(insert(AGREEMENT_SUBJECT).values(agreement_id=11_500, topic_id=1))

    named = list(narrow(seeded))
    work_out(connection, [10_005, 10_006, 11_500])

    assert [line.split(":")[0] for line in named] == [
        f"agreement {n}" for n in (10_005, 10_006, 11_500)
    ]
    assert list(narrow(seeded)) == []


def test_a_change_of_parties_takes_the_last_status_along(seeded: Session) -> None:
    filled(seeded)
    seeded.commit()
    last = select(SIDE.agreement_id, SIDE.last_status, SIDE.last_since).distinct()
    before = set(map(tuple, seeded.execute(last)))

    seeded.execute(text("UPDATE agreement SET side_a_id = side_b_id, side_b_id = side_a_id"))
    after = set(map(tuple, seeded.execute(last)))

    assert len(before) == 101
    assert not any(None in row for row in before)
    assert after == before
    assert not any("status" in line for line in faults(seeded.connection()))


@pytest.mark.parametrize("day", [date(1994, 6, 1), date(2020, 6, 1), date(2027, 6, 1)])
def test_a_filter_by_status_along_the_sides_says_what_the_rule_says(
    seeded: Session, day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(seeded)
    seeded.commit()
    # What the program does where there are many.
    monkeypatch.setattr(statuses, "FEW", -1)

    for status in AgreementStatus:
        along = has_status(seeded, status, day, SIDE.agreement_id)
        found = set(seeded.scalars(select(SIDE.agreement_id).where(along)))
        said = set(seeded.scalars(select(Agreement.id).where(status_is(status, day))))
        assert found == said, status


def test_sides_without_a_last_status_are_looked_up(seeded: Session) -> None:
    day = date(2026, 6, 1)
    query = select(SIDE.agreement_id, status_on_day(day, SIDE.agreement_id)).distinct()
    before = set(map(tuple, seeded.execute(query)))
    seeded.execute(update(AGREEMENT_SIDE).values(last_status=None, last_since=None))

    after = set(map(tuple, seeded.execute(query)))

    assert before
    assert after == before


def test_a_trigger_that_is_missing_is_named(seeded: Session, engine: Engine) -> None:
    on = " ON agreement" if engine.dialect.name == "postgresql" else ""
    seeded.execute(text(f"DROP TRIGGER agreement_side_update{on}"))

    assert any("agreement_side_update" in line for line in problems(seeded))

"""Every record keeps the moment of its last change, whoever writes it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from tracker import clock, migrate
from tracker.catalogue import TABLES
from tracker.db import Record, make_engine
from tracker.parties.models import Party, PartyKind
from tracker.schema import Base

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def _party(session: Session) -> Party:
    party = Party(code="IR", name="Iran", kind=PartyKind.STATE)
    session.add(party)
    session.commit()
    return party


def _set_back(session: Session) -> None:
    session.execute(text("UPDATE party SET changed_at = '2020-01-02 03:04:05'"))
    session.commit()
    session.expire_all()


def test_a_new_record_has_the_moment_in_utc(db_session: Session) -> None:
    before = clock.now()

    party = _party(db_session)
    db_session.expire_all()

    assert before <= party.changed_at <= clock.now()
    assert party.changed_at.utcoffset() == timedelta(0)


def test_each_save_moves_it_with_the_version(db_session: Session) -> None:
    party = _party(db_session)
    _set_back(db_session)
    before = clock.now()

    party.name = "Persia"
    db_session.commit()

    assert party.version == 2
    assert before <= party.changed_at <= clock.now()


def test_a_save_that_changes_nothing_moves_nothing(db_session: Session) -> None:
    party = _party(db_session)
    before = party.changed_at

    party.name = "Iran"
    db_session.commit()

    assert (party.version, party.changed_at) == (1, before)


def test_a_statement_for_many_rows_moves_it_too(db_session: Session) -> None:
    party = _party(db_session)
    _set_back(db_session)

    db_session.execute(update(Party).values(version=Party.version + 1))
    db_session.commit()

    assert party.changed_at > LONG_AGO + timedelta(days=19_000)


def test_other_zones_come_back_in_utc(db_session: Session) -> None:
    party = _party(db_session)

    tehran = timezone(timedelta(hours=3, minutes=30))
    party.changed_at = datetime(2026, 11, 24, 1, 30, tzinfo=tehran)
    db_session.commit()

    found = db_session.scalar(select(Party.changed_at))
    assert found is not None
    assert found.isoformat() == "2026-11-23T22:00:00+00:00"


def test_rows_written_around_the_program_have_a_moment_before_any_change(
    db_session: Session,
) -> None:
    db_session.execute(
        text(
            "INSERT INTO party (name, name_key, code, kind, version)"
            " VALUES ('Iran', 'iran', 'IR', 'state', 1)"
        )
    )

    assert db_session.scalar(select(Party.changed_at)) == LONG_AGO


def test_it_is_in_every_record_and_in_no_file() -> None:
    records = [m.class_ for m in Base.registry.mappers if issubclass(m.class_, Record)]

    assert len(records) >= len(TABLES)
    assert all("changed_at" in record.__table__.columns for record in records)
    assert not any("changed_at" in table.header for table in TABLES.values())


@pytest.fixture
def before(empty_database_url: str) -> Iterator[Engine]:
    """The schema before moments were kept, with one party."""
    engine = make_engine(empty_database_url)
    migrate.upgrade(engine, "5b1e0a7c93d4")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO party (id, name, name_key, code, kind, version)"
                " VALUES (1, 'Iran', 'iran', 'IR', 'state', 7)"
            )
        )
    yield engine
    engine.dispose()


def test_the_migration_gives_rows_its_own_moment_and_names_the_installation(
    before: Engine,
) -> None:
    start = clock.now()

    migrate.upgrade(before, "7d20c6a1f4be")

    with Session(before) as session:
        version, changed_at = session.execute(select(Party.version, Party.changed_at)).one()
        names = session.scalars(text("SELECT uid FROM installation")).all()
    assert version == 7
    assert start <= changed_at <= clock.now()
    assert len(names) == 1
    assert len(names[0]) == 36

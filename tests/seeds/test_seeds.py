"""The seeds go in by the importer, once, and come out again byte for byte."""

from datetime import date

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tracker.catalogue import TABLES
from tracker.columns import Reading
from tracker.importing import Importer, Report
from tracker.migrate import ROOT
from tracker.tabular import read_sheet, write_rows

TODAY = date(2026, 11, 24)


def take(session: Session, name: str, content: bytes) -> Report:
    reading = Reading(session, TODAY, bulk=True)
    return Importer(TABLES[name], reading).run(read_sheet(content))


def give(session: Session, name: str) -> bytes:
    table = TABLES[name]
    records = session.scalars(select(table.model).order_by(table.model.id))
    return b"".join(write_rows(table.header, map(table.cells, records)))


@pytest.fixture
def seeded(engine: Engine) -> Engine:
    with Session(engine) as session:
        for name in TABLES:
            report = take(session, name, (ROOT / "seeds" / f"{name}.csv").read_bytes())
            assert [str(error) for error in report.errors] == []
        session.commit()
    return engine


def test_seeding_twice_changes_nothing(seeded: Engine) -> None:
    with Session(seeded) as session:
        for name in TABLES:
            report = take(session, name, (ROOT / "seeds" / f"{name}.csv").read_bytes())

            assert report.totals["unchanged"] == len(report.rows), name


def test_what_is_exported_can_be_imported_and_exported_again(
    seeded: Engine, db_session: Session
) -> None:
    with Session(seeded) as session:
        files = {name: give(session, name) for name in TABLES}
        for table in reversed(list(TABLES.values())):
            for record in session.scalars(select(table.model)):
                session.delete(record)
            session.flush()
        session.commit()

    for name, content in files.items():
        assert not take(db_session, name, content).all_errors

    db_session.commit()
    for name, content in files.items():
        assert db_session.scalar(select(func.count()).select_from(TABLES[name].model))
        assert give(db_session, name) == content, name


def test_the_signing_city_is_not_tehran(seeded: Engine) -> None:
    with Session(seeded) as session:
        model = TABLES["agreements"].model

        assert session.scalars(select(model)).one().signed_city == "Tashkent"


def test_no_session_of_the_security_commission_is_said_to_be_held(seeded: Engine) -> None:
    with Session(seeded) as session:
        model = TABLES["meetings"].model

        found = {m.status.value for m in session.scalars(select(model).filter_by(commission_id=1))}

        assert found == {"planned"}

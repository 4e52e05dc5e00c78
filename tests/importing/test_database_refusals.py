"""What only the database sees is found at its own row, and nothing of the file stays."""

from datetime import date

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from tracker.columns import Reading, Table
from tracker.importing import Importer, Report
from tracker.parties.models import Body, Party
from tracker.parties.table import BODIES, PARTIES
from tracker.people.models import Person
from tracker.people.table import PEOPLE
from tracker.tabular import FileRefused, read_sheet

PARTY = "id,code,alpha3,name,official_name,kind,existed_from,existed_until,other_names\r\n"
BODY = "id,party,name,other_names\r\n"


def take(session: Session, table: Table, text: str) -> Report:
    reading = Reading(session, date(2026, 11, 24), bulk=True)
    return Importer(table, reading).run(read_sheet(text.encode()))


@pytest.fixture
def parties(db_session: Session) -> Session:
    db_session.add(Party(code="IR", alpha3="IRN", name="Iran", kind="state"))
    db_session.add(Party(code="UZ", alpha3="UZB", name="Uzbekistan", kind="state"))
    db_session.commit()
    assert [party.id for party in db_session.scalars(select(Party).order_by(Party.id))] == [1, 2]
    return db_session


def places(report: Report) -> list[tuple[int, str]]:
    return [(error.row, error.column) for error in report.errors]


def test_each_row_that_the_database_refuses_is_named(parties: Session) -> None:
    rows = ["1,IR,Ministry,", "2,UZ,Ministry,", "3,IR,Ministry,", "4,IR,Council,", "5,IR,Council,"]

    report = take(parties, BODIES, BODY + "\r\n".join(rows))

    assert places(report) == [(4, "name"), (6, "name")]
    assert "body of this name already" in str(report.errors[0])


def test_rows_of_several_chunks_are_all_found(parties: Session) -> None:
    rows = [f"{number},IR,Ministry {number % 900}," for number in range(1, 1101)]

    report = take(parties, BODIES, BODY + "\r\n".join(rows))

    assert places(report)[0] == (902, "name")
    assert report.errors_total == 200


def test_after_a_refusal_nothing_of_the_file_is_there(parties: Session) -> None:
    report = take(parties, PARTIES, PARTY + ",AA,XXX,A,,state,,,\r\n,BB,XXX,B,,state,,,\r\n")
    parties.rollback()

    assert places(report) == [(3, "alpha3")]
    assert parties.scalar(select(func.count()).select_from(Party)) == 2


def test_a_changed_record_that_is_refused_is_named(parties: Session) -> None:
    parties.add(Body(party_id=1, name="Ministry"))
    parties.add(Body(party_id=1, name="Council"))
    parties.commit()

    report = take(parties, BODIES, BODY + "2,IR,Ministry,\r\n")

    assert places(report) == [(2, "name")]
    assert report.totals["wrong"] == 1


def test_a_record_that_somebody_saved_meanwhile_is_not_overwritten(db_session: Session) -> None:
    db_session.add(Person(id=1, name="Ali Shamkhani"))
    db_session.commit()

    @event.listens_for(db_session, "before_flush", once=True)
    def save_meanwhile(*_: object) -> None:
        db_session.connection().exec_driver_sql("UPDATE person SET version = version + 1")

    with pytest.raises(FileRefused, match="meanwhile"):
        take(db_session, PEOPLE, "id,name,native_name,other_names,note\r\n1,Shamkhani,,,\r\n")

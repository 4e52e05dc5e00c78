"""Rows of one file may exchange what no two records share."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.agreements.topics import Topic
from tracker.agreements.topics_table import TOPICS
from tracker.columns import Reading, Table
from tracker.commissions.models import Commission
from tracker.importing import Importer, Report
from tracker.meetings.models import Meeting
from tracker.meetings.table import MEETINGS
from tracker.parties.models import Body, Party
from tracker.parties.table import BODIES, PARTIES
from tracker.tabular import read_sheet


def take(session: Session, table: Table, *lines: str, partial: bool = True) -> Report:
    reading = Reading(session, date(2026, 11, 24), bulk=True)
    sheet = read_sheet("\r\n".join(lines).encode())
    report = Importer(table, reading, partial=partial).run(sheet)
    if not report.all_errors:
        session.commit()
    return report


@pytest.fixture
def recorded(db_session: Session) -> Session:
    db_session.add(Party(code="IR", alpha3="IRN", name="Iran", kind="state"))
    db_session.add(Party(code="UZ", alpha3="UZB", name="Uzbekistan", kind="state"))
    db_session.flush()
    for number in (1, 2):
        db_session.add(
            Commission(
                id=number,
                name=f"Commission {number}",
                side_a_id=1,
                side_b_id=2,
                kind="joint-commission",
                status="active",
            )
        )
        db_session.add(Body(id=number, party_id=1, name=f"Body {number}"))
        db_session.add(Topic(id=number, code=f"T{number}", name=f"Topic {number}"))
    db_session.flush()
    for number, (commission, session) in enumerate([(1, 1), (1, 2), (2, 1)], start=1):
        db_session.add(
            Meeting(
                id=number,
                commission_id=commission,
                number=session,
                kind="session",
                status="planned",
            )
        )
    db_session.commit()
    return db_session


MEETING = "id,commission,number,status,kind"


def numbers(session: Session) -> dict[int, tuple[int | None, int | None]]:
    return {m.id: (m.commission_id, m.number) for m in session.scalars(select(Meeting))}


def test_two_sessions_exchange_their_numbers(recorded: Session) -> None:
    report = take(recorded, MEETINGS, MEETING, "1,1,2,planned,session", "2,1,1,planned,session")

    assert numbers(recorded) == {1: (1, 2), 2: (1, 1), 3: (2, 1)}
    assert report.rows[0].changes == [("number", "1", "2")]


def test_two_sessions_exchange_their_commissions(recorded: Session) -> None:
    take(recorded, MEETINGS, MEETING, "1,2,1,planned,session", "3,1,1,planned,session")

    assert numbers(recorded) == {1: (2, 1), 2: (1, 2), 3: (1, 1)}


def test_a_number_that_nobody_gives_up_is_still_taken(recorded: Session) -> None:
    report = take(recorded, MEETINGS, MEETING, "1,1,2,planned,session")

    assert [(e.row, e.column) for e in report.errors] == [(2, "number")]
    assert "meeting #2" in str(report.errors[0])


def test_two_rows_cannot_take_one_freed_number(recorded: Session) -> None:
    rows = ["1,1,5,planned,session", "2,1,1,planned,session", ",1,1,planned,session"]

    report = take(recorded, MEETINGS, MEETING, *rows)

    assert [(e.row, e.column) for e in report.errors] == [(4, "number")]


def test_two_parties_exchange_their_codes(recorded: Session) -> None:
    report = take(
        recorded,
        PARTIES,
        "id,code,alpha3,name,kind",
        "1,UZ,UZB,Iran,state",
        "2,IR,IRN,Uzbekistan,state",
    )

    assert report.rows[1].changes == [("code", "UZ", "IR"), ("alpha3", "UZB", "IRN")]
    found = {p.id: (p.code, p.alpha3) for p in recorded.scalars(select(Party))}
    assert found == {1: ("UZ", "UZB"), 2: ("IR", "IRN")}


def test_parties_known_by_code_exchange_their_alpha3(recorded: Session) -> None:
    take(recorded, PARTIES, "code,alpha3,name,kind", "IR,UZB,Iran,state", "UZ,IRN,Uz,state")

    found = {p.code: p.alpha3 for p in recorded.scalars(select(Party))}
    assert found == {"IR": "UZB", "UZ": "IRN"}


def test_a_code_that_one_row_gives_up_names_a_new_record_in_another(recorded: Session) -> None:
    report = take(recorded, PARTIES, "id,code,name,kind", "1,IRX,Old,former-state", ",IR,New,state")

    assert report.totals["new"] == 1
    assert {p.code: p.name for p in recorded.scalars(select(Party))} == {
        "IRX": "Old",
        "IR": "New",
        "UZ": "Uzbekistan",
    }


def test_topics_exchange_codes_and_are_found_by_the_new_ones(recorded: Session) -> None:
    take(recorded, TOPICS, "id,code,name,parent", "1,T2,Topic 1,", "2,T1,Topic 2,T2")

    second = recorded.get_one(Topic, 2)
    assert (second.code, second.parent_id) == ("T1", 1)


def test_bodies_of_a_party_exchange_their_names(recorded: Session) -> None:
    take(recorded, BODIES, "id,party,name", "1,IR,Body 2", "2,IR,Body 1")

    found = {b.id: (b.name, b.name_key) for b in recorded.scalars(select(Body))}
    assert found == {1: ("Body 2", "body 2"), 2: ("Body 1", "body 1")}


def test_an_exchange_in_a_file_with_a_wrong_row_leaves_all_as_it_was(recorded: Session) -> None:
    rows = ["1,1,2,planned,session", "2,1,1,planned,session", "3,1,x,planned,session"]

    report = take(recorded, MEETINGS, MEETING, *rows)
    recorded.rollback()

    assert [(e.row, e.column) for e in report.errors] == [(4, "number")]
    assert numbers(recorded) == {1: (1, 1), 2: (1, 2), 3: (2, 1)}

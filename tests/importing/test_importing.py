"""What an import says of a file that is not right, and that nothing of it is written."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.agreements.topics_table import TOPICS
from tracker.columns import Reading
from tracker.importing import Importer, ImportRefused, Report
from tracker.people.models import Person
from tracker.people.table import PEOPLE
from tracker.tabular import FileRefused, guard, read_sheet, unguard

HEADER = "id,name,native_name,other_names,note\r\n"


def take(session: Session, text: str) -> Report:
    return Importer(PEOPLE, Reading(session, date(2026, 11, 24))).run(read_sheet(text.encode()))


def test_a_new_row_is_new_and_then_unchanged(db_session: Session) -> None:
    assert take(db_session, HEADER + ",Ali Shamkhani,,,\r\n").totals["new"] == 1
    db_session.commit()
    number = db_session.scalars(select(Person)).one().id

    assert take(db_session, HEADER + f"{number},Ali Shamkhani,,,\r\n").totals["unchanged"] == 1


def test_a_changed_cell_is_shown_before_and_after(db_session: Session) -> None:
    take(db_session, HEADER + "7,Viktor Makhmudov,,,\r\n")

    report = take(db_session, HEADER + "7,Viktor Makhmudov,,Mahmudov,\r\n")

    assert report.rows[0].changes == [("other_names", "", "Mahmudov")]


def test_every_wrong_row_is_named_with_its_column(db_session: Session) -> None:
    report = take(db_session, HEADER + ",,,,\r\nx,A,,,\r\n,,,,note without a name\r\n")

    assert [(error.row, error.column) for error in report.errors] == [(3, "id"), (4, "name")]
    assert db_session.scalar(select(func.count()).select_from(Person)) == 0


def test_two_rows_of_one_id_are_refused(db_session: Session) -> None:
    report = take(db_session, HEADER + "1,A,,,\r\n1,B,,,\r\n")

    assert "Row 2 has the same id" in str(report.errors[0])


def test_a_circle_of_topics_is_refused_at_its_row(db_session: Session) -> None:
    sheet = read_sheet(b"id,code,name,parent\r\n1,A,One,B\r\n2,B,Two,A\r\n")

    report = Importer(TOPICS, Reading(db_session, date(2026, 11, 24))).run(sheet)

    assert [(error.row, error.column) for error in report.errors] == [(3, "parent")]


@pytest.mark.parametrize("header", ["id,name\r\n", HEADER.replace("note", "nota")])
def test_a_wrong_header_is_refused(db_session: Session, header: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        take(db_session, header + "1,A\r\n")

    assert refused.value.report.errors[0].row == 1


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "spreadsheet"),
        ("id,näme\r\n".encode("latin-1"), "UTF-8"),
        ("id,name".encode("utf-16"), "UTF-16"),
        (b"id;name;note\r\n", "commas"),
    ],
)
def test_a_file_that_is_no_csv_is_refused_in_plain_words(content: bytes, word: str) -> None:
    with pytest.raises(FileRefused, match=word):
        read_sheet(content)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "'t Hooft", "''x", "＝1", "plain", ""])
def test_a_cell_comes_back_as_it_was(cell: str) -> None:
    assert unguard(guard(cell)) == cell
    assert guard(cell)[:1] not in tuple("=+-@＝")

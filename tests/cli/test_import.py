"""`tracker import`: what it refuses, with which words and status, and that nothing is written."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.cli import cli
from tracker.people.models import Person

Run = Callable[..., Result]
HEADER = "id,name,native_name,other_names,note\r\n"
GOOD = HEADER + "1,Ali Shamkhani,علی شمخانی,,\r\n"


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Run:
    """`tracker import people FILE …` with a file of this content."""

    def run(content: str | bytes, *options: str) -> Result:
        path = tmp_path / "people.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        env = {"TRACKER_DATABASE_URL": database_url, "TRACKER_SECRET_KEY": "for tests"}
        return CliRunner().invoke(cli, ["import", "people", str(path), *options], env=env)

    return run


def count(session: Session) -> int | None:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Person))


def spreadsheet() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/styles.xml", "<styleSheet/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id,name\r\n1,A\r\n", "row 1, column note: These columns are missing: note."),
        (GOOD.replace("note", "nota"), "row 1, column nota: These columns are not known: nota."),
        (GOOD.replace("note", "name"), "row 1, column name: These columns are in the file twice"),
        (HEADER + "1,A,,,\r\n2,,,,x\r\n", "row 3, column name: This is empty. It is needed."),
        (HEADER + "1,A,,,\r\nzwei,B,,,\r\n", "row 3, column id: Write a whole number from 1 to"),
        (HEADER + "1,A\r\n", "row 2: This row has 2 cells; the header has 5."),
        (HEADER + "1,A,,,\r\n01,B,,,\r\n", "row 3, column id: Row 2 has the same id: 01."),
        (HEADER + '1,"A\x07B",,,\r\n', "row 2, column name: This holds invisible control"),
        (HEADER + '1,"A,,,\r\n', "Row 2 cannot be read as CSV"),
        (GOOD.encode("utf-16"), "The file is in UTF-16. Save it as “CSV UTF-8” and try again."),
        ((HEADER + "1,Müller,,,\r\n").encode("latin-1"), "Row 2 is not in UTF-8."),
        (b"", "The file is empty. The first row must name the columns."),
        (b"\xef\xbb\xbf\r\n\r\n", "The file is empty."),
        (spreadsheet(), "This is a spreadsheet, not a CSV file."),
    ],
)
def test_a_file_that_is_not_right_is_refused(
    run: Run, db_session: Session, content: str | bytes, said: str
) -> None:
    result = run(content)

    assert result.exit_code == 1
    assert said in result.stderr
    assert count(db_session) == 0


def test_the_first_hundred_errors_are_listed_and_all_are_counted(
    run: Run, db_session: Session
) -> None:
    result = run(HEADER + "".join(f"{number},,,,x\r\n" for number in range(1, 251)))

    lines = result.stderr.splitlines()
    assert (result.exit_code, len(lines)) == (1, 101)
    assert lines[99].startswith("row 101, column name")
    assert lines[100] == "250 errors, the first 100 above. Nothing was written."
    assert count(db_session) == 0


def test_one_wrong_row_among_many_keeps_all_out(run: Run, db_session: Session) -> None:
    rows = "".join(f"{n},{'' if n == 1500 else f'Person {n}'},,,x\r\n" for n in range(1, 2001))

    result = run(HEADER + rows)

    assert "row 1501, column name" in result.stderr
    assert "1 error. Nothing was written." in result.stderr
    assert count(db_session) == 0


def test_a_dry_run_says_row_by_row_what_would_be_and_writes_nothing(
    run: Run, db_session: Session
) -> None:
    run(HEADER + "1,Ali Shamkhani,,,\r\n2,Viktor Makhmudov,,,\r\n")

    result = run(
        HEADER + "1,Ali Shamkhani,,,\r\n2,Viktor Makhmudov,,Mahmudov,\r\n3,New One,,,\r\n",
        "--dry-run",
    )

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "row 2: unchanged – Ali Shamkhani",
        "row 3: changed – Viktor Makhmudov",
        "    other_names: (empty) → Mahmudov",
        "row 4: new – New One",
        "1 new, 1 changed, 1 unchanged, 0 wrong. Nothing was written (dry run).",
    ]
    assert count(db_session) == 2


def test_a_dry_run_names_wrong_rows_too(run: Run, db_session: Session) -> None:
    result = run(HEADER + "1,A,,,\r\n2,,,,x\r\n", "--dry-run")

    assert result.exit_code == 1
    assert "row 3, column name" in result.stderr
    assert count(db_session) == 0


def test_columns_are_read_as_others_or_left_out(run: Run, db_session: Session) -> None:
    content = "Number,Full name=,native_name,Remarks\r\n7,Ali Shamkhani,علی,gone\r\n"
    options = ["Number=id", "Full name==name", "Remarks="]

    result = run(content, "--partial", *(part for one in options for part in ("--map", one)))

    assert result.exit_code == 0, result.stderr
    person = db_session.scalars(select(Person)).one()
    assert (person.id, person.name, person.native_name) == (7, "Ali Shamkhani", "علی")
    assert person.note is None


@pytest.mark.parametrize(
    ("mapped", "said"),
    [
        ("Nom=name", "The file has no column “Nom”. It has: id, name, native_name"),
        ("name=nom", "“nom” is no column of people. Known are: id, name, native_name"),
        ("name=", "These columns are missing: name."),
        ("note=name", "These columns are in the file twice: name."),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(
    run: Run, db_session: Session, mapped: str, said: str
) -> None:
    result = run(GOOD, "--map", mapped)

    assert result.exit_code == 1
    assert said in result.stderr
    assert count(db_session) == 0


def test_a_mapping_without_a_sign_is_wrong_usage(run: Run) -> None:
    result = run(GOOD, "--map", "name")

    assert result.exit_code == 2
    assert "write COLUMN=FIELD" in result.stderr


def test_errors_name_the_files_own_columns(run: Run) -> None:
    result = run(HEADER.replace("name,", "Full name,", 1) + "1,,,,x\r\n", "--map", "Full name=name")

    assert "row 2, column Full name: This is empty." in result.stderr


def test_a_record_that_is_not_known_is_wrong_usage(run: Run) -> None:
    result = CliRunner().invoke(cli, ["import", "peoples", __file__])

    assert result.exit_code == 2
    assert "'people'" in result.stderr

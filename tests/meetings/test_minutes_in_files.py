"""Minutes in files: the same refusals as in the form, and an export that changes nothing."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.columns import Reading
from tracker.dates import PartialDate
from tracker.importing import Importer, Report
from tracker.meetings.models import ActionItem, Decision, Meeting
from tracker.meetings.table import MEETINGS
from tracker.people.models import Person
from tracker.tabular import read_sheet, write_rows

TODAY = date(2026, 11, 24)
HELD, PLANNED = 3, 4  # Sessions 16 and 17 of the trade commission.

REFUSALS = [
    pytest.param(
        HELD,
        {"action_items": "Send it|A||2024"},
        {"action_items-0-text": "Send it", "action_items-0-side": "A"}
        | {"action_items-0-due_on": "2024"},
        "This is before the session began.",
        id="an item due before its session",
    ),
    pytest.param(
        PLANNED,
        {"status": "held"},
        {"status": "held"},
        "It was held: say when, as precisely as is known.",
        id="held without a date",
    ),
    pytest.param(
        PLANNED,
        {"decisions": "A working group is set up"},
        {"decisions-0-text": "A working group is set up"},
        "Only a meeting that was held has these. Mark it as held first.",
        id="a decision of a meeting that is not held",
    ),
]


def row_of(session: Session, number: int) -> dict[str, str]:
    """A meeting as a row of its file."""
    cells = MEETINGS.cells(session.get_one(Meeting, number))
    return dict(zip(MEETINGS.header, cells, strict=True))


def file_of(*rows: Mapping[str, str]) -> bytes:
    return b"".join(write_rows(MEETINGS.header, [list(row.values()) for row in rows]))


def take(session: Session, content: bytes) -> Report:
    return Importer(MEETINGS, Reading(session, TODAY, bulk=True)).run(read_sheet(content))


@pytest.mark.parametrize(("number", "cells", "typed", "words"), REFUSALS)
def test_form_and_file_refuse_with_the_same_words(
    seeded: Session,
    client: CheckedClient,
    number: int,
    cells: dict[str, str],
    typed: dict[str, str],
    words: str,
) -> None:
    by_file = take(seeded, file_of(row_of(seeded, number) | cells))
    seeded.rollback()
    by_form = client.submit(f"/meetings/{number}/edit", typed)

    assert [str(error.problem) for error in by_file.errors] == [words]
    assert by_form.status_code == 422
    assert words in by_form.text


def test_an_exported_file_with_minutes_changes_nothing(
    seeded: Session, client: CheckedClient
) -> None:
    person = seeded.scalars(select(Person)).first()
    meeting = seeded.get_one(Meeting, HELD)
    meeting.decisions = [
        Decision(text="A group; of two | three", reference="¶ 4", position=0),
        Decision(text="=SUM(1)", position=1),
    ]
    meeting.action_items = [
        ActionItem(text="Send it", side="A", due_on=PartialDate.from_iso("2025-09"), position=0),
        ActionItem(
            text="Send it",
            person=person,
            state="done",
            done_on=PartialDate.from_iso("2025-06-02"),
            note="By letter",
            position=1,
        ),
    ]
    seeded.commit()
    before = [(item.id, item.person_id) for item in meeting.action_items]
    version = meeting.version
    exported = client.get("/meetings.csv").data

    report = take(seeded, exported)
    seeded.commit()

    assert report.totals == {"new": 0, "changed": 0, "unchanged": len(report.rows), "wrong": 0}
    seeded.refresh(meeting)
    assert meeting.version == version
    assert [(item.id, item.person_id) for item in meeting.action_items] == before
    assert client.get("/meetings.csv").data == exported

"""The calendar feed of deadlines: an event keeps its name while its day moves."""

from typing import Any

import icalendar
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.overview.conftest import RENEWED, add, on
from tracker.agreements.models import Renewal


def test_deadlines_as_a_calendar(seeded: Session, client: CheckedClient) -> None:
    agreement = add(
        seeded,
        "Renewed",
        in_force_on=on("2020-08-01"),
        duration_months=36,
        renewal=Renewal.TACIT,
        renewal_months=12,
        notice_months=3,
        lead_days=30,
    )

    def events() -> list[Any]:
        answer = client.get("/deadlines.ics?party=TR")
        assert answer.status_code == 200
        return list(icalendar.Calendar.from_ical(answer.data).walk("VEVENT"))

    (first,) = events()
    agreement.note = "Changed"
    seeded.commit()
    (second,) = events()

    assert first["UID"] == second["UID"]
    assert second["SEQUENCE"] == first["SEQUENCE"] + 1
    assert (first["DTSTART"].dt.month, first["DTSTART"].dt.day) == (4, 30)
    assert "Renewed" in first["SUMMARY"]
    etag = client.get("/deadlines.ics?party=TR").headers["ETag"]
    again = client.get("/deadlines.ics?party=TR", headers={"If-None-Match": etag})
    assert again.status_code == 304


def test_a_notice_stays_one_event_when_its_day_moves(
    seeded: Session, client: CheckedClient
) -> None:
    agreement = add(seeded, "Moved", **RENEWED)

    def event() -> Any:
        (found,) = icalendar.Calendar.from_ical(client.get("/deadlines.ics?party=TR").data).walk(
            "VEVENT"
        )
        return found

    before = event()
    agreement.notice_months = 3
    seeded.commit()
    after = event()

    assert before["UID"] == after["UID"]
    assert before["DTSTART"].dt != after["DTSTART"].dt

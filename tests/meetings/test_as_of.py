"""A commission's page as of a day: its sessions as they stood, what came next, its items."""

import pytest
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.meetings.conftest import MakeCommission, MakeSession
from tracker.dates import PartialDate
from tracker.meetings.models import ActionItem, MeetingAct
from tracker.meetings.sequence import MeetingStatus


def on(text: str) -> PartialDate:
    return PartialDate.from_iso(text)


def sessions_as_of(client: CheckedClient, day: str, number: int = 1) -> list[str]:
    """Each session on the line, its words parted by single blanks."""
    page = client.page(f"/commissions/{number}?on={day}")
    lines = [item for item in page.all("li") if "session" in item.attrs.get("class", "").split()]
    return [" ".join(item.text.split()) for item in lines]


def test_each_session_stands_as_it_stood_on_the_day(seeded: Session, client: CheckedClient) -> None:
    lines = sessions_as_of(client, "2024-03-20")

    overdue = [line for line in lines if "no record that it was held" in line]
    assert [line.split(" due")[0] for line in overdue] == ["Session 2", "Session 1"]
    assert "11 days overdue" in overdue[0]
    assert "377 days overdue" in overdue[1]
    assert [line.split(" due")[0] for line in lines if "expected" in line] == [
        "Session 5",
        "Session 4",
        "Session 3",
    ]


def test_the_next_session_is_that_of_the_day(seeded: Session, client: CheckedClient) -> None:
    def following(day: str) -> str:
        text = " ".join(client.page(f"/commissions/1?on={day}").text.split())
        return text.split("Next: ")[1].split(".")[0]

    assert following("2023-03-09") == "Session 1, due by 9 March 2023, Tehran"
    assert following("2023-03-10") == "Session 2, due by 9 March 2024, Tashkent"
    assert following("2026-11-24") == "Session 5, due by 9 March 2027, Tehran"


def test_what_was_held_later_was_not_held_on_the_day(
    seeded: Session, client: CheckedClient
) -> None:
    client.submit("/meetings/5/hold", {"begins_on": "2023-03-01", "outcome": "A programme"})

    before = sessions_as_of(client, "2023-02-28")
    after = sessions_as_of(client, "2023-03-01")

    assert not any("held" in line or "A programme" in line for line in before)
    assert any("held" in line and "A programme" in line for line in after)


def test_a_session_of_which_nothing_was_known_is_left_out(
    seeded: Session, client: CheckedClient
) -> None:
    then = sessions_as_of(client, "2024-01-01", 2)
    now = sessions_as_of(client, "2026-11-24", 2)

    assert any("Session 16" in line for line in now)
    assert not any("Session 16" in line for line in then)
    assert then


def test_what_was_postponed_later_was_still_planned(
    db_session: Session,
    client: CheckedClient,
    make_commission: MakeCommission,
    make_session: MakeSession,
) -> None:
    acts = [
        MeetingAct(kind=MeetingStatus.PLANNED, new_date=on("2024-05-02"), position=0),
        MeetingAct(
            kind=MeetingStatus.POSTPONED,
            done_on=on("2024-04-20"),
            new_date=on("2024-09-10"),
            position=1,
        ),
    ]
    commission = make_commission()
    make_session(
        commission,
        1,
        2024,
        status=MeetingStatus.POSTPONED,
        begins_on=on("2024-09-10"),
        acts=acts,
    )

    (before,) = sessions_as_of(client, "2024-04-19", commission.id)
    (after,) = sessions_as_of(client, "2024-04-20", commission.id)

    assert "2 May 2024" in before
    assert "planned" in before
    assert "10 September 2024" in after
    assert "postponed" in after


def test_items_stand_as_they_stood(seeded: Session, client: CheckedClient) -> None:
    item = {"side": "A", "position": 0, "due_on": on("2025-09")}
    closed = {"state": "done", "done_on": on("2025-12-01")}
    seeded.add(ActionItem(meeting_id=3, text="Send the list", **item, **closed))
    seeded.commit()

    def said(day: str) -> str:
        return " ".join(client.get(f"/commissions/2?on={day}").text.split())

    assert "Send the list" not in said("2025-01-01")
    assert "possibly overdue" in said("2025-09-15")
    assert "61 days overdue" in said("2025-11-30")
    assert "overdue" not in said("2025-12-01").split("Send the list")[1].split("</li>")[0]


def test_the_page_says_in_words_of_which_day_it_is(seeded: Session, client: CheckedClient) -> None:
    assert "As of 30 June 2015" in client.get("/commissions/1?on=2015-06-30").text
    assert "As of" not in client.get("/commissions/1").text


@pytest.mark.parametrize("typed", ["soon", "2015", "2015-06", "2015-02-30"])
def test_what_is_no_day_gets_a_plain_page(
    seeded: Session, client: CheckedClient, typed: str
) -> None:
    answer = client.get(f"/commissions/1?on={typed}")

    assert answer.status_code == 400
    assert "<h1" in answer.text

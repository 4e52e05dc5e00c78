"""Minutes: decisions and action items, carried to the next session until they are closed."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.dates import read_date
from tracker.meetings.models import ActionItem, ItemState, Meeting
from tracker.meetings.table import MEETINGS
from tracker.people.models import Person

HELD = "/meetings/3/edit"  # The 16th session of the trade commission, May 2025.
ITEMS = {
    "decisions-0-text": "A working group is set up",
    "decisions-0-reference": "¶ 4",
    "action_items-0-text": "Send the list of barriers",
    "action_items-0-side": "B",
    "action_items-0-person": "Laziz Kudratov",
    "action_items-0-due_on": "2025-09",
}


def minute(client: CheckedClient, **more: str) -> int:
    opened = {"rows": "decisions:add"}
    assert client.submit(HELD, opened).status_code == 200
    return client.submit(HELD, ITEMS | more).status_code


def only_item(session: Session) -> ActionItem:
    session.rollback()
    return session.scalars(select(ActionItem)).one()


def test_minutes_are_recorded_and_shown(seeded: Session, client: CheckedClient) -> None:
    assert minute(client) == 303

    text = client.get("/meetings/3").text
    for shown in (
        "A working group is set up",
        "¶ 4",
        "Send the list of barriers",
        "September 2025",
    ):
        assert shown in text
    assert "days overdue" in text


def test_an_open_item_stands_on_the_next_sessions_agenda_until_it_is_closed(
    seeded: Session, client: CheckedClient
) -> None:
    minute(client)
    item = only_item(seeded)
    assert "Agenda: open items" in client.get("/meetings/4").text
    assert "Send the list of barriers" in client.get("/meetings/4").text
    assert "Action items of all sessions" in client.get("/commissions/2").text
    assert "Send the list of barriers" in client.get("/attention.csv?party=UZ").text
    version = seeded.get_one(Meeting, 3).version
    seeded.rollback()

    address = f"/action-items/{item.id}/close"
    answer = client.submit(address, {"state": "done", "done_on": "2025-10-02", "note": "By note"})

    assert answer.status_code == 303
    item = only_item(seeded)
    assert (item.state, item.note) == (ItemState.DONE, "By note")
    assert seeded.get_one(Meeting, 3).version == version + 1
    assert "Send the list of barriers" not in client.get("/meetings/4").text
    assert "Send the list of barriers" not in client.get("/attention.csv?party=UZ").text
    assert "Send the list of barriers" in client.get("/commissions/2").text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("action_items-0-due_on", "2024", "before the session began"),
        ("action_items-0-done_on", "2025-08-01", "It is open"),
        ("action_items-0-text", "", "needed"),
        ("decisions-0-text", "", "needed"),
    ],
)
def test_what_cannot_be_is_named_at_its_row(
    seeded: Session, client: CheckedClient, field: str, typed: str, said: str
) -> None:
    answer = client.submit(HELD, ITEMS | {field: typed})

    assert answer.status_code == 422
    assert said in answer.text
    assert f'href="#{field}"' in answer.text


def test_an_item_without_anybody_is_refused(seeded: Session, client: CheckedClient) -> None:
    nobody = {"action_items-0-side": "", "action_items-0-person": ""}

    answer = client.submit(HELD, ITEMS | nobody)

    assert answer.status_code == 422
    assert "Say which side or which person" in answer.text


def test_only_a_held_meeting_has_minutes(seeded: Session, client: CheckedClient) -> None:
    answer = client.submit("/meetings/4/edit", ITEMS)

    assert answer.status_code == 422
    assert "Only a meeting that was held has these" in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"state": "open", "done_on": "2025-08-01"}, "It is open"),
        ({"state": "done", "done_on": "2999"}, "day to come"),
        ({"state": "done", "done_on": "2020"}, "before the session began"),
        ({"state": "finished"}, "not in the list"),
    ],
)
def test_closing_says_what_is_wrong(
    seeded: Session, client: CheckedClient, typed: dict[str, str], said: str
) -> None:
    minute(client)
    address = f"/action-items/{only_item(seeded).id}/close"

    answer = client.submit(address, typed)

    assert answer.status_code == 422
    assert said in answer.text


def test_closing_from_an_old_page_is_refused(seeded: Session, client: CheckedClient) -> None:
    minute(client)
    address = f"/action-items/{only_item(seeded).id}/close"

    assert client.submit(address, {"state": "done", "version": "1"}).status_code == 409
    assert client.get("/action-items/999/close").status_code == 404
    assert only_item(seeded).state is ItemState.OPEN


def test_minutes_go_out_and_come_back_the_same(seeded: Session, client: CheckedClient) -> None:
    minute(client)
    meeting = seeded.get_one(Meeting, 3)
    seeded.refresh(meeting)
    cells = dict(zip(MEETINGS.header, MEETINGS.cells(meeting), strict=True))

    assert cells["decisions"] == "A working group is set up|¶ 4"
    assert cells["action_items"] == (
        f"Send the list of barriers|B|Laziz Kudratov #{meeting.action_items[0].person_id}"
        "|2025-09|open"
    )


def test_items_cost_the_same_queries_however_many(
    seeded: Session,
    client: CheckedClient,
    query_counter: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    def cost() -> int:
        with query_counter() as statements:
            client.get("/commissions/2")
            client.get("/meetings/4")
        return len(statements)

    def add(count: int) -> None:
        seeded.add_all(
            ActionItem(meeting_id=3, text=f"Item {n}", side="A", position=n) for n in range(count)
        )
        seeded.commit()

    add(2)
    few = cost()
    add(60)

    assert cost() == few


def test_an_edited_item_stays_the_same_item(seeded: Session, client: CheckedClient) -> None:
    minute(client)
    number = only_item(seeded).id

    for change in ({"action_items-0-due_on": "2025-12"}, {"action_items-0-text": "Send it all"}):
        assert client.submit(HELD, change).status_code == 303

    assert only_item(seeded).id == number
    assert "Send it all" in client.get(f"/action-items/{number}/close").text


def test_the_number_of_an_item_is_never_given_out_again(
    seeded: Session, client: CheckedClient
) -> None:
    minute(client)
    number = only_item(seeded).id
    client.submit(HELD, {"rows": "action_items:0:remove"})
    gone = {name: "" for name in ITEMS if name.startswith("action_items")}
    assert client.submit(HELD, gone).status_code == 303

    client.submit(HELD, ITEMS | {"action_items-0-text": "Another"})

    assert only_item(seeded).id > number


def test_minutes_are_taken_out_before_held_is_taken_back(
    seeded: Session, client: CheckedClient
) -> None:
    hold = {"begins_on": "2026-03-02"}
    assert client.submit("/meetings/9/hold", hold).status_code == 303
    items = {name: text for name, text in ITEMS.items() if name.startswith("action_items")}
    items |= {"action_items-0-due_on": "2026-12"}
    assert (
        client.submit("/meetings/9/edit", items | {"action_items-0-due_on": "2026-12"}).status_code
        == 303
    )

    answer = client.submit("/meetings/9/undo", {})

    assert answer.status_code == 422
    assert "Take these out first" in answer.text
    assert seeded.get_one(Meeting, 9).status.value == "held"


def test_an_item_is_not_on_the_agenda_of_an_earlier_session(
    seeded: Session, client: CheckedClient
) -> None:
    client.submit("/meetings/8/hold", {"begins_on": "2026-03-02"})
    seeded.add(ActionItem(meeting_id=8, text="After the fourth", side="A", position=0))
    seeded.commit()

    assert "After the fourth" not in client.get("/meetings/5").text
    assert "After the fourth" in client.get("/meetings/9").text


def test_all_items_that_are_due_are_listed(seeded: Session, client: CheckedClient) -> None:
    due = {"due_on": read_date("2025-12")}
    seeded.add_all(
        ActionItem(meeting_id=3, text=f"Item {n}", side="A", position=n, **due) for n in range(230)
    )
    seeded.commit()

    assert client.get("/attention.csv?kind=action-item").text.count("action-item,") == 230


def test_items_stand_on_the_side_that_is_to_do_them(seeded: Session, client: CheckedClient) -> None:
    meeting = seeded.get_one(Meeting, 3)
    of_uzbekistan = next(one.person for one in meeting.participants if one.side == "B")
    elsewhere = seeded.scalars(select(Person).where(Person.name == "Ali Shamkhani")).one()
    for position, (text, by) in enumerate(
        {
            "Iran's own": {"side": "A"},
            "By the chair": {"person": of_uzbekistan},
            "By whom nobody placed": {"person": elsewhere},
        }.items()
    ):
        seeded.add(ActionItem(meeting=meeting, text=text, position=position, **by))
    seeded.commit()

    page = client.page("/meetings/3")

    # The first two are those of the participants.
    left, right = (side.text for side in page.all("section", class_="side")[2:])
    assert ("Iran's own" in left, "By the chair" in left) == (True, False)
    assert ("Iran's own" in right, "By the chair" in right) == (False, True)
    assert "By whom nobody placed" not in left + right
    assert "By whom nobody placed" in page.text.split("Side not said")[1]

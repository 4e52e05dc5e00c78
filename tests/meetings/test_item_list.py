"""The list of all action items: filters, file, pages, and what an empty one says."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.meetings.conftest import MakeCommission, MakeSession
from tests.overview.conftest import on
from tracker.meetings.models import ActionItem, Meeting
from tracker.meetings.sequence import MeetingStatus
from tracker.people.models import Person
from tracker.tabular import read_sheet


@pytest.fixture
def held(make_commission: MakeCommission, make_session: MakeSession) -> Meeting:
    commission = make_commission("Commission on water")
    day = {"status": MeetingStatus.HELD, "begins_on": on("2024-03-05")}
    return make_session(commission, 1, 2024, **day)


@pytest.fixture
def items(db_session: Session, held: Meeting) -> None:
    """One overdue, one to come, one without a day, one done."""
    laziz = Person(name="Laziz Kudratov")
    for position, (text, more) in enumerate(
        {
            "Send the list": {"side": "A", "due_on": on("2024-09")},
            "Open the bridge": {"side": "B", "due_on": on("2999-01-01")},
            "Name an expert": {"person": laziz, "side": "B"},
            "Print the map": {
                "side": "A",
                "due_on": on("2024-05-01"),
                "state": "done",
                "done_on": on("2024-04-30"),
            },
        }.items()
    ):
        db_session.add(ActionItem(meeting=held, text=text, position=position, **more))
    db_session.commit()


def texts(client: CheckedClient, query: str = "") -> list[str]:
    """What the file holds; the page must show the same."""
    found = read_sheet(client.get(f"/action-items.csv?{query}").data).rows
    column = [row.cells[6] for row in found]
    page = client.page(f"/action-items?{query}")
    assert [a.text for a in page.all("a", class_="row-link")] == column
    return column


def test_what_is_open_stands_first_and_the_earliest_before_the_others(
    items: None, client: CheckedClient
) -> None:
    assert texts(client) == ["Send the list", "Open the bridge", "Name an expert", "Print the map"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=open", ["Send the list", "Open the bridge", "Name an expert"]),
        ("state=overdue", ["Send the list"]),
        ("state=done", ["Print the map"]),
        ("party=UZ&state=done", ["Print the map"]),
        ("commission=water&state=overdue", ["Send the list"]),
        ("commission=trade", []),
        ("person=laziz kudratov", ["Name an expert"]),
        ("due_from=2024-09-30&due_to=2024-12", ["Send the list"]),
        ("due_to=2024-08", ["Print the map"]),
        ("due_from=2025", ["Open the bridge"]),
    ],
)
def test_filters_narrow_page_and_file_alike(
    items: None, client: CheckedClient, query: str, shown: list[str]
) -> None:
    assert texts(client, query) == shown


@pytest.mark.parametrize(
    "query", ["party=XX", "person=Nobody", "person=Nobody %23new", "state=lost", "due_to=soon"]
)
def test_a_filter_that_means_nothing_is_named(
    items: None, client: CheckedClient, query: str
) -> None:
    assert client.get(f"/action-items?{query}").status_code == 422
    assert client.get(f"/action-items.csv?{query}").status_code == 400


def test_the_file_says_whose_and_how_late(items: None, client: CheckedClient) -> None:
    sheet = read_sheet(client.get("/action-items.csv?state=overdue").data)
    (row,) = (dict(zip(sheet.header, row.cells, strict=True)) for row in sheet.rows)

    assert (row["commission"], row["number"]) == ("Commission on water", "1")
    assert (row["side_a"], row["side_b"], row["side"]) == ("IR", "UZ", "A")
    assert row["due_on"] == "2024-09"
    assert int(row["overdue_days"]) > 365


def test_it_is_reached_from_home_and_from_the_meetings(items: None, client: CheckedClient) -> None:
    for address in ("/", "/meetings"):
        links = [a.attrs.get("href", "") for a in client.page(address).all("a")]
        assert any(link.startswith("/action-items") for link in links), address


def test_an_empty_list_says_what_to_do(db_session: Session, client: CheckedClient) -> None:
    text = client.get("/action-items").text

    assert "No action item is recorded." in text
    assert "/meetings?status=held" in text
    assert "Nothing fits" in client.get("/action-items?state=open").text


def test_the_number_of_queries_does_not_grow(
    db_session: Session,
    client: CheckedClient,
    held: Meeting,
    query_counter: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    def cost(more: int) -> int:
        rows = [
            {"meeting_id": held.id, "text": f"Item {n}", "side": "A", "position": n}
            for n in range(more)
        ]
        db_session.execute(insert(ActionItem), rows)
        db_session.commit()
        with query_counter() as statements:
            assert client.get("/action-items?per_page=200").status_code == 200
            assert client.get("/action-items.csv").status_code == 200
        return len(statements)

    assert cost(1) == cost(2) == cost(197)


def test_a_long_list_has_pages(db_session: Session, client: CheckedClient, held: Meeting) -> None:
    rows = [
        {"meeting_id": held.id, "text": f"Item {n:03}", "side": "A", "position": n}
        for n in range(120)
    ]
    db_session.execute(insert(ActionItem), rows)
    db_session.commit()

    first = client.page("/action-items")
    following = next(a for a in first.all("a") if a.attrs.get("rel") == "next")

    assert "120 action items" in first.text
    assert "Item 050" in client.page(following.attrs["href"]).text

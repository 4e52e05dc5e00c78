"""The schedule as people see it: parted, filtered, by year and month, as a file, and planned."""

import csv
import io
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.meetings.conftest import MakeCommission, MakeSession
from tracker.clock import today
from tracker.commissions.cadence import Weekday
from tracker.dates import PartialDate
from tracker.meetings.models import Meeting
from tracker.meetings.queries import by_section, in_section
from tracker.meetings.rules import Section
from tracker.meetings.sequence import MeetingStatus as S
from tracker.meetings.shown import section
from tracker.people.models import Person
from tracker.web.keyset import in_order

TODAY = date(2026, 11, 24)


def day(text: str) -> PartialDate:
    return PartialDate.from_iso(text)


@pytest.fixture
def mixed(make_commission: MakeCommission, make_session: MakeSession) -> dict[str, Meeting]:
    """One session in each part of the schedule, recorded in another order."""
    trade = make_commission()
    return {
        "held": make_session(trade, 1, 2021, status=S.HELD, begins_on=day("2021-05-04")),
        "cancelled": make_session(trade, 2, 2022, status=S.CANCELLED),
        "overdue": make_session(trade, 3, 2023),
        "planned": make_session(trade, 4, 2999, begins_on=day("2999-05-04")),
        "due": make_session(trade, 5, 2998),
        "postponed": make_session(trade, 6, 2024, status=S.POSTPONED),
    }


def test_the_list_is_parted_by_what_asks_for_attention(
    client: CheckedClient, mixed: dict[str, Meeting]
) -> None:
    page = client.page("/meetings")

    parts = [th.text for th in page.all("th", scope="rowgroup")]
    assert parts == [
        "Overdue: no record that it was held",
        "Due, no day set yet",
        "Planned",
        "Postponed",
        "Held",
        "Cancelled",
    ]
    links = [a.text for a in page.all("a", class_="row-link")]
    assert links == [f"Session {number}" for number in (3, 5, 4, 6, 1, 2)]
    assert "by 31 December 2023" in page.text
    assert "4 May 2021" in page.text
    assert "Tehran, Iran" in page.text
    assert "2021-05-04" not in page.text


def test_the_file_holds_the_rows_of_the_page_in_their_order(
    client: CheckedClient, mixed: dict[str, Meeting]
) -> None:
    for query in ("", "?status=overdue", "?from=2022&to=2024"):
        shown = [
            a.attrs["href"].rpartition("/")[2]
            for a in client.page(f"/meetings{query}").all("a", class_="row-link")
        ]
        text = client.get(f"/meetings.csv{query}").data.decode("utf-8-sig")

        assert [row["id"] for row in csv.DictReader(io.StringIO(text))] == shown


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("status=overdue", "3"),
        ("status=held", "1"),
        ("status=planned", "354"),
        ("commission=TRADE", "354612"),
        ("commission=1", "354612"),
        ("commission=fisheries", ""),
        ("party=Uzbekistan", "354612"),
        ("from=2023&to=2024", "36"),
        ("from=2998", "54"),
        ("to=2021-05-04", "1"),
    ],
)
def test_filters_narrow_the_list(
    client: CheckedClient, mixed: dict[str, Meeting], query: str, numbers: str
) -> None:
    links = client.page(f"/meetings?{query}").all("a", class_="row-link")

    assert "".join(a.text.removeprefix("Session ") for a in links) == numbers


def test_what_is_filtered_is_said_in_words(
    client: CheckedClient, mixed: dict[str, Meeting]
) -> None:
    assert "Status: no record that it was held" in client.page("/meetings?status=overdue").text
    assert "foreseen" in client.page("/commissions").one("select", id="status").text
    client.page("/meetings?status=strange", 422)


def test_the_database_parts_the_schedule_as_the_rule_does(
    db_session: Session, mixed: dict[str, Meeting]
) -> None:
    order = in_order(by_section(TODAY), Meeting.__table__.c.id)
    ordered = list(db_session.scalars(select(Meeting).order_by(*order)))
    for part in Section:
        found = set(db_session.scalars(select(Meeting).where(in_section(part, TODAY))))
        assert found == {one for one in mixed.values() if section(one, TODAY) == part}
        assert found
    places = [list(Section).index(section(one, TODAY)) for one in ordered]
    assert places == sorted(places)


def test_the_year_shows_days_and_due_periods_and_keeps_the_filters(
    client: CheckedClient, mixed: dict[str, Meeting]
) -> None:
    page = client.page("/meetings?view=year&year=2021&status=held&commission=trade")

    assert "Status: held" in page.text
    assert page.one("input", type="hidden", name="view").attrs["value"] == "year"
    (row,) = page.one("table").all("tbody")[0].all("tr")
    assert "held" in row.all("td")[4].text
    assert "Nothing is recorded" in client.page("/meetings?view=year&year=2023&status=held").text
    overdue = client.page("/meetings?view=year&year=2023")
    assert len(overdue.all("td", class_="due")) == 12


def test_a_month_shows_its_days_and_what_is_due(
    client: CheckedClient, mixed: dict[str, Meeting]
) -> None:
    page = client.page("/meetings?view=month&month=2021-05")
    assert [h2.text for h2 in page.one("main").all("h2")] == ["4 May 2021"]
    assert "view=month&month=2021-06" in [
        a.attrs["href"].partition("?")[2] for a in page.all("a", class_="neighbour")
    ]

    assert "by 31 December 2023" in client.page("/meetings?view=month&month=2023-02").text
    assert "No meeting lies" in client.page("/meetings?view=month&month=1999-01").text
    client.page("/meetings?view=month&month=2021-13", 400)
    client.page("/meetings?view=month&month=2021", 400)
    client.page("/meetings?view=month&month=0001-01")


def test_a_meeting_says_its_state_its_host_and_why(
    client: CheckedClient, mixed: dict[str, Meeting]
) -> None:
    page = client.page(f"/meetings/{mixed['overdue'].id}").text

    assert "Expected in Tehran by 31 December 2023; no record that it was held." in page
    assert "session 2 was cancelled without using its turn, so session 3 is Tehran’s" in page
    assert "No participant is recorded." in page
    held = client.page(f"/meetings/{mixed['held'].id}").text
    assert "Held 4 May 2021 in Tehran." in held


def test_a_plan_flags_weekends_and_meetings_of_the_same_co_chair(
    db_session: Session,
    client: CheckedClient,
    make_commission: MakeCommission,
    make_session: MakeSession,
    chair,
) -> None:
    sunday = {"cadence_week": 1, "cadence_weekday": Weekday.SUNDAY, "cadence_month": 12}
    trade = make_commission(**sunday)
    other = make_commission("Commission on water")
    chair("A. Karimov", trade)
    chair("A. Karimov", other)
    make_session(other, 7, 2024, begins_on=day("2024-11-30"), ends_on=day("2024-12-02"))

    page = client.page(f"/commissions/{trade.id}/plan?until=2024").text

    assert "on 1 December 2024" in page
    assert "1 December 2024 falls on the weekend in Uzbekistan." in page
    assert "On 1 December 2024 A. Karimov co-chairs Session 7, Commission on water." in page
    assert "so session 2 is Tashkent’s" in page


def test_a_flag_does_not_refuse_and_a_second_plan_changes_nothing(
    db_session: Session, client: CheckedClient, make_commission: MakeCommission
) -> None:
    sunday = {"cadence_week": 1, "cadence_weekday": Weekday.SUNDAY, "cadence_month": 12}
    url = f"/commissions/{make_commission(**sunday).id}/plan"
    client.submit(f"{url}?until=2025", {}, action=url)
    before = client.get("/meetings.csv").data

    again = client.post(
        url, data={"until": "2025", "csrf_token": client.page(url).form(url).values["csrf_token"]}
    )

    assert again.status_code == 303
    assert before.count(b"planned") == 3
    assert client.get("/meetings.csv").data == before
    assert "Nothing is missing until then." in client.page(f"{url}?until=2025").text


def test_planning_never_touches_what_was_held(
    client: CheckedClient, make_commission: MakeCommission, make_session: MakeSession
) -> None:
    trade = make_commission()
    held = make_session(trade, 2, 2024, status=S.HELD, begins_on=day("2024-03-01"))
    url = f"/commissions/{trade.id}/plan"

    def row() -> bytes:
        lines = client.get("/meetings.csv").data.splitlines()
        return next(line for line in lines if line.startswith(f"{held.id},".encode()))

    before = row()
    client.submit(f"{url}?until=2027", {}, action=url)

    assert row() == before


ADDRESSES = ("/meetings", "/meetings?view=year&year={year}", "/meetings?view=month", "/", "{plan}")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_costs_the_same_queries_whatever_its_length(
    db_session: Session,
    client: CheckedClient,
    query_counter,
    make_commission: MakeCommission,
    make_session: MakeSession,
    chair,
    address: str,
) -> None:
    sunday = {"cadence_week": 1, "cadence_weekday": Weekday.SUNDAY, "cadence_month": 12}
    trade = make_commission(**sunday)
    chair("A. Karimov", trade)
    url = address.format(plan=f"/commissions/{trade.id}/plan?until=2030", year=today().year)

    def grow(first: int, last: int) -> None:
        for number in range(first, last):
            one = make_commission(f"Commission {number}")
            chair("A. Karimov", one)
            make_session(one, number, today().year)
            make_session(one, number + 1, 2021, begins_on=day("2021-02-03"), status=S.HELD)
        db_session.add_all(Person(name=f"Person {number}") for number in range(first, last))
        db_session.commit()

    def cost() -> int:
        with query_counter() as statements:
            assert client.get(url).status_code == 200
        return len(statements)

    grow(1, 6)
    before = cost()
    grow(6, 61)

    assert cost() == before

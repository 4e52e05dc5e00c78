"""What needs attention as of a day: the home page's list, its file, its calendar, the command."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import icalendar
import pytest
from click.testing import CliRunner
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.agreements.models import Action, ActionKind, Agreement, AgreementKind, Binding, Renewal
from tracker.cli import cli
from tracker.dates import PartialDate, read_date
from tracker.meetings.models import Meeting
from tracker.parties.models import Party
from tracker.tabular import read_sheet

VISIT = ("session", "2022-03-09", "Meeting of Ali Shamkhani with President Shavkat Mirziyoyev")


def session_line(number: int, year: int) -> tuple[str, str, str]:
    title = f"Session {number}, Joint Security Commission of Iran and Uzbekistan"
    return ("session", f"{year}-03-09", title)


def listed(client: CheckedClient, query: str) -> list[tuple[str, str, str, str]]:
    """Kind, day, title and days overdue of each line."""
    rows = read_sheet(client.get(f"/attention.csv?{query}").data).rows
    return [(r.cells[0], r.cells[1], r.cells[5], r.cells[2]) for r in rows]


def on(text: str) -> PartialDate:
    found = read_date(text)
    assert found is not None
    return found


def add(session: Session, title: str, **more: Any) -> Agreement:
    codes = ("IR", "TR")
    found = {p.code: p for p in session.scalars(select(Party).where(Party.code.in_(codes)))}
    agreement = Agreement(
        title=title, kind=AgreementKind.TREATY, side_a=found["IR"], side_b=found["TR"], **more
    )
    session.add(agreement)
    session.commit()
    return agreement


@pytest.mark.parametrize(
    ("day", "late", "soon"),
    [
        ("2023-03-09", [(VISIT, 365)], [session_line(1, 2023)]),
        ("2023-03-10", [(VISIT, 366), (session_line(1, 2023), 1)], [session_line(2, 2024)]),
        ("2024-01-01", [(VISIT, 663), (session_line(1, 2023), 298)], [session_line(2, 2024)]),
        (
            "2026-11-24",
            [
                (VISIT, 1721),
                (session_line(1, 2023), 1356),
                (session_line(2, 2024), 990),
                (session_line(3, 2025), 625),
                (session_line(4, 2026), 260),
            ],
            [session_line(5, 2027)],
        ),
    ],
)
def test_the_seed_as_of_a_day(
    seeded: Session,
    client: CheckedClient,
    day: str,
    late: list[tuple[tuple[str, str, str], int]],
    soon: list[tuple[str, str, str]],
) -> None:
    lines = listed(client, f"on={day}&kind=session&within=365")

    # The trade commission's sessions of those years were held later; they have no due day.
    own = [line for line in lines if "Trade" not in line[2]]
    assert [(line[:3], int(line[3])) for line in own if line[3]] == late
    assert [line[:3] for line in own if not line[3]] == soon


def test_a_commission_alone(seeded: Session, client: CheckedClient) -> None:
    assert len(listed(client, "commission=1&on=2026-11-24")) == 5
    assert listed(client, "commission=2&on=2026-11-24") == []
    assert "/?commission=1" in client.get("/commissions/1").text


def test_a_held_session_clears_its_line_and_a_postponed_one_does_not(
    seeded: Session, client: CheckedClient
) -> None:
    numbers = {
        m.number: m.id for m in seeded.scalars(select(Meeting).where(Meeting.commission_id == 1))
    }

    client.submit(f"/meetings/{numbers[1]}/hold", {"begins_on": "2023-03-01"})
    client.submit(f"/meetings/{numbers[2]}/postpone", {"note": "Elections"})

    titles = [line[2] for line in listed(client, "on=2026-11-24")]
    assert session_line(1, 2023)[2] not in titles
    assert session_line(2, 2024)[2] in titles
    assert "postponed" in client.get("/?on=2026-11-24").text


def test_notice_before_a_tacit_renewal_and_the_end_of_a_term(
    seeded: Session, client: CheckedClient
) -> None:
    terms = {"in_force_on": on("2024-08-29"), "duration_months": 12}
    add(
        seeded,
        "Renewed",
        renewal=Renewal.TACIT,
        renewal_months=12,
        notice_months=2,
        **terms,
    )
    add(seeded, "Silent", renewal=Renewal.TACIT, renewal_months=24, **terms)
    add(seeded, "Ends", renewal=Renewal.NONE, **terms)

    then = listed(client, "on=2026-02-11&party=TR")
    before = listed(client, "on=2025-01-01&party=TR")

    assert ("notice", "2026-06-28", "Renewed", "") in then
    assert ("expiry", "2025-08-28", "Ends", "") in before
    assert "Ends" not in [line[2] for line in then]
    page = client.get("/?on=2026-02-11&party=TR").text
    assert "notice of 2 months" in page
    assert "VCLT art. 56" in page
    number = client.get("/agreements.json?q=Renewed").get_json()[0]["id"]
    own = client.get(f"/agreements/{number}?on=2026-02-11").text
    for shown in ("End of the term", "28 August 2026", "28 June 2026", "28 August 2027"):
        assert shown in own


def test_which_side_has_not_notified(seeded: Session, client: CheckedClient) -> None:
    consent = ActionKind.DOMESTIC_PROCEDURE_NOTIFIED
    add(
        seeded,
        "Half",
        signed_on=on("2020"),
        binding=Binding.BINDING,
        actions=[Action(kind=consent, side="A", done_on=on("2020-05"), position=0)],
    )

    assert ("entry", "2020-12-31", "Half", "") in listed(client, "party=TR")
    assert "no notification recorded: Türkiye" in client.get("/?party=TR").text.replace(
        "Turkey", "Türkiye"
    )


def test_the_page_shows_the_lines_of_the_file(seeded: Session, client: CheckedClient) -> None:
    page = client.get("/?on=2026-11-24").text

    for line in listed(client, "on=2026-11-24"):
        assert line[2] in page
    assert "no record that it was held" in page
    assert "1356 days overdue" in page


@pytest.mark.parametrize(
    "query",
    [
        "on=soon",
        "on=2015",
        "party=XX",
        "kind=party",
        "within=7",
        "flavour=sweet",
        "commission=999",
        "commission=x",
    ],
)
def test_a_wrong_address_gets_a_plain_page(
    seeded: Session, client: CheckedClient, query: str
) -> None:
    for address in ("/", "/attention.csv"):
        answer = client.get(f"{address}?{query}")
        assert answer.status_code == 400
        assert "<h1" in answer.text


def test_an_empty_site_says_what_to_do(db_session: Session, client: CheckedClient) -> None:
    text = client.get("/").text

    assert "Nothing is overdue." in text
    assert "Record an agreement" in text


@pytest.mark.parametrize(
    ("backend", "more"),
    [("sqlite", 1_000), ("postgresql", 1_000), ("sqlite", 100_000)],
    indirect=["backend"],
)
def test_the_number_of_queries_does_not_grow(
    seeded: Session,
    client: CheckedClient,
    query_counter: Callable[[], AbstractContextManager[list[str]]],
    more: int,
) -> None:
    def grow(count: int) -> None:
        rows = [
            {
                "title": f"Treaty {index}",
                "kind": AgreementKind.TREATY,
                "side_a_id": 1,
                "side_b_id": 2,
                "signed_on_first": date(2000, 1, 1),
                "signed_on_last": date(2000, 1, 1),
                "in_force_on_first": date(2001, 1, 1),
                "in_force_on_last": date(2001, 1, 1),
                # One in a hundred has a term; of each thousand, ten show on the page.
                "duration_months": 312 if index % 100 == 0 else None,
            }
            for index in range(count)
        ]
        seeded.execute(insert(Agreement), rows)
        seeded.commit()

    grow(200)
    with query_counter() as few:
        client.get("/?on=2026-11-24")
    grow(more)
    with query_counter() as many:
        client.get("/?on=2026-11-24")

    assert len(many) <= len(few) + more // 50_000


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


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--on", "2026-11-24"], 3),
        (["--on", "2022-03-01"], 0),
        (["--on", "2026-11-24", "--party", "TR"], 0),
        (["--on", "2026-11-24", "--commission", "1"], 3),
        (["--on", "2026-11-24", "--commission", "999"], 1),
        (["--party", "Atlantis"], 1),
        (["--on", "soon"], 1),
    ],
)
def test_the_command(seeded: Session, database_url: str, words: list[str], status: int) -> None:
    env = {"TRACKER_DATABASE_URL": database_url, "TRACKER_SECRET_KEY": "for tests"}
    for form in ("text", "csv", "json"):
        result = CliRunner().invoke(cli, ["due", *words, "--format", form], env=env)
        assert result.exit_code == status, result.output
        assert ("Session 1" in result.output) == (status == 3)


def test_what_a_partial_date_leaves_open_is_said(seeded: Session, client: CheckedClient) -> None:
    number = add(seeded, "Open", signed_on=on("2020"), in_force_on=on("2022")).id

    assert "possibly signed or in force" in client.get(f"/agreements/{number}?on=2022-06-01").text
    assert "possibly" not in client.get(f"/agreements/{number}?on=2023-06-01").text


RENEWED = {
    "in_force_on": on("2024-08-29"),
    "duration_months": 12,
    "renewal": Renewal.TACIT,
    "renewal_months": 12,
    "notice_months": 2,
}


@pytest.mark.parametrize(
    "kind", [ActionKind.DENOUNCED, ActionKind.SUPERSEDED, ActionKind.NOTICE_OF_TERMINATION]
)
def test_what_an_action_ended_needs_no_notice(
    seeded: Session, client: CheckedClient, kind: ActionKind
) -> None:
    add(seeded, "Alive", **RENEWED)
    add(seeded, "Over", actions=[Action(kind=kind, done_on=on("2025-10"), position=0)], **RENEWED)

    lines = listed(client, "on=2026-02-11&party=TR&kind=notice")

    assert [line[2] for line in lines] == ["Alive"]


def test_the_lead_time_brings_a_notice_forward(seeded: Session, client: CheckedClient) -> None:
    add(seeded, "Early", lead_days=120, **RENEWED)
    add(seeded, "Late", **RENEWED)

    lines = listed(client, "on=2026-02-11&party=TR&within=30")

    assert [line[2] for line in lines] == ["Early"]


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


def test_a_list_of_thousands_is_whole(seeded: Session, client: CheckedClient) -> None:
    rows = [
        {
            "commission_id": 1,
            "number": 1_000 + n,
            "kind": "session",
            "status": "planned",
            "due_to": date(2010, 1, 1),
        }
        for n in range(2_100)
    ]
    seeded.execute(insert(Meeting), rows)
    seeded.commit()

    lines = listed(client, "on=2026-11-24&kind=session")

    assert len(lines) == 2_106
    assert session_line(5, 2027)[2] in [line[2] for line in lines]

"""What needs attention as of a day: the home page's list, its file, its calendar, the command."""

from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.overview.conftest import add, listed, on
from tracker.cli import cli
from tracker.meetings.models import Meeting

VISIT = ("session", "2022-03-09", "Meeting of Ali Shamkhani with President Shavkat Mirziyoyev")


def session_line(number: int, year: int) -> tuple[str, str, str]:
    title = f"Session {number}, Joint Security Commission of Iran and Uzbekistan"
    return ("session", f"{year}-03-09", title)


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


def test_the_page_shows_the_lines_of_the_file(seeded: Session, client: CheckedClient) -> None:
    page = client.get("/?on=2026-11-24").text

    for line in listed(client, "on=2026-11-24"):
        assert line[2] in page
    assert "no record that it was held" in page
    assert "1,356 days overdue" in page


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

"""Commitments through forms and files: both refuse the same, and pages show what is known."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.clock import today
from tracker.columns import Reading
from tracker.commitments.models import Commitment, Observation
from tracker.commitments.table import COMMITMENTS
from tracker.importing import Importer, Report
from tracker.tabular import read_sheet

GOOD = {
    "text": "Trade is to reach 2 billion US dollars.",
    "kind": "joint-target",
    "made_by": "both",
    "agreement": "1",
    "due_on": "2025",
    "status": "open",
    "measure": "Yearly trade",
    "unit": "billion US dollars",
    "baseline": "0.4",
    "baseline_on": "2021",
    "target": "2",
    "observations": "2022|0.52||1|p. 3;2024-06|begun|Slowly",
}
FURTHER = "2999-01-01"

BAD: dict[str, tuple[dict[str, str], str, str]] = {
    "no text": ({"text": ""}, "text", "needed"),
    "no kind": ({"kind": ""}, "kind", "needed"),
    "an unknown kind": ({"kind": "wish"}, "kind", "not in the list"),
    "no side": ({"made_by": ""}, "made_by", "needed"),
    "two origins": ({"meeting": "1"}, "meeting", "not from both"),
    "no origin": ({"agreement": ""}, "agreement", "or the two parties"),
    "one party only": ({"agreement": "", "side_a": "IR"}, "side_b", "which two parties"),
    "one party twice": (
        {"agreement": "", "side_a": "IR", "side_b": "IR"},
        "side_b",
        "two different parties",
    ),
    "parties beside an agreement": ({"side_a": "IR"}, "side_a", "that of the agreement"),
    "a day beside an agreement": ({"made_on": "2022"}, "made_on", "that of the agreement"),
    "no such agreement": ({"agreement": "99"}, "agreement", "no record with the number"),
    "a date that is none": ({"due_on": "2025-13"}, "due_on", "month"),
    "a target without unit": ({"unit": ""}, "unit", "in what unit the target is"),
    "a baseline without unit": (
        {"unit": "", "target": ""},
        "unit",
        "in what unit the baseline is",
    ),
    "numbers without unit": (
        {"unit": "", "target": "", "baseline": "", "baseline_on": ""},
        "unit",
        "in what unit the numbers observed",
    ),
    "a baseline's day without it": ({"baseline": ""}, "baseline", "no baseline"),
    "a comma in a number": ({"target": "1,5"}, "target", "no number"),
    "words for a number": ({"target": "two"}, "target", "no number"),
    "too many decimals": ({"target": "0.12345"}, "target", "14 digits"),
    "too large a number": ({"target": "100000000000000"}, "target", "14 digits"),
    "an observation without a value": (
        {"observations": "2022||no value"},
        "observations",
        "has a value",
    ),
    "an observation without a day": ({"observations": "|0.5"}, "observations", "needed"),
    "a future observation": ({"observations": f"{FURTHER}|1"}, "observations", "day to come"),
    "a number that is none": ({"observations": "2022|1,5"}, "observations", "begins like a number"),
    "an unknown source": ({"observations": "2022|1||77"}, "observations", "no record"),
    "superseded by nobody knows what": (
        {"status": "superseded"},
        "superseded_by",
        "name the commitment",
    ),
    "a successor of what is open": ({"superseded_by": "1"}, "status", "choose the status"),
    "a successor between others": (
        {"status": "superseded", "superseded_by": "2"},
        "superseded_by",
        "other parties",
    ),
    "an unknown successor": (
        {"status": "superseded", "superseded_by": "9"},
        "superseded_by",
        "no record with the number",
    ),
}


def file_of(*rows: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COMMITMENTS.header, lineterminator="\r\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def take(session: Session, *rows: dict[str, str]) -> Report:
    reading = Reading(session, today(), bulk=True)
    return Importer(COMMITMENTS, reading).run(read_sheet(file_of(*rows)))


def typed(row: dict[str, str]) -> dict[str, Any]:
    """The same row as a form sends it."""
    names = ("on", "value", "note", "source", "locator")
    fields: dict[str, Any] = {k: v for k, v in row.items() if k != "observations"}
    for index, item in enumerate(filter(None, row.get("observations", "").split(";"))):
        for name, part in zip(names, item.split("|"), strict=False):
            fields[f"observations-{index}-{name}"] = part
    return fields


@pytest.fixture
def ledger(ground: Session) -> Session:
    """Commitment 1 of IR and UZ by agreement 1, commitment 2 of UZ and KZ at meeting 1."""
    other = {**GOOD, "agreement": "", "meeting": "1", "text": "Water is to be shared."}
    assert take(ground, GOOD, other).all_errors == []
    ground.commit()
    return ground


@pytest.mark.parametrize(("change", "field", "said"), BAD.values(), ids=BAD)
def test_forms_and_files_refuse_the_same(
    ledger: Session, client: CheckedClient, change: dict[str, str], field: str, said: str
) -> None:
    row = {**GOOD, **change}

    report = take(ledger, row)
    ledger.rollback()
    answer = client.post("/commitments/new", data={**typed(row), **token(client)})

    assert next((e.row, e.column) for e in report.errors) == (2, field)
    assert said in str(report.errors[0])
    assert answer.status_code == 422
    assert said in answer.text
    assert f'href="#{field}' in answer.text
    if row["text"]:
        assert row["text"] in answer.text
    assert ledger.scalar(select(func.count()).select_from(Commitment)) == 2


def token(client: CheckedClient) -> dict[str, str]:
    return {"csrf_token": client.page("/commitments/new").form().values["csrf_token"][0]}


def test_forms_and_files_take_the_same(ledger: Session, client: CheckedClient) -> None:
    answer = client.post("/commitments/new", data={**typed(GOOD), **token(client)})

    assert answer.status_code == 303
    first, _, third = csv.DictReader(io.StringIO(client.get("/commitments.csv").text[1:]))
    assert {**first, "id": ""} == {**third, "id": ""}
    assert first["observations"] == GOOD["observations"]


def test_a_new_form_begins_as_open(client: CheckedClient) -> None:
    assert client.page("/commitments/new").form().values["status"] == ["open"]


def test_it_does_not_supersede_itself(ledger: Session, client: CheckedClient) -> None:
    change = {"status": "superseded", "superseded_by": "#1"}

    answer = client.submit("/commitments/1/edit", change)
    report = take(ledger, {**GOOD, **change, "id": "1", "superseded_by": "1"})

    assert answer.status_code == 422
    assert "cannot supersede itself" in answer.text
    assert [(e.row, e.column) for e in report.errors] == [(2, "superseded_by")]


def test_no_circle_by_the_form(ledger: Session, client: CheckedClient) -> None:
    client.post("/commitments/new", data={**typed(GOOD), **token(client)})
    change = {"status": "superseded", "superseded_by": "#3"}
    assert client.submit("/commitments/1/edit", change).status_code == 303

    change["superseded_by"] = "#1"
    answer = client.submit("/commitments/3/edit", change)

    assert answer.status_code == 422
    assert "makes a circle" in answer.text


def test_no_circle_in_one_file(ledger: Session) -> None:
    rows = [
        {**GOOD, "id": str(one), "status": "superseded", "superseded_by": str(other)}
        for one, other in ((11, 12), (12, 13), (13, 11))
    ]

    report = take(ledger, *rows)

    assert [(e.row, e.column) for e in report.errors] == [(4, "superseded_by")]


def test_a_row_may_be_superseded_by_one_further_down(ledger: Session) -> None:
    report = take(
        ledger,
        {**GOOD, "id": "11", "status": "superseded", "superseded_by": "12"},
        {**GOOD, "id": "12"},
    )
    ledger.commit()

    assert report.all_errors == []
    found = ledger.get(Commitment, 12)
    assert found is not None
    assert [one.id for one in found.supersedes] == [11]


def test_an_open_one_becomes_superseded_by_a_file(ledger: Session) -> None:
    report = take(
        ledger,
        {**GOOD, "id": "1", "status": "superseded", "superseded_by": "11"},
        {**GOOD, "id": "11"},
    )

    assert report.all_errors == []
    assert report.totals["changed"] == 1


def test_numbers_stay_exact(ledger: Session, client: CheckedClient) -> None:
    exact = {"target": "99999999999999.9999", "baseline": "-0.0001"}
    report = take(
        ledger, {**GOOD, **exact, "id": "11", "observations": "2022|0.1;2023|0.3000;2024|-0"}
    )
    ledger.commit()
    rows = csv.DictReader(io.StringIO(client.get("/commitments.csv").text[1:]))
    row = next(row for row in rows if row["id"] == "11")

    assert report.all_errors == []
    # A cell that begins with a minus is guarded against spreadsheets.
    assert (row["target"], row["baseline"]) == (exact["target"], "'-0.0001")
    assert row["observations"] == "2022|0.1;2023|0.3;2024|0"


def test_digits_of_other_scripts_are_read(ledger: Session, client: CheckedClient) -> None:
    assert client.submit("/commitments/1/edit", {"target": "۲٫۵"}).status_code == 303

    ledger.expire_all()
    assert COMMITMENTS["target"].format(ledger.get(Commitment, 1).target) == "2.5"  # type: ignore[union-attr]


def test_what_is_exported_comes_back(ledger: Session, client: CheckedClient) -> None:
    content = client.get("/commitments.csv").data
    for one in ledger.scalars(select(Commitment)):
        ledger.delete(one)
    ledger.commit()
    assert ledger.scalar(select(func.count()).select_from(Observation)) == 0

    reading = Reading(ledger, today(), bulk=True)
    assert Importer(COMMITMENTS, reading).run(read_sheet(content)).all_errors == []
    ledger.commit()

    assert client.get("/commitments.csv").data == content


def test_an_unknown_one_is_not_found(client: CheckedClient) -> None:
    client.page("/commitments/999", status=404)


def test_a_stale_save_overwrites_nothing(ledger: Session, client: CheckedClient) -> None:
    answer = client.submit("/commitments/1/edit", {"text": "Mine", "version": "0"})

    assert answer.status_code == 409
    assert "Mine" in answer.text


def test_what_a_commitment_comes_from_is_not_deleted(
    ledger: Session, client: CheckedClient
) -> None:
    assert "cannot be deleted yet" in client.get("/agreements/1/delete").text
    assert "cannot be deleted yet" in client.get("/meetings/1/delete").text
    assert "cannot be deleted yet" in client.get("/sources/1/delete").text


def test_the_page_says_who_promised_what_and_how_far_it_is(
    ledger: Session, client: CheckedClient
) -> None:
    page = client.page("/commitments/1")

    assert "overdue by" in page.text
    assert "7 % of the way" in page.text
    assert "0.52 billion US dollars" in page.text
    assert "Slowly" in page.text
    page.one("svg", role="img")
    page.one("a", href="/agreements/1")


def test_the_page_tells_the_chain_oldest_first(ledger: Session, client: CheckedClient) -> None:
    rows = [
        {**GOOD, "id": str(n), "text": f"Target number {n}", "target": str(n)} for n in (11, 12, 13)
    ]
    for row, after in zip(rows, ("12", "13"), strict=False):
        row.update(status="superseded", superseded_by=after)
    assert take(ledger, *rows).all_errors == []
    ledger.commit()

    for number in (11, 12, 13):
        text = client.page(f"/commitments/{number}").text
        told = text[text.index("How it changed") : text.index("What was observed")]
        places = [told.index(f"Target number {n}") for n in (11, 12, 13)]
        assert places == sorted(places)
        assert "target: 11 billion US dollars" in told


def test_a_remark_without_status_stays_without(ledger: Session, client: CheckedClient) -> None:
    remark = {**GOOD, "kind": "statement", "made_by": "A", "status": "", "due_on": ""}

    client.post("/commitments/new", data={**typed(remark), **token(client)})

    assert "nothing to keep" in client.page("/commitments/3").text
    saved = ledger.get(Commitment, 3)
    assert saved is not None
    assert saved.status is None


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("party=IR", [1]),
        ("party=UZ", [1, 2]),
        ("party=Kazakhstan", [2]),
        ("agreement=1", [1]),
        ("kind=joint-target", [1, 2]),
        ("kind=clause", []),
        ("status=open", [1, 2]),
        ("status=met", []),
        ("due_from=2025", [1, 2]),
        ("due_from=2026", []),
        ("due_to=2025-01", [1, 2]),
        ("due_to=2024", []),
        ("overdue=yes", [1, 2]),
        ("overdue=no", []),
        ("q=WATER", [2]),
    ],
)
def test_filters(ledger: Session, client: CheckedClient, query: str, wanted: list[int]) -> None:
    rows = csv.DictReader(io.StringIO(client.get(f"/commitments.csv?{query}").text[1:]))

    assert sorted(int(row["id"]) for row in rows) == wanted


@pytest.mark.parametrize(
    "query",
    ["party=Atlantis", "agreement=x", "kind=wish", "status=late", "due_from=13", "overdue=maybe"],
)
def test_a_filter_that_cannot_be_read_says_so(
    ledger: Session, client: CheckedClient, query: str
) -> None:
    client.page(f"/commitments?{query}", 422)
    client.page(f"/commitments.csv?{query}", 400)


def test_the_list_costs_the_same_queries_for_5_and_for_60(
    ledger: Session, client: CheckedClient, query_counter: Callable[[], Any]
) -> None:
    def cost(rows: int) -> int:
        number = ledger.scalar(select(func.max(Commitment.id))) or 0
        more = [{**GOOD, "id": str(number + n)} for n in range(1, rows + 1)]
        assert take(ledger, *more).all_errors == []
        ledger.commit()
        with query_counter() as statements:
            client.page("/commitments")
        return len(statements)

    few = cost(3)

    assert cost(55) == few

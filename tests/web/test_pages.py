"""The journey of a treaty desk through the forms: record, see, change, take away, delete."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.agreements.models import Agreement
from tracker.agreements.table import AGREEMENTS
from tracker.catalogue import PAGES

NAMES = [pages.name for pages in PAGES]


def record(client: CheckedClient, **more: str) -> int:
    typed = {
        "title": "Memorandum on archives",
        "kind": "memorandum-of-understanding",
        "side_a": "Iran",
        "side_b": "Uzbekistan (UZ)",
        "signed_on": "March 2022",
    }
    answer = client.submit("/agreements/new", typed | more)
    return answer.status_code


@pytest.mark.parametrize("name", NAMES)
def test_each_list_form_and_file_answers(seeded: Session, client: CheckedClient, name: str) -> None:
    client.page(f"/{name}")
    client.page(f"/{name}/new")
    client.page(f"/{name}/1")
    client.page(f"/{name}/1/edit")
    client.page(f"/{name}/1/delete")
    client.page(f"/{name}/import")

    assert client.get(f"/{name}.csv").data.startswith(b"\xef\xbb\xbfid,")


@pytest.mark.parametrize("name", NAMES)
def test_saving_an_unchanged_form_changes_nothing(
    seeded: Session, client: CheckedClient, name: str
) -> None:
    before = client.get(f"/{name}.csv").data

    answer = client.submit(f"/{name}/1/edit", {})

    assert answer.status_code == 303
    assert client.get(f"/{name}.csv").data == before


def test_home_shows_the_sessions_without_a_record(seeded: Session, client: CheckedClient) -> None:
    assert "no record that it was held" in client.get("/").text


def test_adding_a_row_keeps_what_is_typed(seeded: Session, client: CheckedClient) -> None:
    answer = client.submit("/agreements/new", {"title": "Kept", "rows": "signatories:add"})

    assert answer.status_code == 200
    assert 'value="Kept"' in answer.text
    assert 'name="signatories-0-person"' in answer.text


def test_a_date_is_kept_as_precisely_as_it_was_typed(
    seeded: Session, client: CheckedClient
) -> None:
    assert record(client) == 303

    agreement = seeded.scalars(select(Agreement).order_by(Agreement.id.desc())).first()
    assert agreement is not None
    assert AGREEMENTS["signed_on"].format(agreement.signed_on) == "2022-03"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("side_b", "IR", "two different sides"),
        ("side_b", "Atlantis", "No party has the code or the name"),
        ("signed_on", "2022-13", "month"),
        ("signed_on", "31/04/2022", "April"),
        ("signed_on", "0000", "year"),
        ("title", "", "needed"),
        ("title", "a\u202eb", "direction"),
        ("title", "a\x00b", "control"),
        ("link", "javascript:alert(1)", "web address"),
    ],
)
def test_a_mistake_is_named_at_its_field_and_nothing_is_lost(
    seeded: Session, client: CheckedClient, field: str, typed: str, said: str
) -> None:
    answer = client.submit(
        "/agreements/new",
        {
            "title": "Kept title",
            "kind": "agreement",
            "side_a": "IR",
            "side_b": "UZ",
            "summary": "What was typed stays",
        }
        | {field: typed},
    )

    assert answer.status_code == 422
    assert said in answer.text
    assert f'href="#{field}"' in answer.text
    assert "What was typed stays" in answer.text
    assert len(seeded.scalars(select(Agreement)).all()) == 1


def test_what_others_point_at_is_not_deleted(seeded: Session, client: CheckedClient) -> None:
    assert "cannot be deleted yet" in client.get("/people/1/delete").text
    assert "cannot be deleted yet" in client.get("/parties/108/delete").text


def test_a_stale_save_is_refused(seeded: Session, client: CheckedClient) -> None:
    answer = client.submit("/agreements/1/edit", {"title": "Mine", "version": "0"})

    assert answer.status_code == 409
    assert "Mine" in answer.text


@pytest.mark.parametrize("address", ["/agreements/999", "/nowhere", "/people/0"])
def test_an_unknown_address_has_a_way_on(client: CheckedClient, address: str) -> None:
    client.page(address, status=404)


def test_a_party_has_its_code_as_an_address(seeded: Session, client: CheckedClient) -> None:
    assert "Uzbekistan" in client.page("/parties/UZ").text
    assert client.get("/parties/uz").location == "/parties/UZ"
    client.page("/parties/QQ", status=404)


def test_a_page_shows_names_and_words_not_codes(seeded: Session, client: CheckedClient) -> None:
    page = client.page("/agreements/1").text

    assert "Ali Shamkhani" in page
    assert "#1" not in page.replace("#source-", "")
    assert "SEC-TERROR" not in page


def test_meetings_are_seen_as_a_year(seeded: Session, client: CheckedClient) -> None:
    page = client.page("/meetings?view=year&year=2023").text

    assert "no record that it was held" in page
    assert "Joint Security Commission" in page
    assert "Nothing is recorded for this year" in client.page("/meetings?view=year&year=1950").text
    client.page("/meetings?view=moon", status=400)
    client.page("/meetings?view=year&year=x", status=400)


def test_a_filter_that_cannot_be_read_says_so(seeded: Session, client: CheckedClient) -> None:
    assert "There is no month 13" in client.page("/agreements?signed_from=2022-13", 422).text
    client.page("/agreements?party=Atlantis", 422)
    client.page("/agreements.csv?signed_from=2022-13", 400)


def test_an_unknown_filter_is_a_mistake_in_the_address(client: CheckedClient) -> None:
    client.page("/agreements?colour=red", status=400)


def test_every_answer_is_hardened(client: CheckedClient) -> None:
    for address in ("/", "/nowhere", "/agreements.csv", "/static/entente.css"):
        with client.get(address) as answer:
            assert answer.data
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", NAMES)
def test_a_list_costs_the_same_queries_whatever_its_length(
    seeded: Session, client: CheckedClient, query_counter, name: str
) -> None:
    def cost(rows: int) -> int:
        with query_counter() as statements:
            shown = client.page(f"/{name}?per_page={rows}")
        assert len(shown.all("a", **{"class": "row-link"})) <= rows
        return len(statements)

    for number in range(30 if name == "agreements" else 0):
        record(client, title=f"Agreement {number}")

    assert cost(200) <= cost(3) <= cost(1) + 3

"""Lists of agreements: filters that combine, orders, and what a wrong address gets."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.agreements.models import (
    Action,
    ActionKind,
    Agreement,
    AgreementKind,
)
from tracker.dates import PartialDate, read_date
from tracker.parties.models import Party

Find = Callable[..., list[str]]


def on(text: str) -> PartialDate:
    found = read_date(text)
    assert found is not None
    return found


@pytest.fixture
def titles(seeded: Session, client: CheckedClient) -> Find:
    parties = {code: seeded.query(Party).filter_by(code=code).one() for code in ("IR", "UZ", "TR")}

    def add(title: str, a: str, b: str, **more: object) -> None:
        agreement = Agreement(
            title=title, kind=AgreementKind.TREATY, side_a=parties[a], side_b=parties[b], **more
        )
        seeded.add(agreement)

    add("Alpha", "IR", "TR", signed_on=on("2001-01-01"), in_force_on=on("2002-01-01"))
    add("Beta", "TR", "UZ", signed_on=on("2003-01-01"))
    add(
        "Gamma",
        "UZ",
        "TR",
        signed_on=on("2000-01-01"),
        in_force_on=on("2000-06-01"),
        actions=[Action(kind=ActionKind.SUSPENDED, done_on=on("2010-01-01"), position=0)],
    )
    seeded.commit()

    def found(query: str) -> list[str]:
        rows = client.get(f"/agreements.json?{query}").get_json()
        page = client.get(f"/agreements?{query}").text
        listed = [row["title"] for row in rows]
        assert all(title in page for title in listed)
        return [title for title in listed if title in ("Alpha", "Beta", "Gamma")]

    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("party=TR", ["Beta", "Alpha", "Gamma"]),
        ("party=TR&party=UZ", ["Beta", "Gamma"]),
        ("party=TR;IR", ["Alpha"]),
        ("party=Turkey&kind=treaty&sort=title", ["Alpha", "Beta", "Gamma"]),
        ("party=TR&sort=oldest", ["Gamma", "Alpha", "Beta"]),
        ("party=TR&status=in-force", ["Alpha"]),
        ("party=TR&status=in-force&on=2005-01-01", ["Alpha", "Gamma"]),
        ("party=TR&status=signed&on=2001-06-01", ["Alpha"]),
        ("party=TR&status=suspended", ["Gamma"]),
        ("party=TR&commission=yes", []),
        ("party=TR&commission=no&sort=recorded", ["Gamma", "Beta", "Alpha"]),
        ("signed_from=2001&signed_to=2002&party=TR", ["Alpha"]),
    ],
)
def test_filters_and_orders_combine(titles: Find, query: str, expected: list[str]) -> None:
    assert titles(query) == expected


def test_a_status_is_shown_as_of_the_day_that_is_asked_for(
    titles: Find, client: CheckedClient
) -> None:
    then = client.get("/agreements.json?party=TR&on=2005-01-01").get_json()
    now = client.get("/agreements.json?party=TR").get_json()

    status = {row["title"]: row["status"] for row in then}
    assert status == {"Alpha": "in-force", "Beta": "signed", "Gamma": "in-force"}
    assert {row["title"]: row["status"] for row in now}["Gamma"] == "suspended"
    number = next(row["id"] for row in now if row["title"] == "Gamma")
    assert "As of 1 January 2005" in client.get(f"/agreements/{number}?on=2005-01-01").text
    assert "As of" not in client.get(f"/agreements/{number}").text


@pytest.mark.parametrize(
    "query",
    [
        "on=2015",
        "on=soon",
        "sort=best",
        "per_page=0",
        "per_page=201",
        "per_page=ten",
        "kind=treaty&kind=minutes",
        "flavour=sweet",
        "after=zzz",
        "view=year",
    ],
)
def test_a_wrong_address_is_answered_400_with_a_plain_page(
    seeded: Session, client: CheckedClient, query: str
) -> None:
    answer = client.get(f"/agreements?{query}")

    assert answer.status_code == 400
    assert "<h1" in answer.text


def test_pages_of_a_list_keep_filter_and_order(seeded: Session, client: CheckedClient) -> None:
    first = client.page("/parties?kind=state&per_page=20")
    shown = first.all("a", **{"class": "row-link"})

    following = first.one("a", rel="next").attrs["href"]
    second = client.page(following)

    assert len(shown) == 20
    assert "kind=state" in following
    assert "per_page=20" in following
    again = {a.attrs["href"] for a in second.all("a", **{"class": "row-link"})}
    assert not again & {a.attrs["href"] for a in shown}

"""Lists of agreements: filters that combine, orders, and what a wrong address gets."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.pages import Page
from tracker.agreements.models import (
    Action,
    ActionKind,
    Agreement,
    AgreementKind,
    AgreementLanguage,
    AgreementTopic,
    Binding,
    EndedHow,
)
from tracker.agreements.topics import Topic
from tracker.dates import PartialDate, read_date
from tracker.parties.models import Party
from tracker.sources.models import Basis, Citation, Source

Find = Callable[..., list[str]]


def on(text: str) -> PartialDate:
    found = read_date(text)
    assert found is not None
    return found


@pytest.fixture
def titles(seeded: Session, client: CheckedClient) -> Find:
    parties = {code: seeded.query(Party).filter_by(code=code).one() for code in ("IR", "UZ", "TR")}

    leaf = seeded.scalars(
        select(Topic).where(Topic.parent_id.is_not(None)).order_by(Topic.id)
    ).first()
    assert leaf is not None
    assert leaf.parent is not None
    topics = [leaf.parent, leaf]

    def add(title: str, a: str, b: str, **more: object) -> None:
        agreement = Agreement(
            title=title, kind=AgreementKind.TREATY, side_a=parties[a], side_b=parties[b], **more
        )
        seeded.add(agreement)

    add(
        "Alpha",
        "IR",
        "TR",
        signed_on=on("2001-01-01"),
        in_force_on=on("2002-01-01"),
        binding=Binding.BINDING,
        signed_city="Ankara",
        languages=[AgreementLanguage(language="fa", position=0)],
        topic_links=[AgreementTopic(topic=topics[1], position=0)],
    )
    add(
        "Beta",
        "TR",
        "UZ",
        signed_on=on("2003-01-01"),
        signed_country=parties["UZ"],
        ended_on=on("2011"),
        ended_how=EndedHow.EXPIRED,
        topic_links=[AgreementTopic(topic=topics[0], position=0)],
    )
    add(
        "Gamma",
        "UZ",
        "TR",
        signed_on=on("2000-01-01"),
        in_force_on=on("2000-06-01"),
        actions=[Action(kind=ActionKind.SUSPENDED, done_on=on("2010-01-01"), position=0)],
    )
    alpha = seeded.scalars(select(Agreement).where(Agreement.title == "Alpha")).one()
    source = seeded.scalars(select(Source)).first()
    seeded.add(Citation(source=source, agreement_id=alpha.id, basis=Basis.STATED))
    seeded.commit()
    names = {"TOP": leaf.parent.code, "LEAF": leaf.code, "SOURCE": str(source.id if source else 0)}

    def found(query: str) -> list[str]:
        for name, text in names.items():
            query = query.replace(f"={name}", f"={text}")
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
        ("party=TR&signed_from=2001-01-02", ["Beta"]),
        ("party=TR&party=UZ&party=IR", []),
        ("party=TR&binding=binding", ["Alpha"]),
        ("party=TR&binding=unknown&sort=title", ["Beta", "Gamma"]),
        ("party=TR&in_force_from=2000-06-01&in_force_to=2001", ["Gamma"]),
        ("party=TR&ended_from=2011-05&ended_to=2020", ["Beta"]),
        ("ended_to=2010&party=TR", []),
        ("place=ankara", ["Alpha"]),
        ("place=Uzbekistan&party=TR", ["Beta"]),
        ("place=Uzbekistan&sort=title&party=TR", ["Beta"]),
        ("place=ANKARA&sort=title", ["Alpha"]),
        ("place=Ankara&status=in-force&sort=recorded", ["Alpha"]),
        ("language=Persian&party=TR", ["Alpha"]),
        ("source=SOURCE&party=TR", ["Alpha"]),
        ("topic=TOP&sort=oldest", ["Alpha", "Beta"]),
        ("topic=TOP&party=TR", ["Beta", "Alpha"]),
        ("topic=TOP&kind=treaty", ["Beta", "Alpha"]),
        ("topic=LEAF&signed_to=2002", ["Alpha"]),
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
        "after=end",
        "before=zzz",
        "before=end&after=end",
        "facets=2",
        "view=year",
    ],
)
def test_a_wrong_address_is_answered_400_with_a_plain_page(
    seeded: Session, client: CheckedClient, query: str
) -> None:
    answer = client.get(f"/agreements?{query}")

    assert answer.status_code == 400
    assert "<h1" in answer.text


def test_a_mark_is_good_for_one_list_and_one_order(seeded: Session, client: CheckedClient) -> None:
    first = client.page("/parties?per_page=5")
    mark = first.one("a", rel="next").attrs["href"].partition("after=")[2]

    client.page(f"/parties?per_page=5&after={mark}")
    client.page(f"/people?after={mark}", status=400)
    client.page(f"/agreements?sort=title&after={mark}", status=400)
    client.page(f"/parties?before={mark}&after={mark}", status=400)


def link(page: Page, word: str) -> str:
    """Where the link of this word leads."""
    return next(a.attrs["href"] for a in page.all("a") if a.text == word)


def test_a_list_has_a_last_page_from_which_one_walks_back(
    seeded: Session, client: CheckedClient
) -> None:
    def shown(page: Page) -> list[str]:
        return [a.attrs["href"] for a in page.all("a", **{"class": "row-link"})]

    everything = [row["id"] for row in client.get("/parties.json").get_json()]
    page = client.page("/parties?per_page=50")
    last = client.page(link(page, "Last"))
    walked = shown(last)
    while "Previous" in {a.text for a in last.all("a")}:
        last = client.page(link(last, "Previous"))
        walked = shown(last) + walked

    assert "Next" in {a.text for a in page.all("a")}
    assert "First" not in {a.text for a in last.all("a")}
    assert walked == [f"/parties/{number}" for number in everything]


def test_a_page_beyond_what_is_left_says_so(seeded: Session, client: CheckedClient) -> None:
    numbers = [row["id"] for row in client.get("/agreements.json").get_json()]
    client.submit(
        "/agreements/new", {"title": "Older", "kind": "treaty", "side_a": "IR", "side_b": "TR"}
    )
    following = link(client.page("/agreements?per_page=1"), "Next")
    seeded.execute(delete(Agreement).where(Agreement.id.not_in(numbers)))
    seeded.commit()

    page = client.page(following)

    assert "nothing more in this direction" in page.text
    assert len(client.page(link(page, "First")).all("a", **{"class": "row-link"})) == 1


@pytest.mark.parametrize("query", ["", "party=TR", "topic=TOP", "status=in-force", "party=TR;UZ"])
def test_each_count_of_a_facet_is_that_of_the_list_to_which_it_leads(
    titles: Find, client: CheckedClient, query: str
) -> None:
    page = client.page(f"/agreements?facets=1&{query.replace('=TOP', '=' + top_of(client))}")

    shares = [li for ul in page.all("ul") if ul.inside("section") for li in ul.all("li")]
    counted = [li for li in shares if li.all("span", **{"class": "number"})]
    for share in counted:
        address = share.one("a").attrs["href"].replace("/agreements?", "/agreements.json?")
        rows = client.get(address.replace("facets=1", "")).get_json()
        assert len(rows) == int(share.one("span", **{"class": "number"}).text), address
    assert counted


def top_of(client: CheckedClient) -> str:
    """The topic above the first that has one."""
    topics = client.get("/topics.json").get_json()
    return next(t["parent"] for t in sorted(topics, key=lambda t: t["id"]) if t["parent"])


def test_both_parties_stand_in_their_fields(seeded: Session, client: CheckedClient) -> None:
    page = client.page("/agreements?party=IR&party=Uzbekistan")

    fields = page.all("input", name="party")
    assert [field.attrs["value"] for field in fields] == ["IR", "Uzbekistan"]
    assert "open" not in page.one("details", **{"class": "filters-rare"}).attrs
    opened = client.page("/agreements?language=fa").one("details", **{"class": "filters-rare"})
    assert "open" in opened.attrs


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

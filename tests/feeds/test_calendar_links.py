"""From a page to its feed: the link, the address to copy, the word for programs in the head."""

import html
import re

import pytest
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.pages import Page

PAGES = {
    "/": ["/deadlines.ics", "/meetings.ics"],
    "/?party=IR&within=30": ["/deadlines.ics?party=IR", "/meetings.ics?party=IR"],
    "/meetings": ["/meetings.ics"],
    "/meetings?party=IR&status=held&from=2020&sort=&per_page=10": [
        "/meetings.ics?party=IR&status=held&from=2020"
    ],
    "/meetings?view=year&year=2023&commission=1": ["/meetings.ics?commission=1"],
    "/meetings?view=month&month=2023-03&to=2027": ["/meetings.ics?to=2027"],
    "/commissions/1": ["/commissions/1/meetings.ics"],
    "/relations/IR-UZ": ["/relations/IR-UZ/meetings.ics"],
}


def feeds_in_head(page: Page) -> list[str]:
    links = page.all("link", rel="alternate", type="text/calendar")
    assert all(link.attrs["title"] for link in links)
    return [link.attrs["href"] for link in links]


@pytest.mark.parametrize(("url", "feeds"), PAGES.items(), ids=PAGES)
def test_calendar_on_a_page_leads_to_the_address_of_its_feed(
    seeded: Session, client: CheckedClient, url: str, feeds: list[str]
) -> None:
    page = client.page(url)
    (link,) = [a for a in page.all("a") if a.text == "Calendar"]

    shown = client.page(link.attrs["href"])

    assert feeds_in_head(page) == feeds
    assert feeds_in_head(shown) == feeds[:1]
    addresses = [code.text for code in shown.all("code", class_="address")]
    assert addresses[0] == f"http://localhost{feeds[0]}"
    for feed in feeds:
        assert client.get(feed).mimetype == "text/calendar"


def test_the_page_alone_has_the_feeds_of_all(seeded: Session, client: CheckedClient) -> None:
    page = client.page("/calendars")

    addresses = [html.unescape(code.text) for code in page.all("code", class_="address")]
    assert addresses == [
        "http://localhost/meetings.ics",
        "http://localhost/deadlines.ics",
        "http://localhost/meetings.ics?party=UZ&alarm=30",
    ]
    for address in addresses:
        assert client.get(address.removeprefix("http://localhost")).status_code == 200


def test_each_parameter_and_status_that_the_page_names_is_known(
    seeded: Session, client: CheckedClient
) -> None:
    page = client.page("/calendars")
    values = {"party": "IR", "commission": "1", "from": "2020", "to": "2030", "alarm": "none"}

    rows = [row.all("td") for row in page.all("tr") if row.all("td")]
    named = {name.strip(): row[2].text for row in rows for name in row[0].text.split(",")}
    statuses = re.findall(r"[a-z]+", named["status"].partition(":")[2])

    assert named.keys() == values.keys() | {"status"}
    assert len(statuses) == 6
    for name, value in [*values.items(), *(("status", word) for word in statuses)]:
        assert client.get(f"/meetings.ics?{name}={value}").status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("feed=commission&number=999", 404),
        ("feed=commission", 404),
        ("feed=commission&number=x", 404),
        ("feed=relation&codes=IR-XX", 404),
        ("feed=other", 400),
        ("party=IR", 400),
        ("feed=deadlines&status=held", 400),
    ],
)
def test_a_wrong_address_gets_a_plain_page(
    seeded: Session, client: CheckedClient, query: str, status: int
) -> None:
    assert client.get(f"/calendars?{query}").status_code == status

"""Hostile texts in the fields that belong to no record's own form: accounts, acts, citations."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.hostile.skeleton import foreign, words_of
from tests.hostile.strings import HOSTILE, Hostile
from tests.pages import Page
from tracker.agreements.models import Agreement
from tracker.commissions.models import Commission

LINES = [one for one in HOSTILE if not one.lines and one.stored]


@pytest.fixture
def lines(backend: str) -> list[Hostile]:
    """All of them; of the same pages on the other database, some."""
    return LINES if backend == "sqlite" else LINES[::8]


def shown(client: CheckedClient, address: str, *texts: str) -> None:
    page = Page(client.get(address).text)
    assert list(foreign(page)) == [], address
    words = words_of(page)
    assert [text for text in texts if text not in words] == [], address


def test_names_of_accounts_are_words(administrator: CheckedClient, lines: list[Hostile]) -> None:
    for one in lines:
        answer = administrator.submit("/account", {"name": one.text}, action="/account/name")
        assert answer.status_code == 303, one.name
        page = Page(administrator.get("/account").text)
        assert list(foreign(page)) == []
        assert one.stored in page.one("nav", class_="site-account")._raw_text(), one.name
    shown(administrator, "/users", one.stored)


def test_notes_of_acts_are_words(
    seeded: Session, client: CheckedClient, lines: list[Hostile]
) -> None:
    for one in lines:
        assert client.submit("/meetings/5/postpone", {"note": one.text}).status_code == 303
        shown(client, "/meetings/5", one.stored)
        assert client.submit("/meetings/5/undo").status_code == 303
    shown(client, "/meetings/5/history", *(one.stored for one in lines[-20:]))


def test_what_is_cited_along_is_words(
    seeded: Session, client: CheckedClient, lines: list[Hostile]
) -> None:
    count = len(LINES)
    for place, one in enumerate(lines):
        texts = {
            "title": f"{one.stored} {place}",
            "publisher": LINES[(place + 7) % count].stored,
            "author": LINES[(place + 13) % count].stored,
            "locator": LINES[(place + 29) % count].stored,
            "reasoning": LINES[(place + 41) % count].stored,
        }
        typed = {f"citation-{name}": text for name, text in texts.items()}
        typed |= {"citation-kind": "gazette", "citation-title": texts["title"] + " #new"}
        answer = client.submit("/people/2/cite", typed)
        assert answer.status_code == 303, (one.name, answer.text)
        if place % 10 == 0:
            shown(client, "/people/2", texts["title"], texts["publisher"], texts["reasoning"])
    shown(client, "/people/2", *(f"{one.stored} {place}" for place, one in enumerate(lines)))
    shown(client, "/people/2/history", lines[-1].stored)


def test_names_of_commissions_set_up_along_are_words(
    seeded: Session, client: CheckedClient, lines: list[Hostile]
) -> None:
    empty = client.page("/agreements/new").form().values
    for place, one in enumerate(lines):
        typed = empty | {
            "title": f"Agreement {place}",
            "kind": "agreement",
            "side_a": "IR",
            "side_b": "UZ",
            "commission-name": one.text,
            "commission-cadence_every": "1",
            "commission-cadence_unit": "year",
            "commission-city_b": LINES[(place + 17) % len(LINES)].text,
            "commission-first_host": "B",
        }
        if place % 8 == 0:
            # A mistake first: the form comes back with what was typed.
            again = client.post("/agreements/new", data={**typed, "side_b": "IR"})
            assert again.status_code == 422
            page = Page(again.text)
            assert list(foreign(page)) == [], one.name
            assert page.form().values["commission-name"] == [one.text], one.name

        answer = client.post("/agreements/new", data=typed)

        assert answer.status_code == 303, (one.name, answer.text)
        seeded.rollback()
        kept = seeded.scalars(select(Commission).order_by(Commission.id.desc()).limit(1)).one()
        assert (kept.name, kept.agreement.title) == (one.stored, typed["title"])
        if place % 8 == 0:
            shown(client, answer.location, one.stored)
            shown(client, f"/commissions/{kept.id}", one.stored, typed["title"])
    assert seeded.scalar(select(func.count()).where(Agreement.title.like("Agreement %"))) == len(
        lines
    )

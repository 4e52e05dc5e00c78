"""Each kind of change to each kind of record is taken back, and every record can come back."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.history.test_record_history import newest
from tests.history.test_undo import contents, undo
from tests.pages import Page
from tracker.catalogue import PAGES
from tracker.history.verify import faults

NAMES = [pages.name for pages in PAGES]
SIDES = {"side_a": "IR", "side_b": "UZ"}
# What a form needs in order to record one of each kind, with lists where there are any.
NEW: dict[str, dict[str, Any]] = {
    "parties": {"code": "ZZO", "name": "A new union", "kind": "organisation", "names": "Z\nZ O"},
    "bodies": {"party": "IR", "name": "A new ministry"},
    "people": {"name": "Somebody New", "names": "S. New\nNew, S."},
    "topics": {"code": "ZZZ", "name": "A new topic"},
    "sources": {"title": "A new source", "kind": "gazette", "link": "https://example.org/1"},
    "agreements": {
        "title": "A new agreement",
        "kind": "agreement",
        **SIDES,
        "signatories-0-side": "A",
        "signatories-0-person": "#1",
        "topics": ["SEC-TERROR"],
        "languages": "fa;en",
    },
    "commissions": {
        "name": "A new commission",
        "kind": "committee",
        "status": "active",
        **SIDES,
        "hosts-0-party": "IR",
        "hosts-0-city": "Tehran",
    },
    "meetings": {
        "kind": "visit",
        "status": "planned",
        **SIDES,
        "title": "A new visit",
        "begins_on": "2024-05",
    },
    "commitments": {"kind": "statement", "made_by": "A", "text": "A new promise", **SIDES},
    "citations": {"source": "#1", "record": "person", "record_id": "1", "basis": "stated"},
}
TEXT = {"citations": "locator", "topics": "name", "parties": "official_name", "bodies": "name"}


def errors(html: str) -> str:
    """What a page says is wrong."""
    return " | ".join(e.text for e in Page(html).all(class_="error-summary"))


def record_new(client: CheckedClient, name: str) -> int:
    answer = client.submit(f"/{name}/new", NEW[name])
    assert answer.status_code == 303, errors(answer.text)
    return int(answer.location.rpartition("/")[2])


@pytest.mark.parametrize("name", NAMES)
def test_recording_is_taken_back(
    seeded: Session, client: CheckedClient, engine: Engine, name: str
) -> None:
    before = contents(engine)
    record_new(client, name)

    undo(client, newest(seeded).id)

    assert contents(engine) == before


@pytest.mark.parametrize("name", NAMES)
def test_a_change_is_taken_back(seeded: Session, client: CheckedClient, name: str) -> None:
    before = client.get(f"/{name}.csv").data
    typed = {TEXT.get(name, "note"): "Changed"}
    if name == "commitments":
        typed = {"text": "Changed"}
    assert client.submit(f"/{name}/1/edit", typed).status_code == 303
    assert client.get(f"/{name}.csv").data != before

    undo(client, newest(seeded).id)

    assert client.get(f"/{name}.csv").data == before


@pytest.mark.parametrize("name", NAMES)
def test_what_was_deleted_comes_back_under_its_number(
    seeded: Session, client: CheckedClient, engine: Engine, name: str
) -> None:
    number = record_new(client, name)
    last = max(change.id for change in newest(seeded).changes if change.record_id == number)
    file = client.get(f"/{name}.csv").data
    assert client.submit(f"/{name}/{number}/delete").status_code == 303
    assert client.get(f"/{name}.csv").data != file

    answer = client.submit(f"/{name}/{number}/history/{last}")

    assert answer.status_code == 303, errors(answer.text)
    assert client.get(f"/{name}.csv").data == file
    with engine.connect() as connection:
        assert list(faults(connection)) == []


def test_each_kind_is_here() -> None:
    assert set(NEW) == set(NAMES)

"""On SQLite one request writes at a time: who only shows something does not keep others waiting."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tracker.history.models import Change
from tracker.people.models import Person

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def turns() -> Iterator[list[str]]:
    """How each transaction began, and whatever was rendered, in order."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def person(db_session: Session) -> str:
    db_session.add(Person(name="Ada Aryan"))
    db_session.commit()
    return "/people/1/edit"


def test_a_save_takes_one_turn(client: CheckedClient, person: str, turns: list[str]) -> None:
    form = client.page(person).form().values
    turns.clear()

    assert client.post(person, data={**form, "note": "x"}).status_code == 303

    assert turns == ["BEGIN IMMEDIATE"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"version": "0"}, 409), ({"name": ""}, 422), ({"rows": "add-other_names"}, 200)],
)
def test_a_page_is_made_after_the_turn(
    client: CheckedClient, person: str, turns: list[str], changes: dict[str, str], status: int
) -> None:
    form = client.page(person).form().values
    turns.clear()

    assert client.post(person, data={**form, **changes}).status_code == status

    assert turns == ["BEGIN IMMEDIATE", "BEGIN"]


def test_what_was_done_is_taken_back_in_one_turn(
    client: CheckedClient, person: str, turns: list[str], db_session: Session
) -> None:
    client.submit(person, {"note": "x"})
    number = db_session.scalar(select(Change.entry_id).order_by(Change.id.desc()))
    token = client.page(person).form().values["csrf_token"]
    turns.clear()

    answer = client.post(f"/changes/{number}/undo", data={"csrf_token": token})

    assert answer.status_code == 303
    assert turns == ["BEGIN IMMEDIATE"]

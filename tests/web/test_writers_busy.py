"""While somebody else writes for long, what was typed is kept and can be sent once more."""

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.pages import Page
from tracker.people.models import Person


@pytest.fixture
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for 15 seconds."""
    monkeypatch.setattr("tracker.db.BUSY_TIMEOUT_MS", 50)


# PostgreSQL lets several write at once.
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_was_typed_is_kept_until_it_can_be_saved(
    little_patience: None, client: CheckedClient, engine: Engine
) -> None:
    name = 'Ali "the clerk" <Shamkhani>'
    with engine.execution_options(writing=True).connect() as importing:
        importing.begin()
        refused = client.submit("/people/new", {"name": name, "note": "two\nlines"})

    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "30"
    assert "Nothing of yours was saved yet" in refused.text
    form = Page(refused.text).form()
    assert count(engine) == 0

    assert client.post(form.action, data=form.values).status_code == 303
    with Session(engine) as session:
        person = session.scalars(select(Person)).one()
        assert (person.name, person.note) == (name, "two\nlines")


def count(engine: Engine) -> int | None:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Person))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_password_is_not_written_into_a_page(
    little_patience: None, anonymous: CheckedClient, engine: Engine
) -> None:
    with engine.execution_options(writing=True).connect() as importing:
        importing.begin()
        sent = {"email": "somebody@example.org", "password": "a secret of mine"}
        refused = anonymous.submit("/sign-in", sent)

    assert refused.status_code == 503
    assert "a secret of mine" not in refused.text

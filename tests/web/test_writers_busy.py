"""While somebody else writes for long, what was typed is kept and can be sent once more."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.pages import Page
from tracker.clock import now
from tracker.db import WritersBusy
from tracker.history.models import Change
from tracker.people.models import Person
from tracker.web.database import db
from tracker.web.rights import Right, needs

# PostgreSQL lets several write at once.
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

NAME = 'Ali "the clerk" <Shamkhani>'
Importing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def importing(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Importing:
    """Somebody else who writes as long as a block lasts; nobody waits for 15 seconds."""
    monkeypatch.setattr("tracker.db.BUSY_TIMEOUT_MS", 50)

    @contextmanager
    def writing() -> Iterator[None]:
        with engine.execution_options(writing=True).connect() as connection:
            connection.begin()
            yield

    return writing


def count(engine: Engine, model: type) -> int | None:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(model))


def test_what_was_typed_is_kept_until_it_can_be_saved(
    importing: Importing, client: CheckedClient, engine: Engine
) -> None:
    with importing():
        refused = client.submit("/people/new", {"name": NAME, "note": "two\nlines"})

    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "3"
    assert "Nothing of yours is saved yet" in refused.text
    form = Page(refused.text).form()
    assert form.element.attrs["data-waiting"] == "3"
    assert count(engine, Person) == 0

    assert client.post(form.action, data=form.values).status_code == 303
    with Session(engine) as session:
        person = session.scalars(select(Person)).one()
        assert (person.name, person.note) == (NAME, "two\nlines")
        assert len(session.scalars(select(Change).where(Change.record == "person")).all()) == 1


def test_whoever_waits_is_still_signed_in_on_the_page(
    importing: Importing, client: CheckedClient
) -> None:
    with importing():
        refused = client.submit("/people/new", {"name": NAME})

    assert "Sign out" in refused.text


def test_the_page_remembers_since_when_somebody_waits(
    importing: Importing, client: CheckedClient
) -> None:
    with importing():
        first = Page(client.submit("/people/new", {"name": NAME}).text)
        begun = str(int(first.form().values["waiting_since"][0]) - 600)
        sent = first.form().values | {"waiting_since": [begun]}
        again = Page(client.post("/people/new", data=sent).text)

    assert again.form().values == sent
    since = datetime.fromisoformat(again.one("time").attrs["datetime"])
    assert now() - since >= timedelta(minutes=10)


@pytest.mark.parametrize("made_up", ["", "x", "-1", "0", "99999999999", "²", "9" * 5000])
def test_a_made_up_beginning_is_not_believed(
    importing: Importing, client: CheckedClient, made_up: str
) -> None:
    with importing():
        sent = {"name": NAME, "waiting_since": made_up}
        page = Page(client.submit("/people/new", sent).text)

    since = datetime.fromisoformat(page.one("time").attrs["datetime"])
    assert now() - since < timedelta(minutes=1)


def test_the_address_is_kept_with_its_query(importing: Importing, client: CheckedClient) -> None:
    token = client.page("/people/new").form().values["csrf_token"]
    with importing():
        refused = client.post("/people/import?step=map&x=a%26b", data={"csrf_token": token})

    assert Page(refused.text).form().action == "/people/import?step=map&x=a%26b"


def test_a_password_is_not_written_into_a_page(
    importing: Importing, anonymous: CheckedClient
) -> None:
    sent = {"email": "somebody@example.org", "password": "a secret of mine"}
    with importing():
        refused = anonymous.submit("/sign-in", sent)

    assert refused.status_code == 503
    assert "a secret of mine" not in refused.text
    assert "holds no passwords" in refused.text
    assert not Page(refused.text).all("form", data_waiting="3")


def test_a_new_password_is_not_written_into_a_page(
    importing: Importing, client: CheckedClient
) -> None:
    token = client.page("/people/new").form().values["csrf_token"]
    secret = "a secret of mine"  # noqa: S105
    with importing():
        sent = {"csrf_token": token, "present": secret, "new": secret, "again": secret}
        refused = client.post("/account/password", data=sent)

    assert refused.status_code == 503
    assert secret not in refused.text


def test_a_form_with_a_file_is_not_sent_again_without_it(
    importing: Importing, client: CheckedClient
) -> None:
    with importing():
        refused = client.submit("/people/import", {"file": (io.BytesIO(b"id,name\n"), "a.csv")})

    assert refused.status_code == 503
    assert "cannot hold the file" in refused.text
    assert not Page(refused.text).all("form", data_waiting="3")


def test_a_form_for_a_file_without_one_is_kept(importing: Importing, client: CheckedClient) -> None:
    with importing():
        refused = client.submit("/people/import", {"file": (io.BytesIO(b""), "")})

    form = Page(refused.text).form()
    assert client.post(form.action, data=form.values).status_code == 422


def test_a_form_that_is_too_large_waits_for_nothing(
    importing: Importing, client: CheckedClient
) -> None:
    with importing():
        refused = client.post("/people/new", data={"name": ["x"] * 30_000})

    assert refused.status_code == 413


@pytest.mark.own_app
def test_what_had_saved_something_before_is_not_sent_again(
    client: CheckedClient, app: Flask
) -> None:
    @needs(Right.EDIT)
    def half() -> str:
        db().add(Person(name=NAME))
        db().commit()
        raise WritersBusy

    app.add_url_rule("/half", "half", half, methods=["GET", "POST"])
    token = client.page("/people/new").form().values["csrf_token"]

    refused = client.post("/half", data={"csrf_token": token, "name": NAME})

    assert refused.status_code == 503
    assert "may be saved already" in refused.text
    assert NAME not in refused.text

"""One-time sign-in links: shown once, good once, for a day."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.accounts.conftest import EMAIL
from tests.accounts.people import PASSWORD, enter, is_in
from tests.client import CheckedClient
from tests.migrations.snapshot import rows_of
from tests.pages import Page
from tracker.accounts.models import Account
from tracker.accounts.operations import make_link
from tracker.clock import now

Browser = Callable[[], CheckedClient]


def link_for(engine: Engine, number: int) -> str:
    with Session(engine.execution_options(writing=True)) as session:
        token = make_link(session, session.get_one(Account, number), now())
        session.commit()
        return f"/sign-in/link?token={token}"


def follow(client: CheckedClient, address: str) -> TestResponse:
    return client.submit(address)


def test_looking_at_a_link_changes_nothing(
    editor: int, engine: Engine, anonymous: CheckedClient
) -> None:
    address = link_for(engine, editor)
    before = rows_of(engine)

    page = anonymous.get(address)

    assert rows_of(engine) == before
    assert EMAIL in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert not is_in(anonymous)


def test_pressing_its_button_signs_in_and_only_once(
    editor: int, engine: Engine, anonymous: CheckedClient, browser: Browser
) -> None:
    address = link_for(engine, editor)
    late = browser()
    form = late.page(address).form()

    assert follow(anonymous, address).status_code == 303
    assert is_in(anonymous)

    answer = late.post("/sign-in/link", data=dict(form.values.items()))
    assert answer.status_code == 410
    assert "used already" in answer.text
    assert not is_in(late)
    assert late.get(address).status_code == 410


def test_a_link_is_void_after_a_day(editor: int, engine: Engine, anonymous: CheckedClient) -> None:
    made = datetime(2026, 3, 1, tzinfo=UTC)
    with time_machine.travel(made, tick=False):
        address = link_for(engine, editor)
        form = anonymous.page(address).form()
    with time_machine.travel(made + timedelta(hours=24, seconds=-1), tick=False):
        assert anonymous.get(address).status_code == 200
    with time_machine.travel(made + timedelta(hours=24), tick=False):
        assert anonymous.get(address).status_code == 410
        answer = anonymous.post("/sign-in/link", data=dict(form.values.items()))
        assert answer.status_code == 410
        assert not is_in(anonymous)


def test_a_newer_link_makes_the_older_void(
    editor: int, engine: Engine, anonymous: CheckedClient
) -> None:
    older = link_for(engine, editor)
    newer = link_for(engine, editor)

    assert anonymous.get(older).status_code == 410
    assert follow(anonymous, newer).status_code == 303


def test_deactivation_makes_links_void(
    editor: int, engine: Engine, anonymous: CheckedClient, administrator: CheckedClient
) -> None:
    address = link_for(engine, editor)

    administrator.submit(f"/users/{editor}", action=f"/users/{editor}/deactivate")

    assert anonymous.get(address).status_code == 410


def test_an_administrator_makes_a_link_that_is_shown_once(
    editor: int, anonymous: CheckedClient, administrator: CheckedClient
) -> None:
    answer = administrator.submit(f"/users/{editor}", action=f"/users/{editor}/link")

    assert answer.headers["Cache-Control"] == "no-store"
    address = Page(answer.text).one("main").one("code").text
    assert address not in administrator.get(f"/users/{editor}").text
    assert follow(anonymous, address.removeprefix("http://localhost")).status_code == 303
    assert is_in(anonymous)


def test_who_came_by_a_link_sets_a_password_without_the_present_one(
    editor: int, engine: Engine, anonymous: CheckedClient, browser: Browser
) -> None:
    follow(anonymous, link_for(engine, editor))
    new = "forgotten and made anew"

    answer = anonymous.submit("/account/password", {"new": new, "again": new})

    assert answer.status_code == 303
    assert is_in(anonymous)
    assert enter(browser(), EMAIL, new).status_code == 303
    # From now on the password is asked for: the link stood for it once.
    assert "present" in anonymous.page("/account/password").form().values


def test_a_link_stands_for_the_password_only_for_an_hour(
    editor: int, engine: Engine, anonymous: CheckedClient
) -> None:
    came = datetime(2026, 3, 1, tzinfo=UTC)
    with time_machine.travel(came, tick=False):
        follow(anonymous, link_for(engine, editor))
        assert "present" not in anonymous.page("/account/password").form().values
    with time_machine.travel(came + timedelta(hours=1), tick=False):
        assert "present" in anonymous.page("/account/password").form().values


def test_who_came_by_a_password_must_give_it(editor: int, anonymous: CheckedClient) -> None:
    enter(anonymous, EMAIL)
    token = anonymous.page("/account/password").form().values["csrf_token"][0]
    new = "taken over by somebody"

    answer = anonymous.post(
        "/account/password", data={"csrf_token": token, "new": new, "again": new}
    )

    assert answer.status_code == 422
    assert "This is not your present password." in answer.text


def test_a_new_password_makes_a_link_void(
    editor: int, engine: Engine, anonymous: CheckedClient, browser: Browser
) -> None:
    enter(anonymous, EMAIL)
    address = link_for(engine, editor)
    new = "another river in autumn"

    anonymous.submit("/account/password", {"present": PASSWORD, "new": new, "again": new})

    assert browser().get(address).status_code == 410


@pytest.mark.parametrize(
    ("token", "status"), [("", 410), ("x", 410), ("ف" * 50, 410), ("a" * 10_000, 400)]
)
def test_a_made_up_link_lets_nobody_in(anonymous: CheckedClient, token: str, status: int) -> None:
    answer = anonymous.get("/sign-in/link", query_string={"token": token})
    assert answer.status_code == status

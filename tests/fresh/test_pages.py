"""What was not changed is not sent again, and what was is: for each kind of page."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine, text, update
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.fresh.conftest import Browser
from tests.identities import add_account, sign_in
from tests.pages import Page
from tracker.accounts.models import Account
from tracker.accounts.rules import Role
from tracker.settings import Settings
from tracker.web.fresh import digest_of

PAGES = (
    "/",
    "/agreements",
    "/agreements?party=IR&sort=title",
    "/agreements/1",
    "/commissions/1?on=2024-03-20",
    "/meetings?view=year&year=2023",
    "/people/1.json",
    "/parties/IR",
    "/parties/1/history",
    "/relations/IR-UZ",
    "/action-items",
    "/changes",
    "/calendars?feed=meetings",
    "/options/parties?q=ir",
)
FILES = ("/agreements.csv", "/agreements.json", "/action-items.csv", "/attention.csv")
FEEDS = ("/meetings.ics", "/deadlines.ics", "/relations/IR-UZ/meetings.ics")
NOT_RECORDED = ("/agreements/new", "/agreements/1/edit", "/account", "/people/import", "/healthz")
Counter = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def browser(seeded: Session, client: CheckedClient) -> Browser:
    """An editor's, on the seeds."""
    return Browser(client)


@pytest.mark.parametrize("address", [*PAGES, *FILES, *FEEDS])
def test_the_same_is_not_sent_again(browser: Browser, address: str) -> None:
    assert browser.ask(address) == 200

    assert browser.ask(address) == 304


def test_a_304_costs_two_queries(browser: Browser, query_counter: Counter) -> None:
    for address in (*PAGES, *FILES, *FEEDS):
        browser.ask(address)

    for address in (*PAGES, *FILES, *FEEDS):
        with query_counter() as statements:
            assert browser.ask(address) == 304
        assert len(statements) == 2, address


def test_who_is_not_signed_in_costs_one(
    seeded: Session, anonymous: CheckedClient, query_counter: Counter
) -> None:
    browser = Browser(anonymous)
    assert browser.ask("/agreements") == 200

    with query_counter() as statements:
        assert browser.ask("/agreements") == 304

    assert len(statements) == 1


@pytest.mark.parametrize("address", NOT_RECORDED)
def test_what_follows_from_more_is_always_made(browser: Browser, address: str) -> None:
    assert [browser.ask(address), browser.ask(address)] == [200, 200]
    assert address not in browser.kept


def test_a_304_says_what_the_page_itself_would(browser: Browser) -> None:
    full = browser.client.get("/people")
    headers = {"If-None-Match": full.headers["ETag"]}

    short = browser.client.get("/people", headers=headers)

    for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy"):
        assert short.headers[name] == full.headers[name], name
    assert short.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in short.headers["Vary"]


@pytest.mark.parametrize("sent", ["*", '"another"', "nonsense"])
def test_other_tags_get_the_page(browser: Browser, sent: str) -> None:
    assert browser.client.get("/people", headers={"If-None-Match": sent}).status_code == 200


def test_a_tag_of_one_page_is_none_of_another(browser: Browser) -> None:
    tag = browser.client.get("/people").headers["ETag"]

    for other in ("/people?sort=name", "/sources", "/people?per_page=5"):
        answer = browser.client.get(other, headers={"If-None-Match": tag})
        assert answer.status_code in (200, 400)


def test_what_is_refused_or_not_there_has_no_tag(browser: Browser) -> None:
    for address in ("/people/999", "/people?colour=red", "/agreements?party=Atlantis"):
        answer = browser.client.get(address)
        assert answer.status_code >= 400
        assert "ETag" not in answer.headers


def test_each_day_is_another_page(browser: Browser) -> None:
    with time_machine.travel(datetime.fromisoformat("2026-11-25T23:59:00Z"), tick=False) as time:
        browser.ask("/")
        assert browser.ask("/") == 304
        time.shift(120)
        assert browser.ask("/") == 200


def test_words_that_are_shown_once_are_not_kept(browser: Browser) -> None:
    browser.ask("/people/1")
    # Nothing is changed, so the counter stays: the words alone are new.
    assert isinstance(browser.client, CheckedClient)
    with browser.client.session_transaction() as cookie:
        cookie["_flashes"] = [("message", "Saved.")]

    answer = browser.client.get(
        "/people/1", headers={"If-None-Match": browser.kept["/people/1"].tag}
    )

    assert answer.status_code == 200
    assert "Saved." in answer.text
    assert "ETag" not in answer.headers
    assert "Saved." not in browser.client.get("/people/1").text
    assert browser.ask("/people/1") == 304


def test_a_file_shows_no_words_and_is_kept(browser: Browser) -> None:
    browser.ask("/people")
    assert isinstance(browser.client, CheckedClient)
    with browser.client.session_transaction() as cookie:
        cookie["_flashes"] = [("message", "Saved.")]

    answer = browser.client.get("/people.csv")

    assert "ETag" in answer.headers
    assert "Saved." in browser.client.get("/people").text
    headers = {"If-None-Match": answer.headers["ETag"]}
    assert browser.client.get("/people.csv", headers=headers).status_code == 304


def test_the_token_of_a_page_that_was_kept_is_good(browser: Browser) -> None:
    address = "/parties/1/history"
    kept = browser.client.get(address)
    browser.ask(address)
    assert browser.ask(address) == 304

    answer = browser.client.post("/sign-out", data=Page(kept.text).form("/sign-out").values)

    assert answer.status_code == 303


def test_another_cookie_is_another_page(browser: Browser) -> None:
    """Its forms need another token: the one of the page that was kept would be refused."""
    browser.ask("/people")
    browser.client.delete_cookie("session")

    assert browser.ask("/people") == 200
    assert browser.ask("/people") == 304


@pytest.mark.parametrize("values", [{"name": "Another"}, {"role": Role.VIEWER}])
def test_another_name_or_role_is_another_page(
    browser: Browser, engine: Engine, values: dict[str, str]
) -> None:
    browser.ask("/people")
    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(text("UPDATE account SET version = version + 1"))
    browser.ask("/people")
    before = browser.kept["/people"]

    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(update(Account).values(**values))

    assert browser.ask("/people") == 200
    assert browser.kept["/people"].body != before.body


def test_others_have_pages_of_their_own(app: Flask, engine: Engine, browser: Browser) -> None:
    browser.ask("/people")
    other = app.test_client()
    sign_in(other, engine, add_account(engine, Role.VIEWER))
    browser.client.get("/people")

    answer = other.get("/people", headers={"If-None-Match": browser.kept["/people"].tag})

    assert answer.status_code == 200


def test_an_ended_session_gets_no_304(browser: Browser, engine: Engine) -> None:
    browser.ask("/changes")
    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(text("DELETE FROM account_session"))

    assert browser.ask("/changes") == 302


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    return replace(settings, languages=getattr(request, "param", ("en",)))


@pytest.mark.parametrize("settings", [("en", "fa")], indirect=True)
def test_each_language_is_another_page(browser: Browser) -> None:
    browser.ask("/people")
    assert isinstance(browser.client, CheckedClient)
    with browser.client.session_transaction() as cookie:
        cookie["language"] = "fa"

    assert browser.ask("/people") == 200
    assert b'dir="rtl"' in browser.kept["/people"].body


def test_another_program_makes_other_pages(app: Flask, browser: Browser) -> None:
    browser.ask("/people")
    assert browser.ask("/people") == 304

    app.extensions["written_by"] += "changed"

    assert browser.ask("/people") == 200


def test_the_program_is_known_by_its_files(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("words")
    before = digest_of(tmp_path)
    assert digest_of(tmp_path) == before

    (tmp_path / "page.html").write_text("other words")

    assert digest_of(tmp_path) != before

"""Signing in through a provider of other people: the whole way there and back, over HTTP."""

import logging
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.accounts.people import cookie_of, is_in
from tests.client import CheckedClient
from tests.identities import sign_in
from tests.oidc.conftest import BACK, EMAIL, OpenBrowser
from tests.oidc.provider import RunningProvider, send
from tests.pages import Page
from tracker.accounts.guard import COOKIE
from tracker.accounts.models import Account, AccountSession, Guess
from tracker.app import create_app
from tracker.oidc.models import ProviderIdentity
from tracker.settings import Settings

pytestmark = pytest.mark.own_app


def there(client: CheckedClient, target: str = "/agreements") -> str:
    """Press the button of the sign-in page; the address at the provider that it leads to."""
    page = client.page(f"/sign-in?next={target}")
    button = next(a for a in page.all("a") if a.text == "Sign in with Our Login")
    answer = client.get(button.attrs["href"])
    assert answer.status_code == 302, answer.text
    return answer.location


def back(client: CheckedClient, location: str) -> TestResponse:
    """Go where the provider sends the browser back to."""
    assert location.startswith(BACK)
    parts = urlsplit(location)
    return client.get(f"{parts.path}?{parts.query}")


def journey(
    client: CheckedClient, provider: RunningProvider, subject: str = "s-dilnoza"
) -> TestResponse:
    return back(client, provider.sign_in(there(client), subject))


def refusal(answer: TestResponse, status: int) -> str:
    """The words of a page that lets nobody in."""
    assert answer.status_code == status, answer.text
    page = Page(answer.text)
    assert page.all("h1")[0].text == "You are not signed in"
    return next(p.text for p in page.all("p") if p.attrs.get("class") == "prose")


def test_a_verified_address_of_an_account_signs_in(
    anonymous: CheckedClient, provider: RunningProvider, editor: int, engine: Engine
) -> None:
    answer = journey(anonymous, provider)

    assert (answer.status_code, answer.location) == (303, "/agreements")
    assert is_in(anonymous)
    assert anonymous.get("/agreements/new").status_code == 200
    with Session(engine) as session:
        account = session.get_one(Account, editor)
        assert account.signed_in_at is not None
        assert account.version == 1
        opened = session.scalars(select(AccountSession)).one()
        assert (opened.account_id, opened.complete, opened.by_link) == (editor, True, False)
        identity = session.scalars(select(ProviderIdentity)).one()
        assert (identity.account_id, identity.subject) == (editor, "s-dilnoza")
        assert session.scalar(select(Guess)) is None


def test_the_way_there_names_our_own_address_whatever_the_request_says(
    anonymous: CheckedClient, provider: RunningProvider
) -> None:
    location = anonymous.get("/sign-in/provider", base_url="http://localhost:9").location

    asked = parse_qs(urlsplit(location).query)
    assert asked["redirect_uri"] == [BACK]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]


def test_coming_again_is_the_same_person_also_with_another_address(
    browser: OpenBrowser, provider: RunningProvider, editor: int
) -> None:
    journey(browser(), provider)
    provider.know("s-dilnoza", email="new@example.org", email_verified=False)
    again = browser()

    assert journey(again, provider).status_code == 303
    assert EMAIL in again.page("/account").text


def test_an_address_that_somebody_else_has_now_lets_them_not_in(
    browser: OpenBrowser, provider: RunningProvider, editor: int
) -> None:
    journey(browser(), provider)
    provider.know("s-other", email=EMAIL, email_verified=True)
    thief = browser()

    answer = journey(thief, provider, "s-other")

    assert "belongs to somebody else whom Our Login knows" in refusal(answer, 403)
    assert not is_in(thief)


def test_an_administrator_can_forget_whom_an_account_is_tied_to(
    browser: OpenBrowser, provider: RunningProvider, editor: int, administrator: CheckedClient
) -> None:
    first = browser()
    journey(first, provider)
    provider.know("s-other", email=EMAIL, email_verified=True)
    link = next(a for a in administrator.page(f"/users/{editor}").all("a") if "tied" in a.text)
    assert "s-dilnoza" in administrator.page(link.attrs["href"]).text

    action = link.attrs["href"]
    assert administrator.submit(action, action=action).status_code == 303

    assert not is_in(first)
    assert "has not signed in through a provider" in administrator.page(action).text
    assert journey(browser(), provider, "s-other").status_code == 303


def test_an_address_that_is_not_verified_counts_for_nothing(
    anonymous: CheckedClient, provider: RunningProvider, editor: int
) -> None:
    for claims in ({"email_verified": False}, {}, {"email_verified": "true"}):
        provider.know("s-claims", email=EMAIL, **claims)

        answer = journey(anonymous, provider, "s-claims")

        assert "does not say that it has verified" in refusal(answer, 403)
        assert not is_in(anonymous)


def test_somebody_without_an_account_is_told_so_and_gets_none(
    anonymous: CheckedClient, provider: RunningProvider, engine: Engine
) -> None:
    said = refusal(journey(anonymous, provider, "s-other"), 403)

    assert "other@example.org" in said
    assert "Ask an administrator" in said
    with Session(engine) as session:
        assert session.scalars(select(Account)).all() == []
        assert session.scalars(select(AccountSession)).all() == []


@pytest.mark.parametrize("before", [True, False])
def test_a_deactivated_account_is_not_let_in(
    browser: OpenBrowser, provider: RunningProvider, editor: int, engine: Engine, before: bool
) -> None:
    """Whether it was tied to somebody before or not."""
    if before:
        journey(browser(), provider)
    with Session(engine.execution_options(writing=True)) as session, session.begin():
        session.get_one(Account, editor).active = False
    client = browser()

    assert "deactivated" in refusal(journey(client, provider), 403)
    assert not is_in(client)


def test_whoever_presses_no_there_is_told_so(
    anonymous: CheckedClient, provider: RunningProvider, editor: int
) -> None:
    answer = back(anonymous, provider.deny(there(anonymous)))

    assert "did not let you in" in refusal(answer, 403)


def test_a_way_back_is_good_once(
    anonymous: CheckedClient, provider: RunningProvider, editor: int
) -> None:
    location = provider.sign_in(there(anonymous), "s-dilnoza")
    assert back(anonymous, location).status_code == 303

    assert "was used already" in refusal(back(anonymous, location), 400)


def test_a_code_is_good_once(
    anonymous: CheckedClient, browser: OpenBrowser, provider: RunningProvider, editor: int
) -> None:
    """Also for somebody who begins anew and puts another's code into the way back."""
    first = parse_qs(urlsplit(provider.sign_in(there(anonymous), "s-dilnoza")).query)
    assert back(anonymous, f"{BACK}?code={first['code'][0]}&state={first['state'][0]}")
    other = browser()
    state = parse_qs(urlsplit(there(other)).query)["state"][0]

    answer = back(other, f"{BACK}?code={first['code'][0]}&state={state}")

    assert "was used already, or took too long" in refusal(answer, 400)
    assert not is_in(other)


def test_another_browser_cannot_come_back(
    anonymous: CheckedClient, browser: OpenBrowser, provider: RunningProvider, editor: int
) -> None:
    """Neither one that never began, nor one that began a way of its own."""
    for other in (browser(), browser()):
        location = provider.sign_in(there(anonymous), "s-dilnoza")

        assert "not begun in this browser" in refusal(back(other, location), 400)
        assert not is_in(other)
        there(other)
        assert "not begun in this browser" in refusal(back(other, location), 400)


def test_a_wrong_state_ends_the_attempt(
    anonymous: CheckedClient, provider: RunningProvider, editor: int
) -> None:
    location = provider.sign_in(there(anonymous), "s-dilnoza")
    code = parse_qs(urlsplit(location).query)["code"][0]

    for state in ("", "wrong", "ы" * 43):
        assert refusal(back(anonymous, f"{BACK}?code={code}&state={state}"), 400)
    assert refusal(back(anonymous, location), 400)
    assert not is_in(anonymous)


def test_the_session_is_a_new_one_and_ends_like_any_other(
    anonymous: CheckedClient, provider: RunningProvider, editor: int
) -> None:
    anonymous.set_cookie(COOKIE, "x" * 43)
    journey(anonymous, provider)
    token = cookie_of(anonymous)
    assert token is not None
    assert token != "x" * 43

    assert anonymous.submit("/account", action="/sign-out").status_code == 303

    assert not is_in(anonymous)
    anonymous.set_cookie(COOKIE, token)
    assert not is_in(anonymous)


def test_the_second_factor_is_left_to_the_provider(
    anonymous: CheckedClient, provider: RunningProvider, editor: int, engine: Engine
) -> None:
    with Session(engine.execution_options(writing=True)) as session, session.begin():
        session.get_one(Account, editor).totp_secret = "A" * 32

    assert journey(anonymous, provider).location == "/agreements"
    assert is_in(anonymous)


def test_who_is_signed_in_need_not_go_there(
    anonymous: CheckedClient, provider: RunningProvider, editor: int, engine: Engine
) -> None:
    sign_in(anonymous, engine, editor)

    assert anonymous.get("/sign-in/provider?next=/meetings").location == "/meetings"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_led_away_after_signing_in(
    anonymous: CheckedClient, provider: RunningProvider, editor: int, target: str
) -> None:
    location = anonymous.get("/sign-in/provider", query_string={"next": target}).location

    assert back(anonymous, provider.sign_in(location, "s-dilnoza")).location == "/"


def test_a_secret_that_the_provider_refuses_is_for_the_log(
    settings: Settings, provider: RunningProvider, editor: int, caplog: pytest.LogCaptureFixture
) -> None:
    assert settings.provider is not None
    wrong = replace(settings.provider, client_secret="not this one")  # noqa: S106
    app = create_app(replace(settings, provider=wrong))
    client = CheckedClient(app, app.response_class)

    with caplog.at_level(logging.WARNING):
        answer = journey(client, provider)

    app.extensions["engine"].dispose()
    assert "an administrator" in refusal(answer, 502)
    assert "invalid_client" in caplog.text
    assert "not this one" not in caplog.text


def test_without_the_settings_there_is_no_button_and_no_way(
    settings: Settings, editor: int
) -> None:
    app: Flask = create_app(replace(settings, provider=None))
    client = CheckedClient(app, app.response_class)

    assert "Sign in with" not in client.page("/sign-in").text
    assert client.get("/sign-in/provider").status_code == 404
    assert client.get("/sign-in/provider/return?code=1&state=1").status_code == 404
    app.extensions["engine"].dispose()


def test_the_provider_of_these_tests_is_a_real_one(provider: RunningProvider) -> None:
    """It refuses a client that it does not know, so that what it accepts means something."""
    asked = (
        "client_id=nobody&response_type=code&redirect_uri=http://127.0.0.1/&nonce=1&scope=openid"
    )

    assert send("GET", f"{provider.issuer}/oauth2/authorize?{asked}")[0] == 400

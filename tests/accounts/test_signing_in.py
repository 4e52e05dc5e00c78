"""Signing in and out: where sessions begin, and all the ways in which they end."""

import unicodedata
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.accounts.conftest import EMAIL
from tests.accounts.people import (
    PASSWORD,
    cookie_of,
    counted_verifications,
    enter,
    is_in,
    password_hash,
)
from tests.client import CheckedClient
from tests.identities import add_account, session_token, sign_in
from tracker.accounts.credentials import digest, hash_password
from tracker.accounts.guard import COOKIE
from tracker.accounts.models import AccountSession
from tracker.accounts.rules import Role

Browser = Callable[[], CheckedClient]
WRONG = "This e-mail address and this password do not go together."


def test_a_password_signs_in_and_leads_on(editor: int, anonymous: CheckedClient) -> None:
    page = anonymous.get("/people/new")

    assert page.status_code == 302
    answer = anonymous.submit(page.location, {"email": f" {EMAIL.upper()} ", "password": PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/people/new")
    assert is_in(anonymous)


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(
    editor: int, anonymous: CheckedClient
) -> None:
    plain = enter(anonymous, EMAIL).headers["Set-Cookie"]

    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Secure" not in plain


def test_cookies_are_secure_behind_https(editor: int, anonymous: CheckedClient) -> None:
    form = anonymous.get("/sign-in", base_url="https://localhost")
    token = form.text.split('name="csrf_token" value="')[1].split('"')[0]

    answer = anonymous.post(
        "/sign-in",
        base_url="https://localhost",
        data={"csrf_token": token, "email": EMAIL, "password": PASSWORD},
        headers={"Referer": "https://localhost/sign-in"},
    )

    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all("Secure" in cookie for cookie in cookies)


def test_unknown_deactivated_and_wrong_get_the_same_answer_after_the_same_work(
    editor: int, engine: Engine, anonymous: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_account(engine, Role.VIEWER, "nopassword@example.org")
    add_account(
        engine, Role.VIEWER, "gone@example.org", active=False, password_hash=password_hash()
    )

    for email in (EMAIL, "unknown@example.org", "nopassword@example.org", "gone@example.org"):
        with counted_verifications(monkeypatch) as verified:
            answer = enter(anonymous, email, "not the password")

        assert answer.status_code == 422
        assert WRONG in answer.text
        assert len(verified) == 1


@pytest.mark.parametrize("email", ["", "\0", f"x\0{EMAIL}", "x" * 10_000, "ﬃ@ﬃ", "' OR 1=1 --"])
def test_whatever_is_typed_is_answered_in_words(anonymous: CheckedClient, email: str) -> None:
    assert enter(anonymous, email, "x\0y").status_code == 422


def test_a_password_is_known_however_its_letters_are_composed(
    engine: Engine, anonymous: CheckedClient
) -> None:
    kept = hash_password("un café à Téhéran")
    add_account(engine, Role.VIEWER, "composed@example.org", password_hash=kept)

    decomposed = unicodedata.normalize("NFD", "un café à Téhéran")

    assert enter(anonymous, "composed@example.org", decomposed).status_code == 303


def test_a_deactivated_account_does_not_come_in_with_its_password(
    editor: int, engine: Engine, anonymous: CheckedClient, administrator: CheckedClient
) -> None:
    administrator.submit(f"/users/{editor}", action=f"/users/{editor}/deactivate")

    assert enter(anonymous, EMAIL).status_code == 422
    assert not is_in(anonymous)


def test_signing_in_makes_a_new_token_and_ends_the_one_before(
    editor: int, engine: Engine, anonymous: CheckedClient, browser: Browser
) -> None:
    """Fixation: a token that somebody put into the browser beforehand is worth nothing after."""
    planted = sign_in(anonymous, engine, add_account(engine, Role.EDITOR, "other@example.org"))
    attacker = browser()
    attacker.set_cookie(COOKIE, planted)
    assert is_in(attacker)
    token = anonymous.page("/account").form("/sign-out").values["csrf_token"][0]

    answer = anonymous.post(
        "/sign-in", data={"csrf_token": token, "email": EMAIL, "password": PASSWORD}
    )

    assert answer.status_code == 303
    assert cookie_of(anonymous) != planted
    assert is_in(anonymous)
    assert not is_in(attacker)


def test_a_form_token_from_before_signing_in_is_void(editor: int, anonymous: CheckedClient) -> None:
    before = anonymous.page("/sign-in").form().values["csrf_token"][0]
    enter(anonymous, EMAIL)

    assert anonymous.post("/account/name", data={"csrf_token": before}).status_code == 400


def test_a_copied_cookie_is_dead_after_signing_out(
    editor: int, anonymous: CheckedClient, browser: Browser
) -> None:
    enter(anonymous, EMAIL)
    thief = browser()
    thief.set_cookie(COOKIE, cookie_of(anonymous) or "")
    assert is_in(thief)

    answer = anonymous.submit("/account", action="/sign-out")

    assert answer.status_code == 303
    assert cookie_of(anonymous) is None
    assert not is_in(anonymous)
    assert not is_in(thief)


def test_a_cookie_holds_no_hash_and_the_database_no_cookie(
    editor: int, engine: Engine, anonymous: CheckedClient
) -> None:
    enter(anonymous, EMAIL)
    token = cookie_of(anonymous)

    with Session(engine) as session:
        kept = session.scalar(select(AccountSession.token_hash))
    assert token is not None
    assert kept == digest(token)
    assert token not in str(kept)


def test_a_session_ends_after_fourteen_days(
    editor: int, engine: Engine, app: Flask, browser: Browser
) -> None:
    begun = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    client = browser()
    with time_machine.travel(begun, tick=False):
        sign_in(client, engine, editor)
    with time_machine.travel(begun + timedelta(days=14, seconds=-1), tick=False):
        assert is_in(client)
    with time_machine.travel(begun + timedelta(days=14), tick=False):
        assert not is_in(client)


def test_what_has_expired_is_removed_when_somebody_signs_in(
    editor: int, engine: Engine, anonymous: CheckedClient
) -> None:
    with time_machine.travel(datetime(2020, 1, 1, tzinfo=UTC), tick=False):
        session_token(engine, editor)

    enter(anonymous, EMAIL)

    with Session(engine) as session:
        assert session.scalar(select(func.count(AccountSession.id))) == 1


@pytest.mark.parametrize("act", ["role", "deactivate"])
def test_what_an_administrator_does_ends_sessions_at_once(
    editor: int, anonymous: CheckedClient, administrator: CheckedClient, act: str
) -> None:
    enter(anonymous, EMAIL)
    assert is_in(anonymous)

    answer = administrator.submit(
        f"/users/{editor}",
        {"role": "viewer"} if act == "role" else {},
        action=f"/users/{editor}/{act}",
    )

    assert answer.status_code == 303
    assert not is_in(anonymous)


def test_a_new_password_ends_all_other_sessions(
    editor: int, anonymous: CheckedClient, browser: Browser
) -> None:
    other = browser()
    enter(other, EMAIL)
    enter(anonymous, EMAIL)
    new = "another river in autumn"

    answer = anonymous.submit("/account/password", {"present": PASSWORD, "new": new, "again": new})

    assert answer.status_code == 303
    assert is_in(anonymous)
    assert not is_in(other)
    assert enter(other, EMAIL).status_code == 422
    assert enter(other, EMAIL, new).status_code == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"present": "wrong"}, "This is not your present password."),
        ({"new": "quartz"}, "at least 12 characters"),
        ({"new": EMAIL}, "your e-mail address"),
        ({"new": "password1234"}, "guessed first"),
        ({"again": "something else entirely"}, "differ"),
    ],
)
def test_a_password_that_does_not_fit_is_refused(
    editor: int, anonymous: CheckedClient, typed: dict[str, str], said: str
) -> None:
    enter(anonymous, EMAIL)
    new = typed.get("new", "another river in autumn")
    sent = {"present": PASSWORD, "new": new, "again": new} | typed

    answer = anonymous.submit("/account/password", sent)

    assert answer.status_code == 422
    assert said in answer.text
    assert new not in answer.text or new == EMAIL


def test_one_session_and_all_sessions_can_be_ended(
    editor: int, engine: Engine, anonymous: CheckedClient, browser: Browser
) -> None:
    other, third = browser(), browser()
    for client in (other, third, anonymous):
        enter(client, EMAIL)
    with Session(engine) as session:
        query = select(AccountSession.id).where(
            AccountSession.token_hash == digest(cookie_of(other) or "")
        )
        number = session.scalar(query)

    anonymous.submit("/account", action=f"/account/sessions/{number}/end")
    assert [is_in(client) for client in (anonymous, other, third)] == [True, False, True]

    anonymous.submit("/account", action="/account/sign-out-everywhere")
    assert [is_in(client) for client in (anonymous, other, third)] == [False, False, False]


def test_nobody_ends_a_session_of_somebody_else(
    editor: int, engine: Engine, client: CheckedClient, anonymous: CheckedClient
) -> None:
    enter(anonymous, EMAIL)
    with Session(engine) as session:
        number = session.scalar(
            select(AccountSession.id).where(AccountSession.account_id == editor)
        )
    token = client.page("/account").form("/sign-out").values["csrf_token"][0]

    client.post(f"/account/sessions/{number}/end", data={"csrf_token": token})

    assert is_in(anonymous)


def test_knowing_who_asks_costs_one_query(
    client: CheckedClient,
    anonymous: CheckedClient,
    query_counter: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    def cost(who: CheckedClient) -> int:
        with query_counter() as statements:
            assert who.get("/healthz").status_code == 200
        return len(statements)

    assert cost(client) == cost(anonymous) + 1


def test_a_cookie_that_is_no_token_costs_no_query(
    anonymous: CheckedClient, query_counter: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    anonymous.set_cookie(COOKIE, "x" * 4000)

    with query_counter() as statements:
        anonymous.get("/healthz")

    assert len(statements) == 1


def test_the_language_stays_when_somebody_signs_in_and_words_do_not(
    editor: int, anonymous: CheckedClient
) -> None:
    with anonymous.session_transaction() as kept:
        kept["language"] = "fa"
        kept["left"] = "over"

    enter(anonymous, EMAIL)

    with anonymous.session_transaction() as kept:
        assert kept.get("language") == "fa"
        assert "left" not in kept

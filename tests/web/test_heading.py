"""What stands above a page is kept, and yet holds only what is of the one who asks."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.identities import add_account, sign_in
from tracker.accounts.rules import Role
from tracker.app import create_app
from tracker.settings import Settings
from tracker.web import heading

TOKEN = re.compile(r'name="csrf_token"\s+value="([^"]+)"')


@pytest.fixture
def public(settings: Settings) -> Iterator[Flask]:
    """A site in two languages that everybody may read."""
    app = create_app(replace(settings, public_read=True, languages=("en", "fa")))
    yield app
    app.extensions["engine"].dispose()


def above(client: FlaskClient, address: str) -> str:
    text: str = client.get(address).text
    start, end = text.index("<header"), text.index("</header>")
    return text[start:end]


def without_tokens(text: str) -> str:
    return TOKEN.sub("", text)


def test_each_sees_their_own_name_and_what_they_may(app: Flask, engine: Engine) -> None:
    clients = {}
    for role in Role:
        clients[role] = app.test_client()
        sign_in(clients[role], engine, add_account(engine, role))

    for _again in range(2):
        for role, client in clients.items():
            seen = above(client, "/agreements")

            assert [name for name in Role if f">{name.capitalize()}</a>" in seen] == [role]
            assert ('href="/users"' in seen) is (role is Role.ADMINISTRATOR)


def test_a_name_is_escaped_and_a_new_one_is_shown(app: Flask, engine: Engine) -> None:
    client = app.test_client()
    number = add_account(engine, Role.EDITOR)
    sign_in(client, engine, number)
    for name in ("<b>Ann</b>", "Ben"):
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE account SET name = '{name}' WHERE id = {number}")  # noqa: S608

        seen = above(client, "/topics")

        assert name.replace("<", "&lt;").replace(">", "&gt;") in seen
        assert "<b>" not in seen


def test_the_token_is_that_of_the_session(app: Flask, engine: Engine) -> None:
    number = add_account(engine, Role.EDITOR)
    one, other = app.test_client(), app.test_client()
    for client in (one, other):
        sign_in(client, engine, number)

    tokens = [TOKEN.findall(above(client, "/topics")) for client in (one, other, one)]

    assert all(len(found) == 1 for found in tokens)
    assert tokens[0] != tokens[1]
    refused = one.post("/sign-out", data={"csrf_token": tokens[1][0]})
    assert refused.status_code == 400
    assert one.post("/sign-out", data={"csrf_token": tokens[2][0]}).status_code in (302, 303)


def test_whoever_is_not_signed_in_comes_back_to_where_they_were(public: Flask) -> None:
    client = public.test_client()

    for asked in ("/agreements?q=%22%3Cb%3E", "/agreements?q=%D8%AA", "/agreements", "/sign-in"):
        seen = above(client, asked)
        (leads,) = re.findall(r'<a href="(/sign-in[^"]*)"', seen)

        assert "<b>" not in seen
        if asked == "/sign-in":
            assert leads == "/sign-in"
        else:
            path = leads.replace("&#39;", "'")
            assert f"next={asked.split('?')[0]}" in path


def test_each_page_says_where_it_stands_and_in_which_language(public: Flask) -> None:
    client = public.test_client()
    for language in ("en", "fa", "en"):
        with client.session_transaction() as kept:
            kept["language"] = language
        for page in ("/agreements", "/topics", "/agreements?sort=title"):
            seen = above(client, page)

            here = re.search(r'<a href="([^"]*)"[^>]*aria-current="page"', seen)
            assert here is not None
            assert here[1] == page.split("?")[0]
            assert re.search(rf'<option value="{language}"\s+lang="{language}" selected', seen)
            assert f'value="{page}' in seen


def test_under_another_root_all_links_lead_there(app: Flask, engine: Engine) -> None:
    client = app.test_client()
    sign_in(client, engine, add_account(engine, Role.EDITOR))

    plain = above(client, "/topics")
    text = client.get("/topics", environ_overrides={"SCRIPT_NAME": "/entente"}).text
    rooted = text[text.index("<header") : text.index("</header>")]

    assert 'href="/agreements"' in plain
    assert 'href="/entente/agreements"' in rooted
    assert 'href="/agreements"' not in rooted


@pytest.mark.own_app
def test_only_so_many_are_kept(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heading, "MOST", 2)
    app = create_app(settings)
    client = app.test_client()
    sign_in(client, engine, add_account(engine, Role.EDITOR))

    first = [without_tokens(above(client, page)) for page in ("/topics", "/people", "/sources")]
    again = [without_tokens(above(client, page)) for page in ("/topics", "/people", "/sources")]

    assert first == again
    assert app.extensions["heading"].cache_info().currsize == 2
    app.extensions["engine"].dispose()

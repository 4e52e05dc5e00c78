"""Parts of pages that are kept: made once, anew when something changes, and for nobody else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

import pytest
import time_machine
from flask import Flask
from markupsafe import Markup
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.fresh.conftest import shown
from tests.identities import add_account, sign_in
from tracker.accounts.rules import Role
from tracker.app import create_app
from tracker.settings import Settings
from tracker.web.kept import KeptParts

Counter = Callable[[], AbstractContextManager[list[str]]]
# Who asks, and the state of what is recorded.
FEW = 2


def queries(counter: Counter, client: CheckedClient, address: str) -> tuple[int, bytes]:
    with counter() as statements:
        page = client.get(address)
    return len(statements), shown(page)


def test_the_home_page_is_made_once_and_anew_after_a_save(
    seeded: Session, client: CheckedClient, query_counter: Counter
) -> None:
    first, made = queries(query_counter, client, "/")
    second, kept = queries(query_counter, client, "/")
    client.submit("/people/new", {"name": "Nobody Else"})
    after, _page = queries(query_counter, client, "/")

    assert first > FEW
    assert second <= FEW
    assert kept == made
    assert after > FEW


def test_what_is_saved_stands_on_the_page_that_was_kept(
    seeded: Session, client: CheckedClient
) -> None:
    before = client.get("/").get_data(as_text=True)
    client.submit("/agreements/1/edit", {"short_title": "A name for it"})

    assert "A name for it" not in before
    assert "A name for it" in client.get("/").get_data(as_text=True)


def test_each_address_and_each_day_has_its_own(
    seeded: Session, client: CheckedClient, query_counter: Counter
) -> None:
    with time_machine.travel(datetime.fromisoformat("2026-11-25T23:59:00Z"), tick=False) as time:
        client.get("/")
        others = [queries(query_counter, client, f"/?{q}")[0] for q in ("within=30", "party=IR")]
        time.shift(120)
        next_day, _page = queries(query_counter, client, "/")

    assert min(others) > FEW
    assert next_day > FEW


def test_nobody_is_shown_what_another_one_may_do(
    app: Flask, engine: Engine, client: CheckedClient
) -> None:
    viewer = app.test_client()
    sign_in(viewer, engine, add_account(engine, Role.VIEWER))

    edits = client.get("/").get_data(as_text=True)
    looks = viewer.get("/").get_data(as_text=True)
    again = client.get("/").get_data(as_text=True)

    assert "Record an agreement" in edits
    assert "Record an agreement" not in looks
    assert "Record an agreement" in again


def test_each_language_has_its_own(seeded: Session, settings: Settings) -> None:
    app = create_app(replace(settings, languages=("en", "fa")))
    client = app.test_client()

    english = client.get("/").text
    with client.session_transaction() as kept:
        kept["language"] = "fa"
    persian = client.get("/").text
    app.extensions["engine"].dispose()

    # The names of months.
    assert [has_arabic_letters(page.partition("<main")[2]) for page in (english, persian)] == [
        False,
        True,
    ]


def has_arabic_letters(text: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in text)


@pytest.mark.parametrize("asked_again", [True, False])
def test_the_part_that_nobody_asked_for_longest_goes(asked_again: bool) -> None:
    parts = KeptParts(most=2)
    parts.keep("a", Markup("1"))
    parts.keep("b", Markup("2"))
    if asked_again:
        parts.get("a")
    parts.keep("c", Markup("3"))

    assert parts.get("c") == "3"
    assert (parts.get("a") is None) is not asked_again
    assert (parts.get("b") is None) is asked_again

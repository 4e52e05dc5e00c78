"""Guesses are slowed over processes and restarts, and the owner is never locked out for good."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.accounts.conftest import EMAIL
from tests.accounts.people import PASSWORD, counted_verifications, enter, is_in
from tests.accounts.test_links import follow, link_for
from tests.client import CheckedClient
from tracker.accounts.guessing import Guesser, TooManyGuesses, count_guess
from tracker.accounts.models import Guess
from tracker.accounts.rules import OF_ACCOUNT, OF_NETWORK, OF_PAIR
from tracker.app import create_app
from tracker.settings import Settings

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def second_app(settings: Settings) -> Iterator[Flask]:
    """Another process on the same database: it shares nothing else with the first."""
    app = create_app(settings)
    app.testing = True
    app.test_client_class = CheckedClient
    yield app
    app.extensions["engine"].dispose()


def wait_of(engine: Engine, guesser: Guesser, moment: datetime) -> int:
    """Guess once; 0, or the seconds to wait."""
    try:
        count_guess(engine, guesser, moment)
    except TooManyGuesses as many:
        return many.seconds
    return 0


def test_the_wait_doubles_after_five_guesses_up_to_a_quarter_of_an_hour(engine: Engine) -> None:
    guesser, moment, waits = Guesser("x", "203.0.113.7"), START, []
    for _ in range(15):
        wait = wait_of(engine, guesser, moment)
        waits.append(wait)
        if wait:
            moment += timedelta(seconds=wait)
            assert wait_of(engine, guesser, moment) == 0

    assert waits[:13] == [0, 0, 0, 0, 0, 4, 8, 16, 32, 64, 128, 256, 512]
    assert max(waits) == 900


def test_refused_guesses_make_the_wait_no_longer(engine: Engine) -> None:
    guesser = Guesser("x", "203.0.113.7")
    for _ in range(5):
        assert wait_of(engine, guesser, START) == 0

    waits = [wait_of(engine, guesser, START + timedelta(seconds=s)) for s in (0, 1, 2, 3)]

    assert waits == [4, 3, 2, 1]
    assert wait_of(engine, guesser, START + timedelta(seconds=4)) == 0


def test_after_an_hour_all_is_forgotten(engine: Engine) -> None:
    guesser = Guesser("x", "203.0.113.7")
    for _ in range(5):
        wait_of(engine, guesser, START)

    assert wait_of(engine, guesser, START + timedelta(hours=1)) == 0
    with Session(engine) as session:
        assert session.scalar(select(func.count(Guess.id))) == 1


def test_one_account_is_guarded_from_all_addresses_together(engine: Engine) -> None:
    free = [wait_of(engine, Guesser("x", f"198.51.100.{n}"), START) for n in range(OF_ACCOUNT.free)]

    assert set(free) == {0}
    assert wait_of(engine, Guesser("x", "203.0.113.7"), START) == 4
    assert wait_of(engine, Guesser("another", "203.0.113.7"), START) == 0


def test_one_address_is_bounded_over_all_accounts(engine: Engine) -> None:
    """An IPv6 guesser has a whole /64 at hand, so that counts as one."""
    free = [
        wait_of(engine, Guesser(f"account {n}", f"2001:db8::{n:x}"), START)
        for n in range(OF_NETWORK.free)
    ]

    assert set(free) == {0}
    assert wait_of(engine, Guesser("one more", "2001:db8::ffff"), START) == 4
    assert wait_of(engine, Guesser("one more", "2001:db8:0:1::1"), START) == 0


def test_the_page_says_how_long_to_wait(editor: int, anonymous: CheckedClient) -> None:
    with time_machine.travel(START, tick=False):
        for _ in range(OF_PAIR.free):
            assert enter(anonymous, EMAIL, "wrong").status_code == 422

        answer = enter(anonymous, EMAIL, PASSWORD)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "4"
    assert "Wait 4 seconds" in answer.text
    assert not is_in(anonymous)


def test_the_owner_comes_in_by_a_link_meanwhile_and_by_the_password_later(
    editor: int, engine: Engine, anonymous: CheckedClient, browser: Callable[[], CheckedClient]
) -> None:
    with time_machine.travel(START, tick=False):
        for _ in range(OF_PAIR.free + 1):
            enter(anonymous, EMAIL, "wrong")
        owner = browser()
        follow(owner, link_for(engine, editor))
        assert is_in(owner)
    with time_machine.travel(START + timedelta(seconds=4), tick=False):
        assert enter(anonymous, EMAIL).status_code == 303


def test_the_right_password_takes_the_wrong_ones_back(
    editor: int, engine: Engine, anonymous: CheckedClient
) -> None:
    enter(anonymous, EMAIL, "wrong")

    enter(anonymous, EMAIL)

    with Session(engine) as session:
        assert session.scalar(select(func.count(Guess.id))) == 0


def test_guesses_at_the_same_time_are_all_counted_over_two_processes(
    editor: int, app: Flask, second_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [
        client
        for one in (app, second_app)
        for _ in range(6)
        if isinstance(client := one.test_client(), CheckedClient)
    ]
    forms = [client.page("/sign-in").form().values for client in clients]
    together = threading.Barrier(len(clients))

    def guess(client: CheckedClient, form: dict[str, list[str]]) -> int:
        together.wait(60)
        sent = form | {"email": [EMAIL], "password": ["wrong"]}
        return client.post("/sign-in", data=sent).status_code

    with (
        counted_verifications(monkeypatch) as verified,
        ThreadPoolExecutor(len(clients)) as threads,
    ):
        codes = sorted(threads.map(guess, clients, forms))

    assert codes == [422] * OF_PAIR.free + [429] * (len(clients) - OF_PAIR.free)
    assert len(verified) == OF_PAIR.free


def test_what_was_typed_is_not_kept(engine: Engine, anonymous: CheckedClient) -> None:
    enter(anonymous, "my-secret-typed-into-the-wrong-field", "wrong")

    with Session(engine) as session:
        (guess,) = session.scalars(select(Guess))
        assert len(guess.subject) == 64
        assert "secret" not in guess.subject

"""Who reads from the copy and who does not, when it follows, lags, dies, hangs and comes back."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import Engine, event, text, update
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.replica.conftest import Ran
from tests.replica.standby import Standby
from tracker.counter import ChangeCounter
from tracker.web.replica import AHEAD, COOKIE, LEFT_ALONE, MOST_BEHIND, Replica

pytestmark = pytest.mark.own_app

Noting = Callable[[], AbstractContextManager[Ran]]
SHOWN = (
    "/",
    "/agreements?party=IR",
    "/agreements/1",
    "/agreements.csv",
    "/agreements.json",
    "/meetings.ics",
    "/relations/IR-UZ",
    "/parties/1/history",
    "/changes",
)
# What a request may ask of the database itself: who it is, and where the copy should be.
ASKED_OF_ITS_OWN = ("account_session", "change_counter", "installation")


class Clock:
    """A clock that the test moves on."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(replica: Replica) -> Clock:
    replica.clock = Clock()
    return replica.clock


@pytest.fixture
def editor(seeded: Session, client: CheckedClient, standby: Standby) -> CheckedClient:
    """An editor on a site whose copy has caught up."""
    standby.catch_up()
    return client


def rename(client: CheckedClient, name: str) -> None:
    answer = client.submit("/people/1/edit", {"name": name})
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("address", SHOWN)
def test_what_is_shown_is_read_from_the_copy(
    editor: CheckedClient, ran: Noting, address: str
) -> None:
    with ran() as statements:
        answer = editor.get(address)
        assert answer.data  # a file is read while it is sent

    assert answer.status_code == 200
    assert len(statements.copy) > 1
    for statement in statements.own:
        assert any(table in statement for table in ASKED_OF_ITS_OWN), statement


@pytest.mark.parametrize("address", ["/people/1/edit", "/people/new", "/account", "/sign-in"])
def test_what_must_be_the_newest_is_not(editor: CheckedClient, ran: Noting, address: str) -> None:
    with ran() as statements:
        editor.get(address)

    assert statements.copy == []


def test_a_304_costs_two_queries_of_the_database_and_one_of_the_copy(
    editor: CheckedClient, clock: Clock, ran: Noting
) -> None:
    tag = editor.get("/people").headers["ETag"]

    with ran() as statements:
        answer = editor.get("/people", headers={"If-None-Match": tag})

    assert answer.status_code == 304
    # The copy was asked below the surface at which statements are noted.
    assert (len(statements.own), statements.copy) == (1, [])


def test_nothing_can_be_written_to_the_copy(editor: CheckedClient, replica: Replica) -> None:
    with replica.engine.connect() as connection:
        assert connection.scalar(text("SHOW default_transaction_read_only")) == "on"
        assert connection.scalar(text("SELECT pg_is_in_recovery()")) is True


def test_who_saved_sees_it_however_far_behind_the_copy_is(
    editor: CheckedClient, anonymous: CheckedClient, standby: Standby, ran: Noting
) -> None:
    assert "Renamed" not in anonymous.get("/people").text
    standby.pause()

    rename(editor, "Renamed Somebody")
    with ran() as statements:
        own = editor.get("/people")

    assert "Renamed" in own.text
    assert statements.copy == []
    # Others see the copy, some seconds old.
    assert "Renamed" not in anonymous.get("/people").text

    standby.resume()
    standby.catch_up()
    with ran() as statements:
        assert "Renamed" in editor.get("/people").text
    assert statements.copy


def test_a_tag_says_from_which_state_a_page_is(
    editor: CheckedClient, anonymous: CheckedClient, standby: Standby
) -> None:
    before = anonymous.get("/people")
    standby.pause()
    rename(editor, "Renamed Somebody")

    # The copy still shows what it did; the database itself shows something else to who saved.
    behind = anonymous.get("/people", headers={"If-None-Match": before.headers["ETag"]})
    anonymous.set_cookie(COOKIE, editor.get_cookie(COOKIE).value)  # type: ignore[union-attr]
    newest = anonymous.get("/people", headers={"If-None-Match": before.headers["ETag"]})
    anonymous.delete_cookie(COOKIE)
    mixed = anonymous.get("/people", headers={"If-None-Match": newest.headers["ETag"]})

    assert behind.status_code == 304
    assert newest.status_code == 200
    assert "Renamed" in newest.text
    assert mixed.status_code == 200
    assert mixed.headers["ETag"] == before.headers["ETag"]
    assert "Renamed" not in mixed.text

    standby.resume()
    standby.catch_up()
    assert (
        anonymous.get("/people", headers={"If-None-Match": newest.headers["ETag"]}).status_code
        == 304
    )


@pytest.mark.parametrize("mark", ["", "x", "-1", "7", "9" * 3_000, "0" + ".0" * 15, "9." * 15])
def test_a_mark_that_says_nothing_is_not_heeded(
    editor: CheckedClient, ran: Noting, mark: str
) -> None:
    editor.set_cookie(COOKIE, mark)

    with ran() as statements:
        assert editor.get("/people").status_code == 200

    assert statements.copy


def test_a_mark_ends_by_itself(editor: CheckedClient) -> None:
    rename(editor, "Renamed Somebody")

    mark = editor.get_cookie(COOKIE)
    assert mark is not None
    assert mark.max_age == 60
    assert mark.http_only


def test_a_copy_too_far_behind_is_not_read_from(
    editor: CheckedClient,
    anonymous: CheckedClient,
    engine: Engine,
    standby: Standby,
    clock: Clock,
    ran: Noting,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "tracker.replica")
    anonymous.get("/people")
    standby.pause()
    rename(editor, "Renamed Somebody")
    clock.now += MOST_BEHIND - 1
    assert "Renamed" not in anonymous.get("/people").text

    clock.now += 2
    with ran() as statements:
        late = anonymous.get("/people")

    assert "Renamed" in late.text
    assert statements.copy == []

    standby.resume()
    standby.catch_up()
    with ran() as statements:
        anonymous.get("/people")
    assert statements.copy
    said = [record.getMessage() for record in caplog.records if record.name == "tracker.replica"]
    assert said == [
        "The copy is read from.",
        "The copy is too far behind. Reads go to the database.",
        "The copy is read from.",
    ]


def test_a_session_that_was_ended_does_not_live_on_in_the_copy(
    editor: CheckedClient, engine: Engine, standby: Standby
) -> None:
    assert editor.get("/changes").status_code == 200
    standby.pause()

    with engine.begin() as connection:
        connection.execute(text("DELETE FROM account_session"))

    assert editor.get("/changes").status_code == 302


def test_when_it_dies_pages_come_from_the_database_and_then_from_it_again(
    editor: CheckedClient,
    standby: Standby,
    clock: Clock,
    ran: Noting,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "tracker.replica")
    editor.get("/people")
    standby.kill()

    with ran() as statements:
        pages = [editor.get(address) for address in SHOWN]

    assert [page.status_code for page in pages] == [200] * len(SHOWN)
    assert statements.copy == []
    standby.start()
    standby.catch_up()
    with ran() as statements:
        editor.get("/people")  # it is left alone for some seconds
    assert statements.copy == []

    clock.now += LEFT_ALONE
    with ran() as statements:
        editor.get("/people")

    assert statements.copy
    said = [record.getMessage() for record in caplog.records if record.name == "tracker.replica"]
    assert len(said) == 3
    assert said[0] == said[2] == "The copy is read from."
    assert said[1].startswith("The copy is not read from: ")


def test_one_that_hangs_is_not_waited_for(
    editor: CheckedClient, standby: Standby, clock: Clock, ran: Noting
) -> None:
    editor.get("/people")
    standby.hang()
    try:
        with ran() as statements:
            connected = editor.get("/people")
        clock.now += LEFT_ALONE
        with ran() as more:
            to_be_connected = editor.get("/people")
    finally:
        standby.go_on()

    assert (connected.status_code, to_be_connected.status_code) == (200, 200)
    assert statements.copy == more.copy == []


def test_a_page_during_which_the_copy_fails_is_made_from_the_database(
    editor: CheckedClient, standby: Standby, replica: Replica, ran: Noting
) -> None:
    tag = editor.get("/people").headers["ETag"]

    def end(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "person" in statement:
            ended = "SELECT bool_and(pg_terminate_backend(pid)) FROM pg_stat_activity"
            standby.ask(f"{ended} WHERE datname LIKE 'test%'")

    event.listen(replica.engine, "before_cursor_execute", end)
    with ran() as statements:
        answer = editor.get("/people")

    assert answer.status_code == 200
    assert "Shamkhani" in answer.text
    assert any("person" in one for one in statements.copy)
    assert any("person" in one for one in statements.own)
    assert answer.headers["ETag"] == tag


def test_an_error_of_the_database_itself_is_still_one(
    app: Flask, editor: CheckedClient, engine: Engine
) -> None:
    app.testing = False
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE person RENAME TO persons"))

    assert editor.get("/people/1/edit").status_code == 500


@pytest.mark.parametrize("changed", [{"token": "another"}, {"value": ChangeCounter.value - 1}])
def test_a_copy_of_another_past_is_not_read_from(
    editor: CheckedClient,
    anonymous: CheckedClient,
    engine: Engine,
    standby: Standby,
    ran: Noting,
    caplog: pytest.LogCaptureFixture,
    changed: dict[str, object],
) -> None:
    """As after a backup was restored, and the standby was not made anew."""
    standby.pause()
    with engine.begin() as connection:
        connection.execute(update(ChangeCounter).where(ChangeCounter.id == 1).values(**changed))

    with ran() as statements:
        pages = [anonymous.get("/people").status_code for _ in range(AHEAD)]

    assert set(pages) == {200}
    assert not any("person" in statement for statement in statements.copy)
    assert "The copy holds what the database does not." in caplog.text

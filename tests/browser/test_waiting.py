"""Somebody saves while a long import writes: the page waits for them, and saves exactly once."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from tracker.history.models import Change
from tracker.people.models import Person

# PostgreSQL lets several write at once.
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

NAME = 'Ada "the clerk" Aryan'
# For what comes of the next try, on a busy machine.
SOON = 25_000


@pytest.fixture
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the server not wait for 15 seconds; before it opens its first connection."""
    monkeypatch.setattr("tracker.db.BUSY_TIMEOUT_MS", 50)


@pytest.fixture
def importing(little_patience: None, signed_in: None, engine: Engine) -> Iterator[Connection]:
    """Somebody else who writes until this is closed."""
    with Session(engine) as session:
        session.add(Person(name="Ada Aryan"))
        session.commit()
    with engine.execution_options(writing=True).connect() as connection:
        yield connection


def saved(engine: Engine) -> tuple[str, int, int]:
    """The person's name, its version, and how many changes of it the history has."""
    with Session(engine) as session:
        (person,) = session.scalars(select(Person)).all()
        changes = session.scalars(select(Change).where(Change.record == "person")).all()
        return person.name, person.version, len(changes)


def save_while(importing: Connection, page: Page) -> None:
    """Open the form, let the import begin, and save."""
    page.goto("/people/1/edit")
    importing.begin()
    page.locator("#name").fill(NAME)
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Nothing of yours is saved yet")).to_be_visible()


def next_refusal(page: Page) -> None:
    """Wait until the page has tried again, and shows that it was in vain."""
    with page.expect_event("load", timeout=SOON):
        pass
    expect(page.get_by_text("Nothing of yours is saved yet")).to_be_visible()


@pytest.mark.parametrize("javascript", [True], indirect=True)
def test_the_page_waits_and_saves_once(importing: Connection, engine: Engine, page: Page) -> None:
    save_while(importing, page)
    since = page.locator("#waiting-since").text_content()
    expect(page.locator("#waiting-next")).not_to_be_empty()
    expect(page.locator("#announcements")).to_contain_text("Waiting since")
    page.locator("#waiting-stop").focus()

    next_refusal(page)
    expect(page.locator("#waiting-since")).to_have_text(since or "")
    expect(page.locator("#waiting-stop")).to_be_focused()
    assert saved(engine) == ("Ada Aryan", 1, 1)
    importing.rollback()

    expect(page.get_by_role("heading", level=1)).to_have_text(NAME, timeout=SOON)
    assert saved(engine) == (NAME, 2, 2)


@pytest.mark.parametrize("javascript", [True], indirect=True)
def test_whoever_stops_waiting_keeps_what_was_typed(
    importing: Connection, engine: Engine, page: Page
) -> None:
    page.clock.install()
    save_while(importing, page)

    page.get_by_role("button", name="Stop waiting").click()

    expect(page.locator("#waiting-next")).to_have_text("none until you send it again")
    expect(page.get_by_role("button", name="Stop waiting")).to_be_hidden()
    expect(page.get_by_role("button", name="Send it again now")).to_be_focused()
    importing.rollback()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.clock.fast_forward("10:00")
    assert page.title().startswith("Somebody else is writing")
    assert requests == []
    assert saved(engine) == ("Ada Aryan", 1, 1)
    page.get_by_role("button", name="Send it again now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    assert saved(engine) == (NAME, 2, 2)


@pytest.mark.parametrize("javascript", [True], indirect=True)
def test_a_merge_that_came_of_waiting_is_shown_and_not_sent_again(
    importing: Connection, engine: Engine, page: Page
) -> None:
    save_while(importing, page)

    importing.exec_driver_sql("UPDATE person SET name = 'Theirs', version = 2")
    importing.commit()

    expect(page.locator(".error-summary")).to_be_visible(timeout=SOON)
    expect(page.locator("#name")).to_have_value(NAME)
    assert saved(engine)[:2] == ("Theirs", 2)


@pytest.mark.parametrize("javascript", [False], indirect=True)
def test_without_scripts_the_button_sends_it_again(
    importing: Connection, engine: Engine, page: Page, axe: Callable[[Page], None]
) -> None:
    save_while(importing, page)
    axe(page)
    expect(page.get_by_text("Wait a minute, then send it again.")).to_be_visible()
    for only_with_scripts in ("Stop waiting", "Next try", "by itself"):
        expect(page.get_by_text(only_with_scripts)).to_be_hidden()
    importing.rollback()

    page.get_by_role("button", name="Send it again now").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    assert saved(engine) == (NAME, 2, 2)

"""Two people with two browsers open one agreement; the second one to save merges."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.identities import add_account, session_token
from tracker.accounts.guard import COOKIE
from tracker.accounts.rules import Role

EDIT = "/agreements/1/edit"


def enter(context: BrowserContext, engine: Engine, address: str, role: Role) -> None:
    """Let a browser carry the cookie of somebody who is signed in."""
    token = session_token(engine, add_account(engine, role))
    context.add_cookies([{"name": COOKIE, "value": token, "url": address}])


@pytest.fixture
def colleague(browser: Browser, live_server: str, engine: Engine) -> Iterator[Page]:
    """Somebody else's window."""
    context = browser.new_context(base_url=live_server, locale="en-GB")
    context.set_default_timeout(10_000)
    enter(context, engine, live_server, Role.ADMINISTRATOR)
    yield context.new_page()
    context.close()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).last.click()


def test_the_second_to_save_merges(
    seeded: Session,
    engine: Engine,
    live_server: str,
    context: BrowserContext,
    page: Page,
    colleague: Page,
    axe: Callable[[Page], None],
) -> None:
    enter(context, engine, live_server, Role.EDITOR)
    page.goto(EDIT)
    colleague.goto(EDIT)
    colleague.locator("#short_title").fill("Their title")
    colleague.locator("button[value='signatories:add:B']").click()
    colleague.locator("#signatories-2-person").fill("Bek Botirov #new")
    save(colleague)
    expect(colleague.get_by_role("heading", level=1)).to_have_text("Their title")

    page.locator("#short_title").fill("My “title” & more")
    page.locator("#summary").fill("Mine\nin two lines")
    save(page)

    expect(page.get_by_text("Look at these 2 fields, then save:")).to_be_visible()
    expect(page.locator(".error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".error-summary a").first).to_be_focused()
    axe(page)
    page.get_by_role("button", name="Take theirs").click()
    expect(page.locator("#short_title")).to_have_value("Their title")
    axe(page)
    page.get_by_role("button", name="Take mine again").click()
    expect(page.locator("#short_title")).to_have_value("My “title” & more")
    # Enter in a field saves, and presses none of the buttons before it.
    page.locator("#short_title").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("My “title” & more")
    for shown in ("Bek Botirov", "in two lines"):
        expect(page.get_by_text(shown).first).to_be_visible()

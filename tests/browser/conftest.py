"""A real headless Chromium against a real server, both on this machine's loopback."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from waitress import wasyncore
from waitress.server import create_server

from tests.conftest import skip_or_fail
from tests.identities import add_account
from tracker.accounts.models import Account
from tracker.accounts.operations import make_link
from tracker.accounts.rules import Role
from tracker.clock import now

NO_BROWSER = "Chromium is not installed"
AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Root needs the first, small /dev/shm the second; the rest keeps Chromium from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
AXE_RUN = """
async (tags) => {
  const found = await axe.run(document, {runOnly: {type: 'tag', values: tags}});
  return found.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id} (${rule.impact}): ${node.target.join(' ')}\\n    ${node.html}\\n    `
    + node.failureSummary.replaceAll('\\n', '\\n    ')));
}
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever lies in this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        skip_or_fail(NO_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """Serve the app on a free loopback port; give the address without a slash at its end."""
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    # Inside the server's own loop, which ends when its last socket is closed.
    server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
    thread.join(10)
    server.task_dispatcher.shutdown()


@pytest.fixture(params=[True, False], ids=["js", "nojs"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts: each journey must work both ways."""
    return request.param


def _note(message: ConsoleMessage, url: str, complaints: list[str]) -> None:
    """Keep errors and warnings, but for the browser's remark that a page itself has status 422."""
    a_remark = message.text.startswith("Failed to load resource: the server responded")
    place = message.location["url"]
    if message.type in {"error", "warning"} and not (a_remark and place == url):
        complaints.append(f"{url}: {message.type}: {message.text} ({place})")


def settle(page: Page) -> None:
    """Wait until the page is loaded and all that its console has said has come through."""
    page.wait_for_load_state("load")
    page.title()


def _watched_page(context: BrowserContext, complaints: list[str]) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", lambda message: _note(message, page.url, complaints))
    return page


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console has said so far; a test that expects a word takes it out."""
    return []


@pytest.fixture
def context(browser: Browser, live_server: str, javascript: bool) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=live_server, java_script_enabled=javascript, locale="en-GB"
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A page at the live server, which fails the test when the console complains."""
    page = _watched_page(context, complaints)
    yield page
    settle(page)
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def signed_in(context: BrowserContext, live_server: str, engine: Engine) -> None:
    """Let the browser in as an editor, by a link such as `tracker user link` prints."""
    number = add_account(engine, Role.EDITOR)
    with Session(engine.execution_options(writing=True)) as session:
        token = make_link(session, session.get_one(Account, number), now())
        session.commit()
    page = context.new_page()
    page.goto(f"/sign-in/link?token={token}")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/account")
    page.close()


@pytest.fixture
def axe(browser: Browser, live_server: str, complaints: list[str]) -> Iterator[Callable]:
    """Check a page against WCAG 2.2 A and AA: `axe(page)`.

    It opens the page's address in a second window, for two reasons: axe needs scripts, also where
    the test has them off; and axe itself trips the content security policy, whose complaints are
    not the page's. A page that only a POST shows is written into that window as it stands.
    """
    context = browser.new_context(base_url=live_server, bypass_csp=True, locale="en-GB")
    context.set_default_timeout(10_000)

    def check(page: Page) -> None:
        settle(page)
        assert not complaints, "\n".join(complaints)
        twin = context.new_page()
        twin.goto(page.url)
        twin.set_content(page.content())
        twin.evaluate(AXE.read_text(encoding="utf-8"))
        findings = twin.evaluate(AXE_RUN, WCAG)
        twin.close()
        assert not findings, f"{page.url}:\n" + "\n".join(findings)

    yield check
    context.close()

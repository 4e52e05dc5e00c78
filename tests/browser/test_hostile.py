"""A real browser loads pages full of hostile texts: nothing of them runs, and nobody is called."""

import pytest
from flask import Flask, Response
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import settle
from tests.hostile.conftest import database_url, files, filled, imported
from tests.hostile.filling import BASE, COUNT
from tests.hostile.strings import HOSTILE

__all__ = ["database_url", "files", "filled", "imported"]

# Whatever runs calls this, opens a dialog, breaks the policy or asks another host.
HOOK = "window.__hits = []; window.__hit = window.alert = (what) => { window.__hits.push(what); };"
ADDRESSES = (
    *(f"/{kind}?per_page=200" for kind in BASE),
    *(f"/{kind}/{number}" for place, kind in enumerate(BASE) for number in (2 + place, 30 + place)),
    *(f"/{kind}/{40 + place}/edit" for place, kind in enumerate(BASE)),
    *(f"/{kind}/{50 + place}/delete" for place, kind in enumerate(BASE)),
    *(f"/{kind}/{60 + place}/history" for place, kind in enumerate(BASE)),
    *("/", "/relations/H2-H3", "/action-items?per_page=200", "/changes"),
    "/meetings?view=month&month=2020-01",
    "/agreements?q=%3Cscript%3Ewindow.__hit(1)%3C/script%3E",
)


@pytest.fixture
def javascript() -> bool:
    return True


@pytest.fixture
def calls(context: BrowserContext, live_server: str) -> list[str]:
    """What ran, asked or complained in the browser."""
    found: list[str] = []
    context.add_init_script(HOOK)
    context.on("request", lambda one: found.append(one.url) if _away(one.url, live_server) else 0)
    context.on("dialog", lambda one: (found.append(f"dialog: {one.message}"), one.dismiss()))
    return found


def _away(url: str, server: str) -> bool:
    return not url.startswith((server, "data:image/"))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_text_runs_in_a_browser(
    signed_in: None, page: Page, calls: list[str], complaints: list[str]
) -> None:
    for address in ADDRESSES:
        page.goto(address, wait_until="load")
        assert page.evaluate("window.__hits") == [], address
        assert not complaints, address

    assert calls == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_browser_takes_the_texts_of_a_list_to_the_letter(signed_in: None, page: Page) -> None:
    page.goto("/topics?per_page=200")

    words = page.evaluate("document.querySelector('main').textContent")

    missing = [one.name for one in HOSTILE if not one.lines and one.stored not in words]
    assert len(HOSTILE) == COUNT
    assert missing == []


@pytest.mark.own_app
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["script", "image", "drawing", "details"])
def test_a_text_that_is_not_escaped_is_heard(
    app: Flask, page: Page, calls: list[str], complaints: list[str], name: str
) -> None:
    planted = next(one.text for one in HOSTILE if one.name == name)

    def unescaped() -> Response:
        # It names an icon, or the browser asks for one at the root, at any moment, and complains.
        icon = "<link rel='icon' href='/static/favicon.svg'>"
        return Response(f"<!doctype html><title>x</title>{icon}<main>{planted}</main>")

    unescaped.right = "open"  # type: ignore[attr-defined]
    app.add_url_rule("/planted", "planted", unescaped)
    page.goto("/planted")
    settle(page)

    assert page.evaluate("window.__hits") or any("Content Security Policy" in c for c in complaints)
    complaints.clear()

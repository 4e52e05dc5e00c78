"""The browser fixtures themselves: a planted fault must turn them red."""

from collections.abc import Callable

import pytest
from flask import Flask, Response
from playwright.sync_api import Page

from tests.browser.conftest import settle

Axe = Callable[[Page], None]
STRICT = {"Content-Security-Policy": "default-src 'self'"}
HEAD = "<!doctype html><html lang='en'><head><title>T</title></head><body><main><h1>T</h1>"


@pytest.fixture
def app() -> Flask:
    """A site of a few pages, most of which are at fault."""
    app = Flask("planted")

    @app.get("/good")
    def good() -> Response:
        return Response(f"{HEAD}<p>Words.</p></main>", headers=STRICT)

    @app.get("/unlabelled")
    def unlabelled() -> str:
        return f"{HEAD}<input name='a'></main>"

    @app.get("/inline")
    def inline() -> Response:
        return Response(f"{HEAD}<p style='color: red'>Words.</p></main>", headers=STRICT)

    @app.get("/script")
    def script() -> str:
        return f"{HEAD}<p id='p'>off</p></main><script>p.textContent = 'on'; nothing()</script>"

    @app.post("/refused")
    def refused() -> tuple[str, int]:
        return f"{HEAD}<p>No.</p><img src='/gone.png' alt=''></main>", 422

    @app.get("/form")
    def form() -> str:
        return f"{HEAD}<form method=post action=/refused><button>Send</button></form></main>"

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    return app


def test_a_good_page_passes_axe_under_a_strict_policy(page: Page, axe: Axe) -> None:
    page.goto("/good")

    axe(page)


def test_axe_finds_a_field_without_label(page: Page, axe: Axe) -> None:
    page.goto("/unlabelled")

    with pytest.raises(AssertionError, match=r"label \(critical\): input"):
        axe(page)


def test_a_broken_policy_is_heard(page: Page, complaints: list[str]) -> None:
    page.goto("/inline")

    settle(page)
    assert "Content Security Policy" in complaints.pop()


def test_a_missing_file_is_heard_and_the_answer_to_bad_input_is_not(
    page: Page, complaints: list[str]
) -> None:
    page.goto("/form")

    page.click("button")

    settle(page)
    assert page.inner_text("p") == "No."
    assert "404" in complaints.pop()
    assert complaints == []


def test_scripts_run_only_where_they_are_on(
    page: Page, complaints: list[str], javascript: bool
) -> None:
    page.goto("/script")

    settle(page)
    assert page.inner_text("#p") == ("on" if javascript else "off")
    assert bool(complaints) == javascript
    complaints.clear()

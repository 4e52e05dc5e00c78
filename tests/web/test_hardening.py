"""What every answer carries, what the log says of a request, and what is refused as too much."""

import logging
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from tests.client import CheckedClient
from tests.pages import Page
from tracker.app import FIELD_LIMIT, create_app
from tracker.settings import Settings
from tracker.web.log import NamesTheRequest
from tracker.web.rights import Right, needs

pytestmark = pytest.mark.own_app

LINES = "tracker.requests"


@pytest.fixture
def breaking(app: Flask) -> FlaskClient:
    """A client of a site on which one page always breaks."""

    @needs(Right.OPEN)
    def broken() -> str:
        raise RuntimeError("planted")

    app.add_url_rule("/broken", "broken", broken)
    app.testing = False
    return FlaskClient(app)


@pytest.mark.parametrize(
    ("address", "method", "status", "more"),
    [
        ("/", "GET", 200, {}),
        ("/nowhere", "GET", 404, {}),
        ("/people/new", "GET", 302, {}),
        ("/agreements?colour=red", "GET", 400, {}),
        ("/agreements", "DELETE", 405, {}),
        ("/language", "POST", 400, {}),
        ("/language", "POST", 413, {"data": {"x": "y" * (9 * 1024 * 1024)}}),
        ("/broken", "GET", 500, {}),
        ("/sign-in/link?token=x", "GET", 410, {}),
        ("/agreements.csv", "GET", 200, {}),
        ("/agreements.json", "GET", 200, {}),
        ("/meetings.ics", "GET", 200, {}),
        ("/static/entente.css", "GET", 200, {}),
        ("/static/nothing.css", "GET", 404, {}),
        ("/healthz", "GET", 200, {}),
        ("/", "GET", 400, {"base_url": "http://evil.example"}),
    ],
)
def test_every_answer_has_the_security_headers(
    breaking: FlaskClient, address: str, method: str, status: int, more: dict[str, object]
) -> None:
    with breaking.open(address, method=method, **more) as answer:
        assert answer.status_code == status
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert len(answer.headers["X-Request-ID"]) == 16


def test_no_shared_cache_keeps_what_somebody_may_see(client: CheckedClient) -> None:
    for address in ("/", "/agreements.csv", "/people/999"):
        with client.get(address) as answer:
            assert answer.headers["Cache-Control"] == "private, no-cache"
            assert "Cookie" in answer.headers["Vary"]


def test_a_form_of_a_hundred_thousand_fields_is_refused(client: CheckedClient) -> None:
    answer = client.post("/people/new", data={f"f{n}": "" for n in range(100_000)})

    assert answer.status_code == 413
    assert "too large" in Page(answer.text).one("main").text


def test_so_is_one_with_a_file(client: CheckedClient) -> None:
    part = b'--p\r\nContent-Disposition: form-data; name="f"\r\n\r\n\r\n'

    answer = client.post(
        "/people/import",
        data=part * 100_000 + b"--p--\r\n",
        content_type="multipart/form-data; boundary=p",
    )

    assert answer.status_code == 413
    assert "too large" in Page(answer.text).one("main").text


def test_a_form_at_the_bound_is_read(client: CheckedClient) -> None:
    token = client.page("/people/new").form().values["csrf_token"][0]
    fields = {f"f{n}": "" for n in range(FIELD_LIMIT - 3)}

    answer = client.post("/people/new", data=fields | {"csrf_token": token, "name": "Ali"})

    assert answer.status_code == 303


def test_each_request_writes_one_line_without_secrets(
    client: CheckedClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, LINES)

    answer = client.get("/people?q=secret-query")
    client.get("/sign-in/link?token=secret-token")

    lines = [record for record in caplog.records if record.name == LINES]
    assert len(lines) == 2
    said = lines[0].getMessage()
    assert said.startswith(f"GET /people {answer.status_code} ")
    assert said.endswith(" ms, account 1")
    assert "secret" not in caplog.text


def test_a_password_stands_in_no_line(
    anonymous: CheckedClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    anonymous.submit("/sign-in", {"email": "me@example.org", "password": "secret-password"})

    assert "POST /sign-in 422" in caplog.text
    assert "secret-password" not in caplog.text
    assert "me@example.org" not in caplog.text


def test_an_address_cannot_begin_a_line_of_its_own(
    client: CheckedClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, LINES)

    client.get("/x%0AGET%20/forged")

    (line,) = [record for record in caplog.records if record.name == LINES]
    assert "\n" not in line.getMessage()


def test_log_and_answer_name_a_request_alike(app: Flask, client: CheckedClient) -> None:
    named: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            named.append(record.__dict__["request_id"])

    handler = Keeping()
    handler.addFilter(NamesTheRequest())
    logger = logging.getLogger(LINES)
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.INFO)
    try:
        answer = client.get("/healthz")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)

    assert named == [answer.headers["X-Request-ID"]]


@pytest.fixture
def behind(settings: Settings) -> Callable[[int], FlaskClient]:
    """A client of a site behind so many proxies."""

    def make(proxies: int) -> FlaskClient:
        app = create_app(replace(settings, proxies=proxies))
        app.testing = True
        return FlaskClient(app)

    return make


FORWARDED = {
    "X-Forwarded-For": "203.0.113.9, 198.51.100.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("proxies", "secure"), [(0, False), (1, True)])
def test_proxies_are_believed_only_by_setting(
    behind: Callable[[int], FlaskClient], proxies: int, secure: bool
) -> None:
    client = behind(proxies)

    answer = client.get("/sign-in", headers=FORWARDED)

    assert answer.status_code == 200
    assert ("Secure" in answer.headers["Set-Cookie"]) is secure
    client.application.extensions["engine"].dispose()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "127.0.0.1"), (1, "198.51.100.1"), (2, "203.0.113.9")]
)
def test_the_address_is_the_one_that_the_last_trusted_proxy_saw(
    behind: Callable[[int], FlaskClient], proxies: int, address: str
) -> None:
    client = behind(proxies)
    seen: list[str] = []

    @needs(Right.OPEN)
    def who() -> str:
        seen.append(g.author.origin)
        return "ok"

    client.application.add_url_rule("/who", "who", who)
    client.get("/who", headers=FORWARDED)

    assert seen == [address]
    client.application.extensions["engine"].dispose()

"""Saving as the page does that waits: what counts as waiting, and what as an error."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from bench.saving import Form, Tally, save_waiting
from bench.visitor import Visitor

FORM = (
    "<!doctype html><html lang='en' dir='ltr'><title>T</title><main><h1>T</h1>"
    "<form method='post' action='/edit'><input type='hidden' name='version' value='1'></form>"
    "</main>"
)
BUSY, SAVED = (503, "0"), (303, None)
Answers = list[tuple[int, str | None]]


@pytest.fixture
def site() -> Iterator[Callable[[Answers], tuple[Form, list[str]]]]:
    """Give the form of a site that answers saves so, one after the other, and the versions sent."""
    versions: list[str] = []
    script: Answers = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.answer(200, None, FORM.encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            versions.append(parse_qs(body)["version"][0])
            self.answer(*script.pop(0), b"")

        def answer(self, status: int, retry_after: str | None, body: bytes) -> None:
            self.send_response(status)
            if retry_after is not None:
                self.send_header("Retry-After", retry_after)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with (
        HTTPServer(("127.0.0.1", 0), Handler) as server,
        closing(Visitor(server.server_port)) as visitor,
    ):
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()

        def answering(answers: Answers) -> tuple[Form, list[str]]:
            script.extend(answers)
            return Form(visitor, "/edit"), versions

        yield answering
        visitor.close()
        server.shutdown()
        thread.join(10)


Site = Callable[[Answers], tuple[Form, list[str]]]


def test_a_save_that_waited_is_one_save(site: Site) -> None:
    form, versions = site([SAVED, BUSY, BUSY, SAVED, SAVED])
    tally = Tally(waited=0)

    for number in range(3):
        save_waiting(form, number, tally)

    assert (len(tally.seconds), tally.waited, tally.errors) == (3, 1, 0)
    assert versions == ["1", "2", "2", "2", "3"]
    assert tally.words.endswith("1 waited for a second try, 0 errors")


@pytest.mark.parametrize("answer", [(503, None), (409, None), (422, None), (500, None)])
def test_any_other_answer_is_an_error(site: Site, answer: tuple[int, str | None]) -> None:
    form, versions = site([answer])
    tally = Tally(waited=0)

    save_waiting(form, 0, tally)

    assert (tally.seconds, tally.waited, tally.errors) == ([], 0, 1)
    assert len(versions) == 1


def test_what_goes_wrong_after_waiting_is_an_error(site: Site) -> None:
    form, _versions = site([BUSY, (409, None)])
    tally = Tally(waited=0)

    save_waiting(form, 0, tally)

    assert (tally.seconds, tally.waited, tally.errors) == ([], 1, 1)


def test_patience_ends(site: Site) -> None:
    form, versions = site([BUSY])
    tally = Tally(waited=0)

    save_waiting(form, 0, tally, patience=0)

    assert (tally.seconds, tally.waited, tally.errors) == ([], 1, 1)
    assert len(versions) == 1


def test_a_tally_speaks_of_waiting_only_where_somebody_tries_again() -> None:
    assert Tally([0.001]).words == "p50 1.0 ms, p99 1 ms, 0 errors"
    assert Tally(errors=2).words == "nothing, 2 errors"
    assert Tally([0.001], 0, 0).words == "p50 1.0 ms, p99 1 ms, 0 waited for a second try, 0 errors"

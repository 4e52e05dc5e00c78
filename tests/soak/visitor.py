"""Somebody who works with the site over HTTP, by its pages and forms, as a browser does."""

import http.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.pages import Page
from tests.soak.server import RunningServer
from tracker.accounts.guard import COOKIE

TIMEOUT_SECONDS = 60
Fields = Mapping[str, str | list[str]]


class NoAnswer(Exception):
    """The request may have been carried out or not: nobody said."""


class NotSent(Exception):
    """Nobody listens: the request was certainly not carried out."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    text: str

    def fields(self, action: str | None = None) -> dict[str, list[str]]:
        """The fields of the page's form as they stand there."""
        return dict(Page(self.text).form(action).values)


class Visitor:
    """Keeps its cookies and its connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Fetch a page; raises NoAnswer and NotSent."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Fields) -> Answer:
        """Send a form; raises NoAnswer and NotSent."""
        form = "application/x-www-form-urlencoded"
        return self._ask("POST", path, urlencode(list(_pairs(fields))).encode(), form)

    def post_file(self, path: str, fields: Mapping[str, str], content: str) -> Answer:
        """Send a form with a file in it, in the field `file`."""
        parts = [f'name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
        parts.append(f'name="file"; filename="file.csv"\r\n\r\n{content}')
        body = "".join(f"--edge\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
        return self._ask(
            "POST", path, f"{body}--edge--\r\n".encode(), "multipart/form-data; boundary=edge"
        )

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, kind: str = "") -> Answer:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = kind
        try:
            if self.connection.sock is None:
                self.connection.connect()
        except OSError as error:
            self.connection.close()
            raise NotSent(str(error)) from None
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            text = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            raise NoAnswer(str(error)) from None
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies.update({k: v.value for k, v in SimpleCookie(header).items()})
        return Answer(response.status, response.headers.get("Location", ""), text)


def _pairs(fields: Fields) -> Iterable[tuple[str, str]]:
    for name, value in fields.items():
        for one in [value] if isinstance(value, str) else value:
            yield name, one


def signed_in(server: RunningServer) -> Visitor:
    """A visitor who may change records: an editor whose session the database knows."""
    visitor = Visitor(server.port)
    visitor.cookies[COOKIE] = server.token
    return visitor

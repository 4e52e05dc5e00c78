"""Somebody who asks a server over a connection that stays open."""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

TIMEOUT_SECONDS = 600
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds all of it was there.

    ``retry_after`` is after how many seconds to ask again, where the answer says so.
    """

    status: int
    location: str
    body: bytes
    seconds: float
    retry_after: float | None = None


@dataclass(frozen=True)
class Download:
    """A body that was read and thrown away; ``first_byte`` and ``seconds`` count from asking."""

    status: int
    size: int
    first_byte: float
    seconds: float


class Visitor:
    """Keeps its connection, and carries the cookies that it was given."""

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        self.cookies = dict(cookies or {})

    def get(self, path: str) -> Answer:
        """Fetch a page."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: list[tuple[str, str]]) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields).encode(), {"Content-Type": FORM})

    def download(self, path: str) -> Download:
        """Fetch a file, without keeping it."""
        begun = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers())
        answer = self.connection.getresponse()
        size = len(answer.read(1))
        first_byte = time.perf_counter() - begun
        while block := answer.read(256 * 1024):
            size += len(block)
        return Download(answer.status, size, first_byte, time.perf_counter() - begun)

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()

    def headers(self) -> dict[str, str]:
        """What each of its requests carries."""
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": pairs} if pairs else {}

    def _ask(self, method: str, path: str, body: bytes | None, more: dict[str, str]) -> Answer:
        begun = time.perf_counter()
        self.connection.request(method, path, body, {**self.headers(), **more})
        answer = self.connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - begun
        for given in answer.headers.get_all("Set-Cookie", []):
            name, _, value = given.partition(";")[0].partition("=")
            self.cookies[name] = value
        location, after = answer.headers.get("Location", ""), answer.headers.get("Retry-After")
        retry_after = float(after) if after is not None else None
        return Answer(answer.status, location, content, seconds, retry_after)

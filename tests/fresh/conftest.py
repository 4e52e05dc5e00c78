"""Somebody who keeps what they were given, and asks whether it is still so."""

import re
from dataclasses import dataclass

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

# The token of a form holds the second in which it was made: nobody sees it.
TOKEN = re.compile(rb'name="csrf_token"\s+value="[^"]+"')


def shown(answer: TestResponse) -> bytes:
    """What an answer shows."""
    return TOKEN.sub(b"token", answer.data)


@dataclass(frozen=True)
class Kept:
    """A page as a browser keeps it."""

    tag: str
    body: bytes


class Browser:
    """Asks with the tag of what it has, as a browser does for each page."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.kept: dict[str, Kept] = {}

    def ask(self, address: str) -> int:
        """Fetch a page; the status. What is there already is shown again after a 304."""
        kept = self.kept.get(address)
        answer = self.client.get(address, headers={"If-None-Match": kept.tag} if kept else {})
        status = answer.status_code
        if status == 304:
            assert kept is not None
            assert answer.data == b""
            assert answer.headers["ETag"] == kept.tag
        elif status == 200 and "ETag" in answer.headers:
            self.kept[address] = Kept(answer.headers["ETag"], shown(answer))
        else:
            self.kept.pop(address, None)
        return status

    def faults(self, address: str) -> list[str]:
        """Where a 304 kept somebody from seeing what the page shows now."""
        if self.ask(address) != 304:
            return []
        now = self.client.get(address)
        same = now.status_code == 200 and shown(now) == self.kept[address].body
        return [] if same else [f"{address}: 304, and the page is another one"]

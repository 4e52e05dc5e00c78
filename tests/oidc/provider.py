"""A provider of other people, run as the program that it is, and what people do in it."""

import http.client
import json
import os
import re
import subprocess
import sys
import threading
from collections import deque
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

WAIT_SECONDS = 30
FORM = "application/x-www-form-urlencoded"


def send(method: str, address: str, body: str = "", kind: str = FORM) -> tuple[int, str, str]:
    """Send a request and follow nothing; the status, the Location and the text of the answer."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=WAIT_SECONDS)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, body, {"Content-Type": kind})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", ""), answer.read().decode()
    finally:
        connection.close()


class RunningProvider:
    """`oidc-provider-mock` on a free loopback port; it knows only clients that register."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", "--port", "0", "-r", "true", "-n", "true"],
            stderr=subprocess.PIPE,
            text=True,
            # It signs with a library's older module, which warns of that.
            env={**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "ignore"},
        )
        self.issuer = self._address()

    def _address(self) -> str:
        assert self.process.stderr is not None
        said = []
        for line in self.process.stderr:
            said.append(line)
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                # What it logs later is read away, or it would wait for a full pipe.
                self.reader = threading.Thread(target=deque, args=(self.process.stderr, 0))
                self.reader.start()
                return found[0]
        raise RuntimeError("The provider did not start:\n" + "".join(said))

    def stop(self) -> None:
        """End it, as when its computer is switched off."""
        self.process.kill()
        self.process.wait(WAIT_SECONDS)
        assert self.process.stderr is not None
        self.reader.join(WAIT_SECONDS)
        self.process.stderr.close()

    def register(self, redirect: str) -> tuple[str, str]:
        """Tell it of a site; the site's name and secret there."""
        body = json.dumps({"redirect_uris": [redirect]})
        status, _, text = send("POST", f"{self.issuer}/oauth2/clients", body, "application/json")
        assert status == 201, text
        made = json.loads(text)
        return made["client_id"], made["client_secret"]

    def know(self, subject: str, **claims: Any) -> None:
        """Let somebody have an account there."""
        body = json.dumps(claims)
        address = f"{self.issuer}/users/{quote(subject)}"
        status, _, text = send("PUT", address, body, "application/json")
        assert status == 204, text

    def sign_in(self, address: str, subject: str) -> str:
        """Sign in there, on the page that a browser was sent to; where it is sent back to."""
        return self._press(address, {"sub": subject})

    def deny(self, address: str) -> str:
        """Press the other button there."""
        return self._press(address, {"action": "deny"})

    def _press(self, address: str, fields: dict[str, str]) -> str:
        assert send("GET", address)[0] == 200
        status, location, text = send("POST", address, urlencode(fields))
        assert status == 302, text
        return location

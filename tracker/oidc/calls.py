"""The only outgoing requests of the whole program: to the provider that is set up, and no other.

Of the standard library, because it follows no redirects, asks no proxy and keeps no cookies.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from tracker.oidc.rules import PUZZLED, SILENT
from tracker.oidc.terms import NotLetIn
from tracker.settings import Provider, is_loopback

PATIENCE = 5  # seconds for connecting, and between two pieces of an answer
AT_MOST = 10.0  # seconds for a whole answer
LARGEST = 256 * 1024  # bytes
# Threads of this process that may wait for the provider; the others go on serving.
AT_ONCE = 3


@dataclass(frozen=True)
class Reply:
    """What the provider answered: a status of HTTP and an object of JSON, empty for no such."""

    status: int
    content: dict[str, Any]


class Calls:
    """Requests to one provider: to its issuer's origin, and to the hosts that are set."""

    def __init__(self, provider: Provider) -> None:
        self.origins = frozenset(
            {origin_of(provider.issuer), *(origin_of(f"https://{host}") for host in provider.hosts)}
        )
        self.turns = threading.BoundedSemaphore(AT_ONCE)
        # What the system trusts, or what SSL_CERT_FILE names.
        self.trust = ssl.create_default_context()

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Reply:
        """Ask for an address; raises NotLetIn when there is no answer of use."""
        return self._call("GET", address, headers or {}, None)

    def post(self, address: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        """Send a form; raises NotLetIn when there is no answer of use."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._call("POST", address, {**headers, **form}, urlencode(fields).encode())

    def _call(
        self, method: str, address: str, headers: Mapping[str, str], body: bytes | None
    ) -> Reply:
        if origin_of(address) not in self.origins:
            raise NotLetIn(502, PUZZLED, f"{origin_of(address)} is no host of the provider's")
        with self._turn(), self._connection(address) as connection:
            parts = urlsplit(address)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body, {"Accept": "application/json", **headers})
            answer = connection.getresponse()
            content = answer.read(LARGEST + 1)
        return _reply(address, answer.status, content)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One of the few turns at once, or at once no answer."""
        if not self.turns.acquire(blocking=False):
            raise NotLetIn(503, SILENT, "the provider is slow, and enough others wait for it")
        try:
            yield
        finally:
            self.turns.release()

    @contextmanager
    def _connection(self, address: str) -> Iterator[http.client.HTTPConnection]:
        """A connection that is cut when the whole takes too long, also drop by drop."""
        connection = self._connect(address)
        try:
            connection.connect()
            with _cut_when_late(connection.sock):
                yield connection
        except (OSError, http.client.HTTPException, ValueError) as problem:
            reason = f"{origin_of(address)} does not answer: {type(problem).__name__} {problem}"
            raise NotLetIn(503, SILENT, reason) from problem
        finally:
            connection.close()

    def _connect(self, address: str) -> http.client.HTTPConnection:
        parts = urlsplit(address)
        assert parts.hostname is not None
        if parts.scheme == "https":
            return http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=PATIENCE, context=self.trust
            )
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)


@contextmanager
def _cut_when_late(sock: socket.socket) -> Iterator[None]:
    """Raise TimeoutError when the block takes longer than AT_MOST: its socket is shut down."""
    late = threading.Event()

    def cut() -> None:
        late.set()
        with suppress(OSError):
            # Not the method of a TLS socket: that one takes the session from under whoever reads.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    watch = threading.Timer(AT_MOST, cut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
    if late.is_set():
        raise TimeoutError(f"no whole answer within {AT_MOST:.0f} seconds")


def _reply(address: str, status: int, content: bytes) -> Reply:
    if status >= 500 or status == 429:
        raise NotLetIn(503, SILENT, f"{origin_of(address)} answered {status}")
    if 300 <= status < 400:
        raise NotLetIn(502, PUZZLED, f"{origin_of(address)} sends elsewhere ({status})")
    if len(content) > LARGEST:
        raise NotLetIn(502, PUZZLED, f"{origin_of(address)} answered with too much")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    return Reply(status, found if isinstance(found, dict) else {})


def origin_of(address: str) -> str:
    """Scheme, host and port, by which addresses are compared; empty for one that is not safe.

    That is https, or http to this computer itself.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme == "https":
        return f"https://{host}:{port or 443}" if host and "@" not in parts.netloc else ""
    if parts.scheme == "http" and is_loopback(host) and "@" not in parts.netloc:
        return f"http://{host}:{port or 80}"
    return ""

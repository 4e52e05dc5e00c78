"""An issuer of the tests' own, which can be told to do wrong what a real provider does right."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "entente & others", "a secret: of both"
# Made once: keys are slow to make.
KEY = RSAKey.generate_key(2048, {"kid": "ours", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "other", "use": "sig"})

Answer = tuple[int, dict[str, str], bytes]


def as_json(content: Any, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(content).encode()


class Issuer:
    """A provider whose every answer a test can change: `answers[path]`, `claims`, `sign`."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.subject = "s-1"
        self.claims: dict[str, Any] = {"email": "dilnoza@example.org", "email_verified": True}
        self.more: dict[str, Any] = {}
        self.published = [KEY]
        self.sign: Callable[[dict[str, Any]], str] = signed_by(KEY)
        self.metadata: dict[str, Any] = {}
        self.answers: dict[str, Callable[[], Answer]] = {}
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}

    def authorize(self, address: str, **more: str) -> str:
        """Sign somebody in at the address that a browser was sent to; where it is sent back to."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert {"openid", "email"} <= set(asked["scope"].split())
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return (
            asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]} | more)
        )

    def answer(self, path: str, headers: Any, fields: dict[str, str]) -> Answer:
        self.asked.append(path)
        if path in self.answers:
            return self.answers[path]()
        if path == "/.well-known/openid-configuration":
            return as_json(self._discovery() | self.metadata)
        if path == "/keys":
            return as_json({"keys": [key.as_dict(private=False) for key in self.published]})
        if path == "/token":
            return self._tokens(headers, fields)
        if path == "/userinfo" and headers["Authorization"] == "Bearer access":
            return as_json({"sub": self.subject} | self.more)
        return as_json({}, 404)

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
        }

    def _tokens(self, headers: Any, fields: dict[str, str]) -> Answer:
        asked = self.codes.pop(fields.get("code", ""), None)
        if not _is_the_client(headers.get("Authorization"), fields):
            return as_json({"error": "invalid_client"}, 401)
        if (
            asked is None
            or challenge_of(fields["code_verifier"]) != asked["code_challenge"]
            or fields["redirect_uri"] != asked["redirect_uri"]
        ):
            return as_json({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.subject,
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
        }
        wanted = {k: v for k, v in (claims | self.claims).items() if v is not None}
        token = self.sign(wanted)
        return as_json({"access_token": "access", "token_type": "Bearer", "id_token": token})

    def drip(self) -> Answer:
        """Begin an answer that never ends: the handler goes on with a byte now and then."""
        return 200, {"Content-Type": "application/json", "X-Drip": "yes"}, b"{"

    def hang(self) -> Answer:
        """Answer nothing until the test ends."""
        self.stopped.wait(30)
        return as_json({})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._reply({})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._reply({name: values[0] for name, values in parse_qs(body).items()})

            def _reply(self, fields: dict[str, str]) -> None:
                path = urlsplit(self.path).path
                status, headers, content = issuer.answer(path, self.headers, fields)
                try:
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(content)
                    while "X-Drip" in headers and not issuer.stopped.wait(0.02):
                        self.wfile.write(b" ")
                except OSError:
                    self.close_connection = True  # whoever asked waits no longer

            def log_message(self, *_words: Any) -> None:
                """Say nothing."""

        return Handler


def _is_the_client(header: str | None, fields: dict[str, str]) -> bool:
    pair = base64.b64encode(f"{quote_plus(CLIENT)}:{quote_plus(SECRET)}".encode()).decode()
    if header is None:
        return (fields.get("client_id"), fields.get("client_secret")) == (CLIENT, SECRET)
    return header == f"Basic {pair}" and "client_secret" not in fields


def challenge_of(verifier: str) -> str:
    """RFC 7636, 4.2, worked out here without the library that the program uses."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def signed_by(key: RSAKey, **header: Any) -> Callable[[dict[str, Any]], str]:
    return lambda claims: jwt.encode({"alg": "RS256", "kid": key.kid} | header, claims, key)


def signed_with_the_secret(claims: dict[str, Any]) -> str:
    """A token that everybody could make who knows the client's secret."""
    return jwt.encode({"alg": "HS256", "kid": "ours"}, claims, OctKey.import_key(SECRET * 2))


def unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none", "kid": "ours"}, claims)
    coded = (base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts)
    return ".".join(coded) + "."


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    thread = threading.Thread(target=issuer.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield issuer
    issuer.stopped.set()
    issuer.server.shutdown()
    issuer.server.server_close()
    thread.join(10)

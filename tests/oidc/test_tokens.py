"""What an issuer may get wrong, or do on purpose: nobody is signed in, and it is said in words.

None of these ways reaches the database, so one kind of it is enough.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from flask import Flask
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from tests.accounts.people import is_in
from tests.client import CheckedClient
from tests.oidc.conftest import EMAIL
from tests.oidc.issuer import (
    KEY,
    OTHER_KEY,
    Answer,
    Issuer,
    as_json,
    signed_by,
    signed_with_the_secret,
    unsigned,
)
from tests.oidc.test_signing_in import back, refusal
from tracker.clock import now
from tracker.oidc import calls
from tracker.oidc.client import Client
from tracker.oidc.metadata import LOOKED_AGAIN

pytestmark = [
    pytest.mark.own_app,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("editor"),
]


def journey(client: CheckedClient, issuer: Issuer, **more: str) -> TestResponse:
    """There and back; `more` is added to what the issuer sends the browser back with."""
    answer = client.get("/sign-in/provider?next=/meetings")
    if answer.status_code != 302:
        return answer
    return back(client, issuer.authorize(answer.location, **more))


def test_this_issuer_signs_in_as_long_as_nothing_is_wrong(
    anonymous: CheckedClient, issuer: Issuer
) -> None:
    """So that each refusal below is for the one thing that is wrong there."""
    assert journey(anonymous, issuer).location == "/meetings"
    assert is_in(anonymous)


def test_a_client_that_may_not_use_the_header_sends_its_secret_in_the_form(
    anonymous: CheckedClient, issuer: Issuer
) -> None:
    issuer.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}

    assert journey(anonymous, issuer).location == "/meetings"


WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another site"},
    "no audience": {"aud": None},
    "several audiences and nobody named": {"aud": ["entente & others", "another site"]},
    "made for another party": {"azp": "another site"},
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "expired": {"exp": int(time.time()) - 3600},
    "never expires": {"exp": None},
    "not yet": {"nbf": int(time.time()) + 3600},
    "an end that is no number": {"exp": "tomorrow"},
    "of another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "a hash that is no text": {"at_hash": 7},
    "nobody": {"sub": None},
    "a subject that is no text": {"sub": 7},
    "a subject too long": {"sub": "s" * 256},
    "a subject with a NUL": {"sub": "s\0"},
}


@pytest.mark.parametrize("claims", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS)
def test_a_token_that_says_something_wrong(
    anonymous: CheckedClient, issuer: Issuer, claims: dict[str, Any]
) -> None:
    issuer.claims |= claims

    assert "gave an answer that does not fit" in refusal(journey(anonymous, issuer), 502)
    assert not is_in(anonymous)


WRONG_SIGNATURES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "by another key that names itself ours": lambda c: signed_by(OTHER_KEY, kid="ours")(c),
    "by a key that is not published": signed_by(OTHER_KEY),
    "by the secret that both sides know": signed_with_the_secret,
    "by nobody": unsigned,
    "cut off": lambda c: signed_by(KEY)(c).rpartition(".")[0] + ".",
    "changed afterwards": lambda c: _changed(signed_by(KEY)(c)),
    "no token": lambda _c: None,
    "no text": lambda _c: {"not": "a token"},
    "anything": lambda _c: "....",
    "not ASCII": lambda _c: "ы.ы.ы",
}


def _changed(token: str) -> str:
    head, body, signature = token.split(".")
    return ".".join((head, body[:-4] + "AAAA", signature))


@pytest.mark.parametrize("sign", WRONG_SIGNATURES.values(), ids=WRONG_SIGNATURES)
def test_a_token_that_is_not_signed_by_the_issuers_keys(
    anonymous: CheckedClient, issuer: Issuer, sign: Callable[[dict[str, Any]], Any]
) -> None:
    issuer.sign = sign

    assert "gave an answer that does not fit" in refusal(journey(anonymous, issuer), 502)
    assert not is_in(anonymous)


def test_a_key_that_came_later_is_found(
    anonymous: CheckedClient, issuer: Issuer, app: Flask
) -> None:
    """An issuer that changes its keys need not wait until ours are an hour old."""
    assert journey(anonymous, issuer).location == "/meetings"
    issuer.published, issuer.sign = [OTHER_KEY], signed_by(OTHER_KEY)
    anonymous.delete_cookie("entente_session")
    client: Client = app.extensions["provider"]
    asked, keys = client.known._keys or (0.0, None)
    assert keys is not None
    client.known._keys = (asked - LOOKED_AGAIN - 1, keys)

    assert journey(anonymous, issuer).location == "/meetings"
    assert issuer.asked.count("/keys") == 2
    assert issuer.asked.count("/.well-known/openid-configuration") == 1


def test_keys_of_unknown_kinds_stand_in_nobodys_way(
    anonymous: CheckedClient, issuer: Issuer
) -> None:
    odd = [{"kty": "new"}, {"kty": "RSA", "n": 1}, {"kty": "oct", "k": "AA"}, "nothing", {}]
    ours = ECKey.generate_key("P-256", {"kid": "ec"}).as_dict(private=False)
    issuer.answers["/keys"] = lambda: as_json({"keys": [*odd, ours, KEY.as_dict(private=False)]})

    assert journey(anonymous, issuer).location == "/meetings"


def test_the_address_is_asked_for_where_the_token_does_not_hold_it(
    anonymous: CheckedClient, issuer: Issuer
) -> None:
    issuer.claims, issuer.more = {}, {"email": EMAIL, "email_verified": True}

    assert journey(anonymous, issuer).location == "/meetings"


@pytest.mark.parametrize(
    ("claims", "more", "status"),
    [
        # What is verified is the address that is said in the same place.
        ({"email": EMAIL}, {"email_verified": True}, 403),
        ({"email_verified": True}, {"email": EMAIL}, 403),
        ({"email": EMAIL}, {"email": "other@example.org", "email_verified": True}, 403),
        ({}, {"email": EMAIL, "email_verified": True, "sub": "somebody else"}, 502),
        ({"email": "no address", "email_verified": True}, {}, 403),
        ({"email": 7, "email_verified": True}, {}, 403),
        ({"email": f"{EMAIL}\0", "email_verified": True}, {}, 403),
    ],
)
def test_an_address_of_which_it_is_not_known_whose_it_is(
    anonymous: CheckedClient,
    issuer: Issuer,
    claims: dict[str, Any],
    more: dict[str, Any],
    status: int,
) -> None:
    issuer.claims, issuer.more = claims, more

    assert refusal(journey(anonymous, issuer), status)
    assert not is_in(anonymous)


def test_the_code_is_worth_nothing_without_the_verifier(
    anonymous: CheckedClient, issuer: Issuer
) -> None:
    """Whoever catches a code and puts it into a way of their own has another verifier."""
    caught = parse_qs(urlsplit(issuer.authorize(anonymous.get("/sign-in/provider").location)).query)
    mine = parse_qs(urlsplit(anonymous.get("/sign-in/provider").location).query)
    way = urlencode({"code": caught["code"][0], "state": mine["state"][0]})

    answer = anonymous.get(f"/sign-in/provider/return?{way}")

    assert "Sign in once more" in refusal(answer, 400)
    assert issuer.codes == {}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("access_denied", 403),
        ("login_required", 403),
        ("temporarily_unavailable", 503),
        ("server_error", 502),
        ("invalid_scope", 502),
        ("<script>", 502),
        ("", 502),
    ],
)
@pytest.mark.usefixtures("issuer")
def test_an_error_that_the_browser_is_sent_back_with(
    anonymous: CheckedClient, error: str, status: int
) -> None:
    query = urlencode({"error": error, "state": "any"})

    answer = anonymous.get(f"/sign-in/provider/return?{query}")

    assert "<script>" not in refusal(answer, status)


def test_who_is_sent_back_by_another_issuer(anonymous: CheckedClient, issuer: Issuer) -> None:
    """RFC 9207: an honest provider's name beside a code that is not its own, or the other way."""
    assert refusal(journey(anonymous, issuer, iss="https://evil.example"), 400)
    assert journey(anonymous, issuer, iss=issuer.issuer).location == "/meetings"


@pytest.mark.parametrize("code", ["", "c" * 3500])
def test_a_way_back_without_a_usable_code(
    anonymous: CheckedClient, issuer: Issuer, code: str
) -> None:
    assert refusal(journey(anonymous, issuer, code=code), 400)
    assert "/token" not in issuer.asked


def test_an_attempt_lasts_ten_minutes(anonymous: CheckedClient, issuer: Issuer) -> None:
    location = issuer.authorize(anonymous.get("/sign-in/provider").location)

    with time_machine.travel(now() + timedelta(minutes=11), tick=True):
        assert "ten minutes" in refusal(back(anonymous, location), 400)


PLACES = ["/.well-known/openid-configuration", "/keys", "/token", "/userinfo"]
ODD_ANSWERS: dict[str, tuple[Callable[[], Answer], int]] = {
    "broken": (lambda: as_json({"error": "server_error"}, 500), 503),
    "too busy": (lambda: as_json({}, 429), 503),
    "sends elsewhere": (lambda: (302, {"Location": "http://127.0.0.1:9/"}, b""), 502),
    "not found": (lambda: as_json({}, 404), 502),
    "no JSON": (lambda: (200, {}, b"<html>"), 502),
    "no object": (lambda: as_json([1]), 502),
    "too deep": (lambda: (200, {}, b"[" * 100_000), 502),
    "too large": (lambda: (200, {}, b" " * (calls.LARGEST + 1)), 502),
    "too large header": (lambda: (200, {"X": "y" * 70_000}, b"{}"), 503),
    "cut off": (lambda: (200, {"Content-Length": "9"}, b"{"), 502),
    "nothing of use": (lambda: as_json({"issuer": "https://evil.example", "keys": 7}), 502),
}


@pytest.mark.parametrize(("odd", "status"), ODD_ANSWERS.values(), ids=ODD_ANSWERS)
@pytest.mark.parametrize("place", PLACES)
def test_an_answer_that_is_of_no_use(
    anonymous: CheckedClient, issuer: Issuer, place: str, odd: Callable[[], Answer], status: int
) -> None:
    issuer.claims = {}
    issuer.answers[place] = odd

    assert refusal(journey(anonymous, issuer), status)
    assert place in issuer.asked
    assert not is_in(anonymous)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("how", ["hang", "drip"])
def test_a_provider_that_is_slow(
    anonymous: CheckedClient,
    issuer: Issuer,
    place: str,
    how: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also one that sends a byte now and then, so that no single wait is a long one."""
    monkeypatch.setattr(calls, "PATIENCE", 0.4)
    monkeypatch.setattr(calls, "AT_MOST", 0.6)
    issuer.claims = {}
    issuer.answers[place] = getattr(issuer, how)
    began = time.monotonic()

    assert "does not answer at the moment" in refusal(journey(anonymous, issuer), 503)
    assert time.monotonic() - began < 5


def test_a_provider_that_is_down(
    anonymous: CheckedClient, issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    issuer.server.shutdown()
    issuer.server.server_close()

    with caplog.at_level(logging.WARNING):
        answer = anonymous.get("/sign-in/provider")

    assert "does not answer at the moment" in refusal(answer, 503)
    assert "ConnectionRefusedError" in caplog.text


def test_a_slow_provider_holds_few_of_our_threads(app: Flask, issuer: Issuer) -> None:
    issuer.answers["/.well-known/openid-configuration"] = issuer.hang
    statuses: list[int] = []
    client: Client = app.extensions["provider"]

    def ask() -> None:
        statuses.append(app.test_client().get("/sign-in/provider").status_code)

    waiting = [threading.Thread(target=ask) for _ in range(calls.AT_ONCE)]
    for thread in waiting:
        thread.start()
    while len(issuer.asked) < calls.AT_ONCE:
        time.sleep(0.01)
    began = time.monotonic()
    ask()

    assert time.monotonic() - began < 1
    issuer.stopped.set()
    for thread in waiting:
        thread.join(10)
    assert statuses == [503] + [502] * calls.AT_ONCE
    assert client.calls.turns.acquire(blocking=False)


@pytest.mark.parametrize(
    "endpoint", ["token_endpoint", "jwks_uri", "userinfo_endpoint", "authorization_endpoint"]
)
@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest",
        "https://evil.example/token",
        "http://127.0.0.1:1/token",
        "file:///etc/passwd",
        "//evil.example",
        "https://[",
        "",
        None,
        7,
    ],
)
def test_the_discovery_document_leads_nowhere_else(
    anonymous: CheckedClient, issuer: Issuer, endpoint: str, address: Any
) -> None:
    """The browser may be sent to another host by https (or on this computer); we go nowhere."""
    issuer.metadata = {endpoint: address}

    answer = anonymous.get("/sign-in/provider")

    if endpoint == "authorization_endpoint" and str(address)[:9] in ("https://e", "http://12"):
        assert answer.status_code == 302
    else:
        assert "does not fit" in refusal(answer, 502)
    assert issuer.asked == ["/.well-known/openid-configuration"]


def test_hosts_that_are_set_are_asked_too_by_https_only(issuer: Issuer, app: Flask) -> None:
    client: Client = app.extensions["provider"]

    known = calls.Calls(replace(client.provider, hosts=("tokens.example.org",)))

    assert known.origins == {issuer.issuer, "https://tokens.example.org:443"}
    assert calls.origin_of("http://tokens.example.org/") == ""
    assert calls.origin_of("https://user@tokens.example.org/") == ""
    assert calls.origin_of("https://tokens.example.org.evil.example/") not in known.origins


def test_an_issuer_that_calls_itself_otherwise(
    anonymous: CheckedClient, issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    issuer.metadata = {"issuer": f"{issuer.issuer}/"}

    with caplog.at_level(logging.WARNING):
        assert refusal(anonymous.get("/sign-in/provider"), 502)

    assert "TRACKER_OIDC_ISSUER" in caplog.text

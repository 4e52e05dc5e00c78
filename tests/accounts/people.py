"""People with passwords and second factors, for the tests of accounts."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from argon2 import PasswordHasher
from werkzeug.test import TestResponse

from tests.client import CheckedClient
from tracker.accounts.credentials import hash_password
from tracker.accounts.guard import COOKIE

PASSWORD = "a quiet river in spring"  # noqa: S105


@cache
def password_hash() -> str:
    """The hash of PASSWORD; computed once, since it is slow on purpose."""
    return hash_password(PASSWORD)


def enter(client: CheckedClient, email: str, password: str = PASSWORD, **more: Any) -> TestResponse:
    """Fill in the page of signing in."""
    return client.submit("/sign-in", {"email": email, "password": password, **more})


def cookie_of(client: CheckedClient) -> str | None:
    """The session's token that a client carries."""
    cookie = client.get_cookie(COOKIE)
    return cookie.value if cookie else None


def is_in(client: CheckedClient) -> bool:
    """Whether a client is signed in."""
    answer = client.get("/account")
    assert answer.status_code in (200, 302)
    return answer.status_code == 200


@contextmanager
def counted_verifications(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A list that gets an entry with each verification of a hash, which goes on as it is."""
    verify: Callable[..., bool] = PasswordHasher.verify
    seen: list[str] = []
    lock = threading.Lock()

    def counting(hasher: PasswordHasher, kept: str, password: str) -> bool:
        with lock:
            seen.append(kept)
        return verify(hasher, kept, password)

    with monkeypatch.context() as patched:
        patched.setattr(PasswordHasher, "verify", counting)
        yield seen

"""Who comes from a provider, what an attempt to come holds, and why somebody is not let in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass


class NotLetIn(Exception):
    """An attempt to sign in that ends here.

    ``message`` is English, marked for translation, for the page; it may hold %(provider)s and the
    names in ``values``. ``reason`` is for the log and holds no secret.
    """

    def __init__(self, status: int, message: str, reason: str = "", **values: object) -> None:
        super().__init__(reason or message)
        self.status = status
        self.message = message
        self.reason = reason
        self.values = values


@dataclass(frozen=True)
class Claimant:
    """Who the provider says has signed in; ``email`` only where it says it verified the address."""

    issuer: str
    subject: str
    email: str | None


@dataclass(frozen=True)
class Attempt:
    """One way to the provider and back; the browser that began it keeps it in its signed cookie.

    ``state`` ties the way back to this browser (RFC 6749, 10.12), ``nonce`` the ID token to it
    (OpenID Connect Core, 3.1.2.1), and only who holds the ``verifier`` can turn the code into a
    token (RFC 7636). ``begun`` is in seconds since 1970, ``target`` a path on this site.
    """

    state: str
    nonce: str
    verifier: str
    begun: int
    target: str


def new_attempt(begun: int, target: str) -> Attempt:
    """An attempt with three secrets of 256 bits each."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Attempt(state, nonce, verifier, begun, target)

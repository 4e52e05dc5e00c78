"""The way to a provider and back: authorization code flow with PKCE (OpenID Connect Core, 3.1)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError

from tracker.oidc.calls import Calls, Reply
from tracker.oidc.metadata import LOOKED_AGAIN, Known
from tracker.oidc.rules import PUZZLED, USED_UP, claimant_of
from tracker.oidc.terms import Attempt, Claimant, NotLetIn
from tracker.settings import Provider

# By a key whose public half is published; never "none", nor a secret that both sides know.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
EMAIL = {"email", "email_verified"}
CLOCKS_APART = 60  # seconds
# What a token or a claim that is made to confuse can raise, beside what the libraries mean to.
_MALFORMED = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


class Client:
    """This site as the provider sees it; ``redirect`` is where it sends browsers back to."""

    def __init__(self, provider: Provider, redirect: str) -> None:
        self.provider = provider
        self.redirect = redirect
        self.calls = Calls(provider)
        self.known = Known(provider, self.calls)

    def address(self, attempt: Attempt) -> str:
        """Where the browser goes, to sign in there; raises NotLetIn."""
        address: str = prepare_grant_uri(
            self.known.metadata().authorization,
            client_id=self.provider.client_id,
            response_type="code",
            redirect_uri=self.redirect,
            scope="openid email",
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
        )
        return address

    def claimant(self, code: str, attempt: Attempt, now: datetime) -> Claimant:
        """Who has signed in there, by the code that the browser brought; raises NotLetIn."""
        tokens = self._tokens(code, attempt)
        access = tokens.get("access_token")
        claims = self._claims(tokens.get("id_token"), attempt, now, access)
        if not claims.keys() >= EMAIL and isinstance(access, str):
            claims |= self._more(claims, access)
        return claimant_of(claims, self.provider.issuer)

    def _tokens(self, code: str, attempt: Attempt) -> dict[str, Any]:
        """What the code is good for, once (RFC 6749, 4.1.3)."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect,
            "code_verifier": attempt.verifier,
        }
        headers = {}
        if self.known.metadata().takes_basic:
            headers["Authorization"] = self._basic()
        else:
            fields["client_id"] = self.provider.client_id
            fields["client_secret"] = self.provider.client_secret
        reply = self.calls.post(self.known.metadata().token, fields, headers)
        if reply.status != 200:
            raise _refused(reply)
        return reply.content

    def _basic(self) -> str:
        """The client's name and secret, each encoded as in a form (RFC 6749, 2.3.1)."""
        pair = f"{quote_plus(self.provider.client_id)}:{quote_plus(self.provider.client_secret)}"
        return "Basic " + base64.b64encode(pair.encode()).decode()

    def _claims(self, token: Any, attempt: Attempt, now: datetime, access: Any) -> dict[str, Any]:
        """What an ID token says, once it is verified (OpenID Connect Core, 3.1.3.7)."""
        try:
            read = self._read(token)
            claims = CodeIDToken(
                read.claims,
                read.header,
                {
                    "iss": {"essential": True, "value": self.provider.issuer},
                    "aud": {"essential": True, "value": self.provider.client_id},
                },
                {
                    "nonce": attempt.nonce,
                    "client_id": self.provider.client_id,
                    "access_token": access,
                },
            )
            claims.validate(now=int(now.timestamp()), leeway=CLOCKS_APART)
        except _MALFORMED as problem:
            reason = f"the ID token is not good: {type(problem).__name__} {problem}"
            raise NotLetIn(502, PUZZLED, reason[:300]) from problem
        return dict(claims)

    def _read(self, token: Any) -> jwt.Token:
        """The token, its signature verified; keys that are not known yet are asked for again."""
        try:
            return jwt.decode(token, self.known.keys(), ALGORITHMS)
        except (InvalidKeyIdError, BadSignatureError):
            return jwt.decode(token, self.known.keys(at_least=LOOKED_AGAIN), ALGORITHMS)

    def _more(self, claims: Mapping[str, Any], access: str) -> dict[str, Any]:
        """What the provider says of the same person where it says more (5.3); empty for nothing."""
        address = self.known.metadata().userinfo
        if address is None or not access.isascii() or not access.isprintable():
            return {}
        reply = self.calls.get(address, {"Authorization": f"Bearer {access}"})
        if reply.status != 200 or reply.content.get("sub") != claims["sub"]:
            raise NotLetIn(502, PUZZLED, "userinfo is about somebody else, or about nobody")
        # Both or none: whether an address is verified is said of that address.
        both = reply.content.keys() >= EMAIL
        return {name: reply.content[name] for name in EMAIL} if both else {}


def _refused(reply: Reply) -> NotLetIn:
    """Why there are no tokens (RFC 6749, 5.2)."""
    error = str(reply.content.get("error", ""))[:80]
    reason = f"the provider gives no tokens: {reply.status} {error!r}"
    return (
        NotLetIn(400, USED_UP, reason)
        if error == "invalid_grant"
        else NotLetIn(502, PUZZLED, reason)
    )

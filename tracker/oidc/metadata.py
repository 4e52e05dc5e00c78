"""What a provider says of itself: its addresses and its keys (OpenID Connect Discovery 1.0)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet

from tracker.oidc.calls import Calls, origin_of
from tracker.oidc.rules import PUZZLED
from tracker.oidc.terms import NotLetIn
from tracker.settings import Provider

KEPT = 3600  # seconds
# Keys that are not known yet are looked for at once, but not for every token again.
LOOKED_AGAIN = 60  # seconds
# Keys that both sides share would let anybody sign who knows the client's secret.
PUBLIC_KEYS = ("RSA", "EC")


@dataclass(frozen=True)
class Metadata:
    """The addresses of a provider; that of the browser, the others our own requests."""

    authorization: str
    token: str
    keys: str
    userinfo: str | None
    takes_basic: bool


class Known:
    """What a provider said of itself, kept for an hour in this process."""

    def __init__(self, provider: Provider, calls: Calls) -> None:
        self.provider = provider
        self.calls = calls
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def metadata(self) -> Metadata:
        """The provider's addresses; raises NotLetIn."""
        if self._metadata is None or time.monotonic() - self._metadata[0] > KEPT:
            self._metadata = (time.monotonic(), self._ask_metadata())
        return self._metadata[1]

    def keys(self, *, at_least: float = KEPT) -> KeySet:
        """The keys that the provider signs with, not older than ``at_least`` seconds."""
        if self._keys is None or time.monotonic() - self._keys[0] > at_least:
            self._keys = (time.monotonic(), self._ask_keys())
        return self._keys[1]

    def _ask_metadata(self) -> Metadata:
        issuer = self.provider.issuer
        said = self._ask(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if said.get("issuer") != issuer:
            # Discovery, 4.3: they must be the same, to the last slash.
            reason = f"TRACKER_OIDC_ISSUER is {issuer}, and it calls itself {said.get('issuer')!r}"
            raise NotLetIn(502, PUZZLED, reason)
        ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return Metadata(
            authorization=self._address(said, "authorization_endpoint", self._is_safe),
            token=self._address(said, "token_endpoint", self._is_called),
            keys=self._address(said, "jwks_uri", self._is_called),
            userinfo=(
                self._address(said, "userinfo_endpoint", self._is_called)
                if "userinfo_endpoint" in said
                else None
            ),
            takes_basic=not isinstance(ways, list) or "client_secret_basic" in ways,
        )

    def _ask(self, address: str) -> dict[str, Any]:
        reply = self.calls.get(address)
        if reply.status != 200 or not reply.content:
            raise NotLetIn(502, PUZZLED, f"{address} answered {reply.status} and no object of JSON")
        return reply.content

    def _address(self, said: dict[str, Any], name: str, fits: Callable[[str], bool]) -> str:
        address = said.get(name)
        if not isinstance(address, str) or not fits(address):
            reason = (
                f"its {name} is {str(address)[:200]!r}: not an address of the issuer's host, "
                "nor of TRACKER_OIDC_HOSTS"
            )
            raise NotLetIn(502, PUZZLED, reason)
        return address

    def _is_safe(self, address: str) -> bool:
        """Whether a browser may be sent there: by https, unless all of this is on one computer."""
        origin = origin_of(address)
        return origin.startswith("https:") or (bool(origin) and self._is_local())

    def _is_local(self) -> bool:
        return self.provider.issuer.startswith("http:")

    def _is_called(self, address: str) -> bool:
        return origin_of(address) in self.calls.origins

    def _ask_keys(self) -> KeySet:
        listed = self._ask(self.metadata().keys).get("keys")
        found = []
        for one in listed if isinstance(listed, list) else ():
            if not isinstance(one, dict) or one.get("kty") not in PUBLIC_KEYS:
                continue
            try:
                found.append(JWKRegistry.import_key(one))
            except (JoseError, ValueError, TypeError, KeyError):
                continue  # of a kind that is not known here; another one may have signed
        return KeySet(found)

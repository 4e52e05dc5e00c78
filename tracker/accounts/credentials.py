"""Passwords, tokens and codes: how they are made, and how they are kept as hashes only."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime
from functools import cache

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# Argon2id with 32 MiB and 3 passes: above the least that OWASP names, and eight at a time still
# fit into a small machine.
_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
STEP_SECONDS = 30  # RFC 6238, 4.1
# A phone's clock may be one step off, both ways.
STEPS_OFF = (0, -1, 1)
CODES = 10


def hash_password(password: str) -> str:
    """The hash that is kept; it takes some 50 ms, so no transaction should be open."""
    return _HASHER.hash(_one_spelling(password))


def _one_spelling(password: str) -> str:
    """Keyboards write the same letter in several ways (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one whose hash is kept.

    Without one there is as much work, and the answer is no: time does not tell who has an account.
    """
    nobodys = _nobodys()
    try:
        _HASHER.verify(kept or nobodys, _one_spelling(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def new_token() -> str:
    """256 bits that nobody can guess, fit for a cookie and an address."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """The hash of a token or a recovery code: both are random, so a fast one is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_totp_secret() -> str:
    """A secret for an authenticator app: 160 bits in base 32 (RFC 4226, 4)."""
    return pyotp.random_base32(32)


def totp_address(secret: str, email: str) -> str:
    """The address that an authenticator app takes, also as a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Entente")


def picture_of(address: str) -> str:
    """The QR code of an address (ISO/IEC 18004), as an SVG element without any inline style."""
    return segno.make_qr(address, error="m").svg_inline(
        scale=5, border=4, dark="black", light="white", omitsize=True, svgclass="qr", lineclass=None
    )


def step_of(code: str, secret: str, now: datetime) -> int | None:
    """The time step whose code this is, none when it is no code of about now (RFC 6238, 5.2)."""
    code = "".join(code.split())
    if not code.isascii() or not code.isdigit():
        return None
    totp = pyotp.TOTP(secret)
    current = int(now.timestamp()) // STEP_SECONDS
    for off in STEPS_OFF:
        if hmac.compare_digest(totp.generate_otp(current + off), code):
            return current + off
    return None


def new_recovery_codes() -> list[str]:
    """Codes of 80 bits each, in groups of four letters and figures."""
    return [_grouped(pyotp.random_base32(32)[:16]) for _ in range(CODES)]


def _grouped(code: str) -> str:
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4)).lower()


def recovery_digest(code: str) -> str:
    """The hash of a recovery code, however it is typed."""
    return digest("".join(c for c in code.lower() if c.isalnum()))

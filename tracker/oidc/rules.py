"""What an attempt that comes back, and what the provider says of somebody, must be like."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from tracker.accounts.rules import read_email
from tracker.oidc.terms import Attempt, Claimant, NotLetIn
from tracker.text import N_, Refusal

# Time enough to type a password and to fetch a code from a telephone.
ATTEMPT_LASTS = 600  # seconds
SUBJECT_LENGTH = 255  # OpenID Connect Core, 2
CODE_LENGTH = 3000

NOT_BEGUN_HERE = N_(
    "This way back from %(provider)s was not begun in this browser, was used already, or took "
    "longer than ten minutes. Sign in once more from the beginning."
)
SAID_NO = N_("%(provider)s did not let you in, or you did not allow it to say who you are.")
PUZZLED = N_(
    "%(provider)s gave an answer that does not fit, so nobody was signed in. Try again; if it "
    "stays so, tell an administrator: the log says what was wrong."
)
SILENT = N_("%(provider)s does not answer at the moment. Try again in a few minutes.")
USED_UP = N_(
    "%(provider)s does not know this sign-in any more: it was used already, or took too long. "
    "Sign in once more from the beginning."
)


def attempt_that_returns(kept: Any, state: str, now: int) -> Attempt:
    """The attempt that this browser keeps, when it is the one that comes back and came in time."""
    try:
        attempt = Attempt(**kept)
    except TypeError:
        raise NotLetIn(400, NOT_BEGUN_HERE, "this browser keeps no attempt") from None
    if not hmac.compare_digest(attempt.state.encode(), state.encode("utf-8", "replace")):
        raise NotLetIn(400, NOT_BEGUN_HERE, "the state is another one")
    if not 0 <= now - attempt.begun <= ATTEMPT_LASTS:
        raise NotLetIn(400, NOT_BEGUN_HERE, "the attempt is too old")
    return attempt


def code_of(answer: Mapping[str, str], issuer: str) -> str:
    """The code that the provider sent the browser back with (RFC 6749, 4.1.2; RFC 9207)."""
    if answer.get("iss", issuer) != issuer:
        raise NotLetIn(400, PUZZLED, "another issuer sent the browser back")
    code = answer.get("code", "")
    if not 0 < len(code) <= CODE_LENGTH:
        raise NotLetIn(400, PUZZLED, "the browser came back without a code")
    return code


def heed_error(answer: Mapping[str, str]) -> None:
    """Raise what the errors of RFC 6749, 4.1.2.1, and OpenID Connect Core, 3.1.2.6, mean here.

    Whoever sent them: nobody is signed in by an error, and some providers leave out the state.
    """
    if "error" in answer:
        raise _told(answer["error"])


def _told(error: str) -> NotLetIn:
    reason = f"the provider sent back the error {error[:80]!r}"
    if error == "temporarily_unavailable":
        return NotLetIn(503, SILENT, reason)
    refused = ("access_denied", "login_required", "consent_required", "interaction_required")
    return NotLetIn(403, SAID_NO, reason) if error in refused else NotLetIn(502, PUZZLED, reason)


def claimant_of(claims: Mapping[str, Any], issuer: str) -> Claimant:
    """Who these claims are about; an address that is not said to be verified counts for nothing."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LENGTH or "\0" in subject:
        raise NotLetIn(502, PUZZLED, "the subject is not as it should be")
    email = claims.get("email") if claims.get("email_verified") is True else None
    try:
        return Claimant(issuer, subject, read_email(email) if isinstance(email, str) else None)
    except Refusal:
        return Claimant(issuer, subject, None)

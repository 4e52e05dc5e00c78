"""Verbs on people who come from a provider: let them in, and forget whom an account is tied to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tracker.accounts.models import Account
from tracker.accounts.queries import account_of
from tracker.accounts.sessions import end_sessions
from tracker.oidc.models import ProviderIdentity
from tracker.oidc.queries import account_of_identity, identities_of
from tracker.oidc.terms import Claimant, NotLetIn
from tracker.text import N_

UNVERIFIED = N_(
    "%(provider)s does not say that it has verified your e-mail address, so it is not known whose "
    "account this would be. Verify the address there, or sign in with your password."
)
UNKNOWN = N_(
    "Nobody who is let in here has the e-mail address %(email)s. Ask an administrator for an "
    "account with this address."
)
DEACTIVATED = N_("Your account here is deactivated. Ask an administrator.")
SOMEBODY_ELSE = N_(
    "The account with the e-mail address %(email)s belongs to somebody else whom %(provider)s "
    "knows. If you have a new account there, ask an administrator to forget the old one."
)


def let_in(session: Session, claimant: Claimant, now: datetime) -> Account:
    """The active account of somebody whom the provider knows, locked; raises NotLetIn.

    The first time it is that of their verified e-mail address, and is tied to them: somebody else
    who is given that address at the provider later is not let in.
    """
    tied = account_of_identity(claimant.issuer, claimant.subject).with_for_update(of=Account)
    account = session.scalar(tied) or _tie(session, claimant, now)
    if not account.active:
        raise NotLetIn(403, DEACTIVATED, f"account {account.id} is deactivated")
    return account


def _tie(session: Session, claimant: Claimant, now: datetime) -> Account:
    if claimant.email is None:
        raise NotLetIn(403, UNVERIFIED, "the e-mail address is not said to be verified")
    account = session.scalar(account_of(claimant.email).with_for_update())
    if account is None:
        raise NotLetIn(403, UNKNOWN, "nobody has this e-mail address", email=claimant.email)
    # Under the lock: the same person may just have come in by another browser.
    for identity in session.scalars(identities_of(account.id)):
        if identity.issuer == claimant.issuer and identity.subject != claimant.subject:
            reason = f"account {account.id} is tied to somebody else"
            raise NotLetIn(403, SOMEBODY_ELSE, reason, email=claimant.email)
        if identity.issuer == claimant.issuer:
            return account
    if account.active:
        session.add(
            ProviderIdentity(
                account_id=account.id,
                issuer=claimant.issuer,
                subject=claimant.subject,
                made_at=now,
            )
        )
    return account


def forget_identities(session: Session, account: Account) -> None:
    """Tie the account to nobody; the next one with its verified e-mail address is let in."""
    session.execute(delete(ProviderIdentity).where(ProviderIdentity.account_id == account.id))
    end_sessions(session, account.id)

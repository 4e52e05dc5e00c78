"""Whose account it is that somebody at a provider has."""

from __future__ import annotations

from sqlalchemy import Select, select

from tracker.accounts.models import Account
from tracker.oidc.models import ProviderIdentity


def account_of_identity(issuer: str, subject: str) -> Select[tuple[Account]]:
    """The account that this person at the provider is tied to."""
    return (
        select(Account)
        .join(ProviderIdentity, ProviderIdentity.account_id == Account.id)
        .where(ProviderIdentity.issuer == issuer, ProviderIdentity.subject == subject)
    )


def identities_of(account_id: int) -> Select[tuple[ProviderIdentity]]:
    """Whom an account is tied to, at each provider."""
    return (
        select(ProviderIdentity)
        .where(ProviderIdentity.account_id == account_id)
        .order_by(ProviderIdentity.issuer)
    )

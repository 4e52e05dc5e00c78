"""Which accounts, sessions, links and guesses are meant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from tracker.accounts.models import Account, AccountSession, Guess, RecoveryCode, SignInLink
from tracker.accounts.rules import WINDOW, Role


def session_of(token_hash: str, now: datetime) -> Select[tuple[AccountSession]]:
    """The session of a cookie with its account, while both are good."""
    return (
        select(AccountSession)
        .join(AccountSession.account)
        .options(joinedload(AccountSession.account))
        .where(
            AccountSession.token_hash == token_hash,
            AccountSession.expires_at > now,
            Account.active,
        )
    )


def sessions_of(account_id: int, now: datetime) -> Select[tuple[AccountSession]]:
    """Where somebody is signed in, the newest first."""
    return (
        select(AccountSession)
        .where(
            AccountSession.account_id == account_id,
            AccountSession.expires_at > now,
            AccountSession.complete,
        )
        .order_by(AccountSession.made_at.desc(), AccountSession.id.desc())
    )


def account_of(email: str) -> Select[tuple[Account]]:
    """The account of an e-mail address."""
    return select(Account).where(Account.email == email)


def all_accounts() -> Select[tuple[Account]]:
    """All accounts by their name."""
    return select(Account).order_by(func.lower(Account.name), Account.id)


def administrators() -> Select[tuple[Account]]:
    """Who may administer, the first one first."""
    return (
        select(Account)
        .where(Account.role == Role.ADMINISTRATOR, Account.active)
        .order_by(Account.id)
    )


def link_of(token_hash: str, now: datetime) -> Select[tuple[SignInLink]]:
    """A link that still lets somebody in, with the account."""
    return (
        select(SignInLink)
        .join(SignInLink.account)
        .options(joinedload(SignInLink.account))
        .where(SignInLink.token_hash == token_hash, SignInLink.expires_at > now, Account.active)
    )


def codes_left(account_id: int) -> Select[tuple[int]]:
    """How many recovery codes an account still has."""
    return select(func.count(RecoveryCode.id)).where(RecoveryCode.account_id == account_id)


def guesses(
    now: datetime, *, subject: str | None = None, network: str | None = None
) -> Select[tuple[int, datetime | None]]:
    """How many guesses the window holds, and the last one's moment."""
    query: Select[Any] = select(func.count(Guess.id), func.max(Guess.made_at)).where(
        Guess.made_at > now - WINDOW
    )
    if subject is not None:
        query = query.where(Guess.subject == subject)
    if network is not None:
        query = query.where(Guess.network == network)
    return query

"""Which accounts, sessions, links and guesses are meant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from tracker.accounts.models import Account, AccountSession, Guess, RecoveryCode, SignInLink
from tracker.accounts.rules import WINDOW, Role


def _session_of() -> Select[Any]:
    session, account = AccountSession.__table__, Account.__table__
    return (
        select(
            session.c.id,
            session.c.made_at,
            session.c.by_link,
            session.c.complete,
            session.c.account_id,
            account.c.email,
            account.c.name,
            account.c.role,
            account.c.password_hash.is_not(None).label("has_password"),
        )
        .join_from(session, account, session.c.account_id == account.c.id)
        .where(
            session.c.token_hash == bindparam("token_hash"),
            session.c.expires_at > bindparam("now"),
            account.c.active,
        )
    )


# The session of a cookie with what is asked of its account, while both are good. Each request
# begins with it: it is made once, and read as plain columns.
SESSION_OF = _session_of()


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

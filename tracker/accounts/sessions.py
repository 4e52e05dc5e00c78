"""Sessions live in the database; a cookie holds nothing but a random token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, update
from sqlalchemy.orm import Session

from tracker.accounts.credentials import digest, new_token
from tracker.accounts.models import Account, AccountSession
from tracker.accounts.queries import SESSION_OF
from tracker.accounts.rules import HALF_SIGNED_IN_LASTS, SESSION_LASTS
from tracker.text import LINE

TOKEN_LENGTH = 43  # 32 bytes in base 64


@dataclass(frozen=True)
class Visitor:
    """From where somebody comes: the network address, and what the browser calls itself."""

    address: str
    browser: str


def find_session(session: Session, token: str | None, now: datetime) -> Row[Any] | None:
    """The session of a cookie, with its account: one query, and none for what is no token."""
    if token is None or len(token) != TOKEN_LENGTH:
        return None
    given = {"token_hash": digest(token), "now": now}
    return session.connection().execute(SESSION_OF, given).one_or_none()


def open_session(
    session: Session,
    account: Account,
    visitor: Visitor,
    now: datetime,
    *,
    by_link: bool = False,
    complete: bool = True,
) -> str:
    """Sign somebody in and return the token of the cookie; what has expired is removed.

    One that is not ``complete`` waits for the code of the second factor.
    """
    session.execute(delete(AccountSession).where(AccountSession.expires_at <= now))
    token = new_token()
    opened = AccountSession(
        token_hash=digest(token),
        account_id=account.id,
        made_at=now,
        expires_at=now + (SESSION_LASTS if complete else HALF_SIGNED_IN_LASTS),
        address=visitor.address[:64],
        browser=visitor.browser[:LINE],
        by_link=by_link,
        complete=complete,
    )
    session.add(opened)
    if complete:
        session.execute(
            update(Account)
            .where(Account.id == account.id)
            # Signing in is no change of the account.
            .values(signed_in_at=now, changed_at=Account.changed_at)
            .execution_options(synchronize_session=False)
        )
    return token


def close_session(session: Session, token: str | None) -> None:
    """Sign out: the cookie is worth nothing any more, also a copy of it."""
    if token is not None:
        session.execute(delete(AccountSession).where(AccountSession.token_hash == digest(token)))


def end_sessions(session: Session, account_id: int) -> None:
    """Sign somebody out everywhere."""
    session.execute(delete(AccountSession).where(AccountSession.account_id == account_id))

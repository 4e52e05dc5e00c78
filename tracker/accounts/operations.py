"""Verbs on accounts: add, change the role, deactivate, let in by a link, set a password."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tracker.accounts.credentials import (
    digest,
    new_recovery_codes,
    new_token,
    recovery_digest,
    step_of,
)
from tracker.accounts.models import Account, AccountSession, RecoveryCode, SignInLink
from tracker.accounts.queries import account_of, administrators
from tracker.accounts.rules import LINK_LASTS, Role, read_email
from tracker.accounts.sessions import end_sessions
from tracker.accounts.turns import Turn, take_turn
from tracker.text import N_, Refusal, clean_line

FIRST_EMAIL = "administrator@localhost"


def add_account(session: Session, email: str, name: str, role: Role) -> Account:
    """Add somebody who can sign in by a link; raises Refusal."""
    email = read_email(email)
    if session.scalar(account_of(email)) is not None:
        raise Refusal(N_("There is an account with this e-mail address already."))
    account = Account(email=email, name=clean_line(name) or email, role=role)
    session.add(account)
    session.flush()
    return account


def rename(account: Account, name: str) -> None:
    """Change how somebody is called; raises Refusal."""
    name = clean_line(name)
    if not name:
        raise Refusal(N_("A name is needed."))
    account.name = name


def change_role(session: Session, account: Account, role: Role) -> None:
    """Give another role and end all sessions; raises Refusal for the last administrator."""
    if account.role is role:
        return
    if account.role is Role.ADMINISTRATOR:
        _keep_an_administrator(session, account)
    account.role = role
    end_sessions(session, account.id)


def deactivate(session: Session, account: Account) -> None:
    """Let somebody in no more, at once; raises Refusal for the last administrator."""
    if account.role is Role.ADMINISTRATOR and account.active:
        _keep_an_administrator(session, account)
    account.active = False
    end_sessions(session, account.id)
    session.execute(delete(SignInLink).where(SignInLink.account_id == account.id))


def reactivate(account: Account) -> None:
    """Let somebody in again."""
    account.active = True


def _keep_an_administrator(session: Session, leaving: Account) -> None:
    """Raise Refusal when nobody else can administer, also when two leave at the same time."""
    take_turn(session, Turn.ADMINISTRATORS)
    others = administrators().where(Account.id != leaving.id).with_only_columns(func.count())
    if not session.scalar(others.order_by(None)):
        raise Refusal(
            N_(
                "This is the only administrator. Make somebody else an administrator first, "
                "or nobody could add accounts any more."
            )
        )


def make_link(session: Session, account: Account, now: datetime) -> str:
    """The token of a new link that signs in once; an older link is void. Raises Refusal."""
    if not account.active:
        raise Refusal(N_("This account is deactivated. Reactivate it first."))
    session.execute(delete(SignInLink).where(SignInLink.account_id == account.id))
    token = new_token()
    link = SignInLink(account_id=account.id, token_hash=digest(token), expires_at=now + LINK_LASTS)
    session.add(link)
    session.flush()
    return token


def use_link(session: Session, token: str, now: datetime) -> Account | None:
    """The account that a link lets in; none when it was used, is too old, or never was.

    Of two who use it at the same time, one deletes it.
    """
    number = session.scalar(
        delete(SignInLink)
        .where(SignInLink.token_hash == digest(token), SignInLink.expires_at > now)
        .returning(SignInLink.account_id)
        .execution_options(synchronize_session=False)
    )
    account = session.get(Account, number, with_for_update=True) if number is not None else None
    return account if account is not None and account.active else None


def first_link(session: Session, now: datetime) -> str | None:
    """A link for the first administrator, as long as no administrator has ever signed in.

    A database without accounts gets its first one.
    """
    if session.scalar(select(Account.id).limit(1)) is None:
        add_account(session, FIRST_EMAIL, "Administrator", Role.ADMINISTRATOR)
    everybody = session.scalars(administrators()).all()
    if not everybody or any(account.signed_in_at for account in everybody):
        return None
    return make_link(session, everybody[0], now)


def set_password(session: Session, account: Account, password_hash: str) -> None:
    """Keep a new password's hash, and end all sessions and links."""
    account.password_hash = password_hash
    end_sessions(session, account.id)
    session.execute(delete(SignInLink).where(SignInLink.account_id == account.id))


def turn_on_second_factor(session: Session, account: Account, secret: str, step: int) -> list[str]:
    """Ask for a code from now on; the recovery codes, which are shown this once."""
    account.totp_secret, account.totp_step = secret, step
    codes = new_recovery_codes()
    _keep_codes(session, account.id, codes)
    return codes


def _keep_codes(session: Session, account_id: int, codes: Iterable[str]) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.add_all(
        RecoveryCode(account_id=account_id, code_hash=recovery_digest(code)) for code in codes
    )


def turn_off_second_factor(session: Session, account: Account) -> None:
    """Ask for the password only."""
    account.totp_secret = account.totp_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def take_code(session: Session, account: Account, typed: str, now: datetime) -> bool:
    """Whether a code is good, of the app or a recovery code; either is good once."""
    if account.totp_secret is None:
        return False
    step = step_of(typed, account.totp_secret, now)
    if step is not None:
        return _take_step(session, account.id, step)
    used = session.execute(
        delete(RecoveryCode)
        .where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.code_hash == recovery_digest(typed),
        )
        .returning(RecoveryCode.id)
    )
    return used.first() is not None


def _take_step(session: Session, account_id: int, step: int) -> bool:
    """Whether no code of this time step or a later one was taken before (RFC 6238, 5.2)."""
    taken = session.execute(
        update(Account)
        .where(
            Account.id == account_id,
            (Account.totp_step.is_(None)) | (Account.totp_step < step),
        )
        # Signing in is no change of the account.
        .values(totp_step=step, changed_at=Account.changed_at)
        .returning(Account.id)
        .execution_options(synchronize_session=False)
    )
    return taken.first() is not None


def end_session(session: Session, account_id: int, number: int) -> None:
    """End one of somebody's sessions; another's is left alone."""
    session.execute(
        delete(AccountSession).where(
            AccountSession.id == number, AccountSession.account_id == account_id
        )
    )

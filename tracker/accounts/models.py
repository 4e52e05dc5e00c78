"""Tables of accounts, of where they are signed in, and of what lets them in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.rules import EMAIL_LENGTH, Role
from tracker.clock import now
from tracker.db import NEVER_REUSE, Base, Record, text_check
from tracker.text import LINE

HASH = 64  # SHA-256 in hexadecimal digits
# What no history, file or page may show.
SECRET = {"secret": True}
# What lets somebody in comes and goes, and is nothing that a history should keep.
PASSING = {"info": {"history": False}}


class Account(Record, Base):
    """Somebody who can sign in; it is never deleted, only deactivated."""

    __tablename__ = "account"
    __table_args__ = (
        *text_check(email=EMAIL_LENGTH, name=LINE),
        NEVER_REUSE,
    )

    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), unique=True, comment="case-folded")
    name: Mapped[str] = mapped_column(String(LINE))
    role: Mapped[Role]
    active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str | None] = mapped_column(
        String(LINE), comment="Argon2id; empty: only by a link", info=SECRET
    )
    totp_secret: Mapped[str | None] = mapped_column(
        String(HASH), comment="second factor (RFC 6238), base 32; empty: none", info=SECRET
    )
    totp_step: Mapped[int | None] = mapped_column(
        comment="time step of the last code that was taken; no older one is", info=SECRET
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
    signed_in_at: Mapped[datetime | None] = mapped_column(comment="last, UTC; empty: never")

    sessions: Mapped[list[AccountSession]] = relationship(
        back_populates="account", cascade="all, delete-orphan", passive_deletes=True
    )


class AccountSession(Base):
    """One browser in which somebody is signed in, or has given the password but no code yet."""

    __tablename__ = "account_session"
    __table_args__ = PASSING

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(
        String(HASH), unique=True, comment="SHA-256 of the cookie", info=SECRET
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(String(HASH), comment="network address")
    browser: Mapped[str] = mapped_column(String(LINE), comment="what the browser calls itself")
    by_link: Mapped[bool] = mapped_column(comment="no password was asked for")
    complete: Mapped[bool] = mapped_column(comment="no: the second factor is still to come")

    account: Mapped[Account] = relationship(back_populates="sessions")


class SignInLink(Base):
    """A link that signs an account in, once; an account has at most one."""

    __tablename__ = "sign_in_link"
    __table_args__ = PASSING

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), unique=True
    )
    token_hash: Mapped[str] = mapped_column(
        String(HASH), unique=True, comment="SHA-256 of the token", info=SECRET
    )
    expires_at: Mapped[datetime]

    account: Mapped[Account] = relationship()


class RecoveryCode(Base):
    """A code that stands in once for the second factor; it is deleted when it is used."""

    __tablename__ = "recovery_code"
    __table_args__ = PASSING

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    code_hash: Mapped[str] = mapped_column(String(HASH), comment="SHA-256 of the code", info=SECRET)


class Guess(Base):
    """An attempt to sign in that did not succeed, or has not yet."""

    __tablename__ = "guess"
    __table_args__ = (
        Index("ix_guess_subject_made_at", "subject", "made_at"),
        Index("ix_guess_network_made_at", "network", "made_at"),
        PASSING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(
        String(HASH), comment="SHA-256 of what was guessed at: nobody can read what was typed"
    )
    network: Mapped[str] = mapped_column(String(HASH))
    made_at: Mapped[datetime] = mapped_column(index=True)

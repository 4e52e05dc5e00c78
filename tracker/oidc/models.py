"""Which account somebody has whom a provider knows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import PASSING, Account
from tracker.db import Base
from tracker.oidc.rules import SUBJECT_LENGTH
from tracker.settings import ADDRESS_LENGTH


class ProviderIdentity(Base):
    """Somebody at a provider, tied to an account when they signed in through it first.

    From then on nobody else at this provider is let into the account, and the e-mail address does
    not count any more.
    """

    __tablename__ = "provider_identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("account_id", "issuer"),
        PASSING,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    issuer: Mapped[str] = mapped_column(String(ADDRESS_LENGTH), comment="the provider's address")
    subject: Mapped[str] = mapped_column(
        String(SUBJECT_LENGTH), comment="the provider's name for them (sub); never given to others"
    )
    made_at: Mapped[datetime]

    account: Mapped[Account] = relationship()

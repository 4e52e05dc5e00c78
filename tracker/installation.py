"""Which installation this is: a name that is made once with its database and stays with it."""

from __future__ import annotations

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.db import Base


class Installation(Base):
    """The only row of its table; the migration that makes the table writes it.

    Calendar programs know an event by its UID for ever (RFC 5545, 3.8.4.7), so what ends the UIDs
    is neither the name of a machine nor the address of the site, which may both change.
    """

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(
        String(36), comment="made once; the end of each UID in calendar feeds"
    )


def installation_uid(session: Session) -> str:
    """The name of the installation that this database belongs to."""
    return session.scalars(select(Installation.uid)).one()

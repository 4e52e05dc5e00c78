"""The table of the days on which agreements have each status; `spans` says what stands in it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base


class StatusSpan(Base):
    """The days on which an agreement has one status without a break.

    The spans of an agreement follow each other from the first day of the calendar to its last.
    """

    __tablename__ = "agreement_status_span"
    __table_args__ = (
        Index(
            "ix_agreement_status_span_days",
            "status",
            "last_day",
            "first_day",
            "signed_on_first",
            "agreement_id",
        ),
        {"info": {"history": False}, "sqlite_with_rowid": False},
    )

    agreement_id: Mapped[int] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    first_day: Mapped[date] = mapped_column(primary_key=True)
    last_day: Mapped[date]
    status: Mapped[str] = mapped_column(String(40), comment="as rules.py names it")
    signed_on_first: Mapped[date | None] = mapped_column(comment="the agreement's, to sort by")


SPANS = Base.metadata.tables[StatusSpan.__tablename__]

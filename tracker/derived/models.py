"""The table of records whose derived rows are not right any more."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base


class Stale(Base):
    """A record that is to be worked out anew. Triggers write it, the program takes it away.

    A record may stand here more than once: no key makes one transaction wait for another.
    """

    __tablename__ = "stale"
    __table_args__ = (
        Index("ix_stale_kind_record_id", "kind", "record_id"),
        {"info": {"history": False}},
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), comment="what is derived from the record")
    record_id: Mapped[int]

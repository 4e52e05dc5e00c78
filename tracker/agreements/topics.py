"""The table of topics: a tree of subject terms with stable codes."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import NEVER_REUSE, Base, Named, Record, text_check
from tracker.text import LINE

CODE = 40


class Topic(Record, Named, Base):
    """A subject term; it may stand below a wider one."""

    __tablename__ = "topic"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("parent_id <> id", "not_below_itself"),
        *text_check(name=LINE, code=CODE),
        NEVER_REUSE,
    )

    code: Mapped[str] = mapped_column(String(CODE))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)

    parent: Mapped[Topic | None] = relationship(remote_side="Topic.id")

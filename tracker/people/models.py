"""Tables of persons and of the spellings of their names."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import NEVER_REUSE, Base, Named, OtherName, Record, text_check
from tracker.text import LINE, PARAGRAPHS


class Person(Record, Named, Base):
    """A person who signs, chairs or takes part; two persons may bear one name."""

    __tablename__ = "person"
    __table_args__ = (
        *text_check(name=LINE, native_name=LINE, note=PARAGRAPHS),
        NEVER_REUSE,
    )

    native_name: Mapped[str | None] = mapped_column(
        String(LINE), comment="the name in the person's own script"
    )
    note: Mapped[str | None] = mapped_column(Text)

    names: Mapped[list[PersonName]] = relationship(
        cascade="all, delete-orphan", order_by="PersonName.position", passive_deletes=True
    )


class PersonName(OtherName, Base):
    """Another spelling of a person's name."""

    __tablename__ = "person_name"
    __table_args__ = (UniqueConstraint("person_id", "name"), *text_check(name=LINE))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))

"""Tables of the history. Triggers write them (see `triggers`), and nothing may change them."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import NEVER_REUSE, Base
from tracker.text import LINE, TITLE


class Operation(enum.StrEnum):
    """What happened to a row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class ChangeEntry(Base):
    """One transaction that changed something: who, when, by what way, from where.

    ``way`` is a `tracker.authorship.Way`, or `outside` for what was written around the program.
    """

    __tablename__ = "change_entry"
    __table_args__ = (Index("ix_change_entry_author_id", "author", "id"), NEVER_REUSE)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True, comment="when it was written, UTC")
    author: Mapped[str] = mapped_column(String(LINE))
    account_id: Mapped[int | None] = mapped_column(
        index=True, comment="the author's account; accounts are never deleted"
    )
    way: Mapped[str] = mapped_column(String(40))
    origin: Mapped[str] = mapped_column(String(LINE), comment="network address or computer")
    request_id: Mapped[str] = mapped_column(String(LINE))
    note: Mapped[str] = mapped_column(String(TITLE), comment="the file's name, or what was undone")
    undoes_id: Mapped[int | None] = mapped_column(
        ForeignKey("change_entry.id"), index=True, comment="the entry that this one took back"
    )

    changes: Mapped[list[Change]] = relationship(back_populates="entry", order_by="Change.id")


class Change(Base):
    """One row before and after, by the names of its columns, as the database holds them.

    ``record`` and ``record_id`` name the record that the row belongs to: itself, or the one that
    owns it. ``also`` names a second record on whose page the change is told: the one that a
    citation is about.
    """

    __tablename__ = "change"
    __table_args__ = (
        CheckConstraint("operation IN ('insert', 'update', 'delete')", "operation_known"),
        Index("ix_change_record_record_id_id", "record", "record_id", "id"),
        Index("ix_change_also_also_id_id", "also", "also_id", "id"),
        NEVER_REUSE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("change_entry.id"), index=True)
    record: Mapped[str] = mapped_column(String(40), comment="name of the record's table")
    record_id: Mapped[int]
    also: Mapped[str | None] = mapped_column(String(40))
    also_id: Mapped[int | None]
    table_name: Mapped[str] = mapped_column(String(40))
    row_key: Mapped[str] = mapped_column(String(LINE), comment="the primary key, its parts by |")
    operation: Mapped[str] = mapped_column(String(10))
    before: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))

    entry: Mapped[ChangeEntry] = relationship(back_populates="changes")


class ChangeContext(Base):
    """SQLite's way to tell the triggers which entry is being written; one row.

    It is set and emptied within the transaction, and there is only ever one writer. PostgreSQL
    has a setting of the transaction for it.
    """

    __tablename__ = "change_context"
    __table_args__ = (CheckConstraint("id = 1", "one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int | None]

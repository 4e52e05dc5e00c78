"""Agreements whose entry into force is awaited, kept beside the others, for the home page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    exists,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.agreements.models import Action, ActionKind, Agreement, Binding
from tracker.among import among
from tracker.db import Base
from tracker.derived import Reads, own, replaced_rows

# Kinds of action that say that a side, or both, agreed to be bound.
CONSENT = (
    ActionKind.DOMESTIC_PROCEDURE_NOTIFIED,
    ActionKind.RATIFIED,
    ActionKind.APPROVED,
)


class AwaitedEntry(Base):
    """An agreement that was signed, is not known to be in force, and binds or may bind."""

    __tablename__ = "agreement_awaited_entry"
    __table_args__ = (
        Index("ix_agreement_awaited_entry_signed", "timed", "signed_on_last", "agreement_id"),
        Index(
            "ix_agreement_awaited_entry_notified",
            "timed",
            "signed_on_last",
            "agreement_id",
            sqlite_where=text("notified = 1"),
            postgresql_where=text("notified"),
        ),
        {"info": {"history": False}, "sqlite_with_rowid": False},
    )

    agreement_id: Mapped[int] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    timed: Mapped[bool] = mapped_column(comment="it says how long after the notifications")
    notified: Mapped[bool] = mapped_column(comment="a side agreed to be bound")
    signed_on_first: Mapped[date]
    signed_on_last: Mapped[date]


AWAITED = Base.metadata.tables[AwaitedEntry.__tablename__]

_OWN = Agreement.__table__.c
_ACT = Action.__table__.c


def _acted(*kinds: ActionKind) -> ColumnElement[bool]:
    return exists().where(_ACT.agreement_id == _OWN.id, _ACT.kind.in_(kinds))


_awaited = select(
    _OWN.id,
    or_(_OWN.in_force_after_months.is_not(None), _OWN.in_force_after_days.is_not(None)),
    _acted(*CONSENT),
    _OWN.signed_on_first,
    _OWN.signed_on_last,
).where(
    among(_OWN.id),
    _OWN.signed_on_first.is_not(None),
    _OWN.in_force_on_first.is_(None),
    _OWN.ended_on_first.is_(None),
    _OWN.binding != Binding.NON_BINDING,
    ~_acted(ActionKind.ENTERED_INTO_FORCE),
    or_(_OWN.binding == Binding.BINDING, _acted(*CONSENT)),
)


def rows(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Those of these agreements whose entry into force is awaited, as rows of the table."""
    for number, timed, notified, first, last in connection.execute(_awaited, {"ids": ids}).all():
        yield number, bool(timed), bool(notified), first, last


AWAITED_ENTRIES = replaced_rows(
    "awaited",
    "agreement",
    (
        Reads(
            "agreement",
            own("id"),
            columns=(
                "signed_on_first",
                "signed_on_last",
                "in_force_on_first",
                "ended_on_first",
                "binding",
                "in_force_after_months",
                "in_force_after_days",
            ),
        ),
        Reads("action", own("agreement_id"), columns=("agreement_id", "kind")),
    ),
    AWAITED,
    "agreement_id",
    rows,
)

"""Tables of parties and of their bodies."""

from __future__ import annotations

import enum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.dates import PartialDate
from tracker.db import (
    NEVER_REUSE,
    Base,
    Named,
    OtherName,
    Record,
    partial_date,
    span_check,
    text_check,
)
from tracker.text import LINE

CODE = 12


class PartyKind(enum.StrEnum):
    """What a party is."""

    STATE = "state"
    TERRITORY = "territory"
    FORMER_STATE = "former-state"
    ORGANISATION = "organisation"


class Party(Record, Named, Base):
    """A state, dependent territory, former state or international organisation."""

    __tablename__ = "party"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("alpha3"),
        CheckConstraint(f"code = upper(code) AND length(code) BETWEEN 2 AND {CODE}", "code_form"),
        CheckConstraint("alpha3 = upper(alpha3) AND length(alpha3) = 3", "alpha3_form"),
        *text_check(name=LINE, official_name=LINE),
        *span_check("existed_from", "existed_until"),
        CheckConstraint("existed_from_first <= existed_until_last", "existed_in_order"),
        NEVER_REUSE,
    )

    code: Mapped[str] = mapped_column(
        String(CODE), comment="ISO 3166-1 alpha-2 for states of today, a code of our own otherwise"
    )
    alpha3: Mapped[str | None] = mapped_column(String(3), comment="ISO 3166-1 alpha-3")
    official_name: Mapped[str | None] = mapped_column(String(LINE))
    kind: Mapped[PartyKind]
    existed_from: Mapped[PartialDate | None] = partial_date("existed_from")
    existed_until: Mapped[PartialDate | None] = partial_date("existed_until")

    names: Mapped[list[PartyName]] = relationship(
        cascade="all, delete-orphan", order_by="PartyName.position", passive_deletes=True
    )


class PartyName(OtherName, Base):
    """Another name of a party: PERSIA, Soviet Union, an ISO spelling."""

    __tablename__ = "party_name"
    __table_args__ = (UniqueConstraint("party_id", "name"), *text_check(name=LINE))

    party_id: Mapped[int] = mapped_column(ForeignKey("party.id", ondelete="CASCADE"))


class Body(Record, Named, Base):
    """An institution of one party: a ministry, a council, a presidency."""

    __tablename__ = "body"
    __table_args__ = (UniqueConstraint("party_id", "name"), *text_check(name=LINE), NEVER_REUSE)

    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))

    party: Mapped[Party] = relationship()
    names: Mapped[list[BodyName]] = relationship(
        cascade="all, delete-orphan", order_by="BodyName.position", passive_deletes=True
    )


class BodyName(OtherName, Base):
    """Another name of a body."""

    __tablename__ = "body_name"
    __table_args__ = (UniqueConstraint("body_id", "name"), *text_check(name=LINE))

    body_id: Mapped[int] = mapped_column(ForeignKey("body.id", ondelete="CASCADE"))

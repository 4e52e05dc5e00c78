"""Tables of joint commissions, their co-chairs and their hosts in turn."""

from __future__ import annotations

import enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.agreements.models import Agreement, Side
from tracker.commissions.cadence import CadenceUnit, Weekday
from tracker.commissions.rotation import TurnRule
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
from tracker.parties.models import Party
from tracker.people.models import Person
from tracker.text import LINE, PARAGRAPHS


class CommissionKind(enum.StrEnum):
    """What a joint body calls itself."""

    JOINT_COMMISSION = "joint-commission"
    INTERGOVERNMENTAL_COMMISSION = "intergovernmental-commission"
    COMMITTEE = "committee"
    WORKING_GROUP = "working-group"


class CommissionStatus(enum.StrEnum):
    """Whether a commission has been formed and works."""

    FORESEEN = "foreseen"
    ACTIVE = "active"
    DORMANT = "dormant"
    DISSOLVED = "dissolved"


class Commission(Record, Named, Base):
    """A body of two parties that meets in sessions."""

    __tablename__ = "commission"
    __table_args__ = (
        CheckConstraint("side_a_id <> side_b_id", "two_different_sides"),
        CheckConstraint("parent_id <> id", "not_above_itself"),
        Index("ix_commission_status_id", "status", "id"),
        CheckConstraint("cadence_every BETWEEN 1 AND 1200", "cadence_every_positive"),
        CheckConstraint(
            "(cadence_every IS NULL AND cadence_unit IS NULL)"
            " OR (cadence_every IS NOT NULL AND cadence_unit IS NOT NULL)",
            "cadence_whole",
        ),
        CheckConstraint(
            "(cadence_week IS NULL AND cadence_weekday IS NULL)"
            " OR (cadence_week IS NOT NULL AND cadence_weekday IS NOT NULL)",
            "cadence_weekday_whole",
        ),
        CheckConstraint("cadence_week IN (-1, 1, 2, 3, 4)", "cadence_week_range"),
        CheckConstraint("cadence_month BETWEEN 1 AND 12", "cadence_month_range"),
        *text_check(name=LINE, article=LINE, mandate=PARAGRAPHS, note=PARAGRAPHS),
        *span_check("cadence_from", "first_due_on"),
        Index("ix_commission_side_a_id_side_b_id", "side_a_id", "side_b_id"),
        NEVER_REUSE,
    )

    side_a_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    side_b_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    kind: Mapped[CommissionKind]
    status: Mapped[CommissionStatus]
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    article: Mapped[str | None] = mapped_column(
        String(LINE), comment="the article that provides for the commission"
    )
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("commission.id"), index=True)
    mandate: Mapped[str | None] = mapped_column(Text)
    cadence_every: Mapped[int | None] = mapped_column(comment="every so many cadence_unit")
    cadence_unit: Mapped[CadenceUnit | None]
    cadence_week: Mapped[int | None] = mapped_column(comment="1 to 4, or -1 for the last")
    cadence_weekday: Mapped[Weekday | None]
    cadence_month: Mapped[int | None]
    cadence_from: Mapped[PartialDate | None] = partial_date("cadence_from")
    first_due_on: Mapped[PartialDate | None] = partial_date("first_due_on")
    turns: Mapped[TurnRule | None]
    note: Mapped[str | None] = mapped_column(Text)

    side_a: Mapped[Party] = relationship(foreign_keys=[side_a_id])
    side_b: Mapped[Party] = relationship(foreign_keys=[side_b_id])
    agreement: Mapped[Agreement | None] = relationship()
    parent: Mapped[Commission | None] = relationship(remote_side="Commission.id")
    names: Mapped[list[CommissionName]] = relationship(
        cascade="all, delete-orphan", order_by="CommissionName.position", passive_deletes=True
    )
    co_chairs: Mapped[list[CoChair]] = relationship(
        back_populates="commission",
        cascade="all, delete-orphan",
        order_by="CoChair.position",
        passive_deletes=True,
    )
    hosts: Mapped[list[Host]] = relationship(
        back_populates="commission",
        cascade="all, delete-orphan",
        order_by="Host.position",
        passive_deletes=True,
    )


class CommissionName(OtherName, Base):
    """Another name for a commission."""

    __tablename__ = "commission_name"
    __table_args__ = (UniqueConstraint("commission_id", "name"), *text_check(name=LINE))

    commission_id: Mapped[int] = mapped_column(ForeignKey("commission.id", ondelete="CASCADE"))


class CoChair(Base):
    """Who chairs a commission for one side, and from when until when."""

    __tablename__ = "co_chair"
    __table_args__ = (*text_check(capacity=LINE), *span_check("since_on", "until_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(
        ForeignKey("commission.id", ondelete="CASCADE"), index=True
    )
    side: Mapped[Side]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    capacity: Mapped[str | None] = mapped_column(String(LINE))
    since_on: Mapped[PartialDate | None] = partial_date("since_on")
    until_on: Mapped[PartialDate | None] = partial_date("until_on")
    position: Mapped[int]

    commission: Mapped[Commission] = relationship(back_populates="co_chairs")
    person: Mapped[Person] = relationship()

    @property
    def owner(self) -> Commission:
        """The record on whose page this row stands."""
        return self.commission


class Host(Base):
    """A place in the order of hosts: a party and, where known, a city."""

    __tablename__ = "host"
    __table_args__ = (*text_check(city=LINE),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(
        ForeignKey("commission.id", ondelete="CASCADE"), index=True
    )
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    city: Mapped[str | None] = mapped_column(String(LINE))
    position: Mapped[int]

    commission: Mapped[Commission] = relationship(back_populates="hosts")
    party: Mapped[Party] = relationship()

    @property
    def owner(self) -> Commission:
        """The record on whose page this row stands."""
        return self.commission

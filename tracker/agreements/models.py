"""Tables of agreements: the instrument, who signed it, what happened to it, what it is about."""

from __future__ import annotations

import enum
from typing import Protocol

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.agreements.topics import Topic
from tracker.dates import PartialDate
from tracker.db import (
    NEVER_REUSE,
    Base,
    Record,
    index_of_some,
    partial_date,
    span_check,
    text_check,
)
from tracker.expressions import beginning_index, caseless_index
from tracker.parties.models import Body, Party
from tracker.people.models import Person
from tracker.text import LINE, PARAGRAPHS, TITLE

# Behind the orders of lists in their indexes: seen there without a look at the rows themselves.
ASKED_BESIDES = (
    "kind",
    "binding",
    "in_force_on_first",
    "in_force_on_last",
    "ended_on_first",
    "ended_on_last",
)


class Side(enum.StrEnum):
    """One of the two sides of an agreement, commission or meeting."""

    A = "A"
    B = "B"


class AgreementKind(enum.StrEnum):
    """Kinds of instrument after the UN glossary; the title decides, not the binding force."""

    TREATY = "treaty"
    AGREEMENT = "agreement"
    CONVENTION = "convention"
    PROTOCOL = "protocol"
    MEMORANDUM_OF_UNDERSTANDING = "memorandum-of-understanding"
    EXCHANGE_OF_NOTES = "exchange-of-notes"
    JOINT_DOCUMENT = "joint-document"
    JOINT_STATEMENT = "joint-statement"
    ARRANGEMENT = "arrangement"
    PROGRAMME_OF_COOPERATION = "programme-of-cooperation"
    PLAN_OF_ACTION = "plan-of-action"
    LETTER_OF_INTENT = "letter-of-intent"
    MINUTES = "minutes"
    OTHER = "other"


class Binding(enum.StrEnum):
    """Whether the two sides meant to be bound; never derived from the title."""

    BINDING = "binding"
    NON_BINDING = "non-binding"
    UNKNOWN = "unknown"


class EndedHow(enum.StrEnum):
    """How an agreement ended (VCLT art. 54 to 60)."""

    EXPIRED = "expired"
    DENOUNCED = "denounced"
    TERMINATED_BY_AGREEMENT = "terminated-by-agreement"
    SUPERSEDED = "superseded"


class Renewal(enum.StrEnum):
    """What happens at the end of a term."""

    NONE = "none"
    TACIT = "tacit"
    EXPRESS = "express"


class SignatureKind(enum.StrEnum):
    """Forms of authentication (VCLT art. 10 and 12)."""

    SIGNED = "signed"
    INITIALLED = "initialled"
    SIGNED_AD_REFERENDUM = "signed-ad-referendum"


class ActionKind(enum.StrEnum):
    """What can happen to an instrument (VCLT part II and V)."""

    ADOPTED = "adopted"
    INITIALLED = "initialled"
    SIGNED = "signed"
    SIGNED_AD_REFERENDUM = "signed-ad-referendum"
    DOMESTIC_PROCEDURE_NOTIFIED = "domestic-procedure-notified"
    RATIFIED = "ratified"
    APPROVED = "approved"
    PROVISIONALLY_APPLIED = "provisionally-applied"
    PROVISIONAL_APPLICATION_ENDED = "provisional-application-ended"
    ENTERED_INTO_FORCE = "entered-into-force"
    AMENDED = "amended"
    RENEWED = "renewed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    NOTICE_OF_TERMINATION = "notice-of-termination"
    TERMINATED = "terminated"
    DENOUNCED = "denounced"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    REGISTERED = "registered"
    CORRECTED = "corrected"


class RelationKind(enum.StrEnum):
    """How one instrument relates to another (VCLT art. 30 and 39)."""

    AMENDS = "amends"
    IMPLEMENTS = "implements"
    EXTENDS = "extends"
    SUPERSEDES = "supersedes"


class Titled(Protocol):
    """An agreement, however it was read."""

    @property
    def title(self) -> str:
        """Its whole title."""

    @property
    def short_title(self) -> str | None:
        """By which it is known."""


def called(agreement: Titled) -> str:
    """What lists and links call an agreement."""
    return agreement.short_title or agreement.title


class Agreement(Record, Base):
    """An instrument between exactly two parties. Its status follows from its dates and actions."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("side_a_id <> side_b_id", "two_different_sides"),
        CheckConstraint("ended_how IS NULL OR ended_on_first IS NOT NULL", "ended_how_needs_day"),
        CheckConstraint("duration_months BETWEEN 1 AND 12000", "duration_positive"),
        CheckConstraint("renewal_months BETWEEN 1 AND 12000", "renewal_positive"),
        CheckConstraint("notice_months BETWEEN 0 AND 1200", "notice_not_negative"),
        CheckConstraint("notice_days BETWEEN 0 AND 36500", "notice_days_not_negative"),
        CheckConstraint("lead_days BETWEEN 0 AND 3650", "lead_days_not_negative"),
        CheckConstraint("in_force_after_months BETWEEN 0 AND 1200", "in_force_after_months_range"),
        CheckConstraint("in_force_after_days BETWEEN 0 AND 36500", "in_force_after_days_range"),
        CheckConstraint("link LIKE 'http://%' OR link LIKE 'https://%'", "link_scheme"),
        *text_check(
            title=TITLE,
            short_title=LINE,
            designation=LINE,
            signed_city=LINE,
            summary=PARAGRAPHS,
            depositary=LINE,
            registration=LINE,
            reference_list=PARAGRAPHS,
            link=TITLE,
            note=PARAGRAPHS,
        ),
        *span_check("signed_on", "in_force_on", "ended_on", "provisionally_applied_on"),
        Index("ix_agreement_signed", "signed_on_first", "id", *ASKED_BESIDES),
        Index("ix_agreement_kind_signed_on_first_id", "kind", "signed_on_first", "id"),
        *beginning_index("ix_agreement_title", "title", "id", *ASKED_BESIDES),
        *beginning_index("ix_agreement_of_kind_title", "title", "id", before="kind"),
        *caseless_index("ix_agreement_signed_city", "signed_city", "signed_on_first", "id"),
        Index("ix_agreement_signed_country", "signed_country_id", "signed_on_first", "id"),
        Index("ix_agreement_side_a_id_side_b_id", "side_a_id", "side_b_id"),
        Index("ix_agreement_side_b_id_side_a_id", "side_b_id", "side_a_id"),
        Index("ix_agreement_ended_on_last", "ended_on_last"),
        index_of_some(
            "ix_agreement_with_term", "in_force_on_first", where="duration_months IS NOT NULL"
        ),
        NEVER_REUSE,
    )

    title: Mapped[str] = mapped_column(String(TITLE))
    kind: Mapped[AgreementKind]
    side_a_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    side_b_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    signed_on: Mapped[PartialDate | None] = partial_date("signed_on")
    signed_city: Mapped[str | None] = mapped_column(String(LINE))
    signed_country_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    in_force_on: Mapped[PartialDate | None] = partial_date("in_force_on")
    ended_on: Mapped[PartialDate | None] = partial_date("ended_on")
    ended_how: Mapped[EndedHow | None]
    short_title: Mapped[str | None] = mapped_column(String(LINE))
    designation: Mapped[str | None] = mapped_column(
        String(LINE), comment="what the instrument calls itself, as printed"
    )
    binding: Mapped[Binding] = mapped_column(default=Binding.UNKNOWN)
    summary: Mapped[str | None] = mapped_column(Text)
    provisionally_applied_on: Mapped[PartialDate | None] = partial_date("provisionally_applied_on")
    duration_months: Mapped[int | None]
    renewal: Mapped[Renewal | None]
    renewal_months: Mapped[int | None]
    notice_months: Mapped[int | None]
    depositary: Mapped[str | None] = mapped_column(String(LINE))
    registration: Mapped[str | None] = mapped_column(
        String(LINE), comment="number of registration with the UN Secretariat"
    )
    reference_list: Mapped[str | None] = mapped_column(
        Text, comment="series, volume, page; one reference a line"
    )
    link: Mapped[str | None] = mapped_column(String(TITLE))
    note: Mapped[str | None] = mapped_column(Text)
    notice_days: Mapped[int | None]
    lead_days: Mapped[int | None] = mapped_column(
        comment="how long before the last day for notice the users want to be reminded"
    )
    in_force_after_months: Mapped[int | None] = mapped_column(
        comment="entry into force so long after the later of two notifications"
    )
    in_force_after_days: Mapped[int | None]

    side_a: Mapped[Party] = relationship(foreign_keys=[side_a_id])
    side_b: Mapped[Party] = relationship(foreign_keys=[side_b_id])
    signed_country: Mapped[Party | None] = relationship(foreign_keys=[signed_country_id])
    signatures: Mapped[list[Signature]] = relationship(
        back_populates="agreement",
        cascade="all, delete-orphan",
        order_by="Signature.position",
        passive_deletes=True,
    )
    actions: Mapped[list[Action]] = relationship(
        back_populates="agreement",
        cascade="all, delete-orphan",
        order_by="Action.position",
        passive_deletes=True,
    )
    topic_links: Mapped[list[AgreementTopic]] = relationship(
        cascade="all, delete-orphan", order_by="AgreementTopic.position", passive_deletes=True
    )
    languages: Mapped[list[AgreementLanguage]] = relationship(
        cascade="all, delete-orphan", order_by="AgreementLanguage.position", passive_deletes=True
    )
    territories: Mapped[list[AgreementTerritory]] = relationship(
        cascade="all, delete-orphan", order_by="AgreementTerritory.position", passive_deletes=True
    )
    relations: Mapped[list[AgreementRelation]] = relationship(
        back_populates="agreement",
        foreign_keys="AgreementRelation.agreement_id",
        cascade="all, delete-orphan",
        order_by="AgreementRelation.position",
        passive_deletes=True,
    )

    @property
    def name(self) -> str:
        """What lists and links call the agreement."""
        return called(self)


class Signature(Base):
    """One person's signature for one side, in the capacity of that day (VCLT art. 7)."""

    __tablename__ = "signature"
    __table_args__ = (
        UniqueConstraint("agreement_id", "side", "person_id"),
        *text_check(capacity=LINE, city=LINE),
        *span_check("signed_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id", ondelete="CASCADE"))
    side: Mapped[Side]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    capacity: Mapped[str | None] = mapped_column(String(LINE))
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    signed_on: Mapped[PartialDate | None] = partial_date("signed_on")
    city: Mapped[str | None] = mapped_column(String(LINE))
    kind: Mapped[SignatureKind] = mapped_column(default=SignatureKind.SIGNED)
    position: Mapped[int]

    agreement: Mapped[Agreement] = relationship(back_populates="signatures")
    person: Mapped[Person] = relationship()
    body: Mapped[Body | None] = relationship()

    @property
    def owner(self) -> Agreement:
        """The record on whose page this row stands."""
        return self.agreement


class Action(Base):
    """Something that happened to an agreement; a side, or both when side is empty."""

    __tablename__ = "action"
    __table_args__ = (
        Index(
            "ix_action_kind_effective_on_last_agreement_id",
            "kind",
            "effective_on_last",
            "agreement_id",
        ),
        Index("ix_action_kind_done_on_last_agreement_id", "kind", "done_on_last", "agreement_id"),
        *text_check(note=TITLE),
        *span_check("done_on", "effective_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[ActionKind]
    side: Mapped[Side | None]
    done_on: Mapped[PartialDate | None] = partial_date("done_on")
    effective_on: Mapped[PartialDate | None] = partial_date("effective_on")
    note: Mapped[str | None] = mapped_column(String(TITLE))
    position: Mapped[int]

    agreement: Mapped[Agreement] = relationship(back_populates="actions")


class AgreementTopic(Base):
    """An agreement is about a topic."""

    __tablename__ = "agreement_topic"
    __table_args__ = (
        Index("ix_agreement_topic_topic_id_agreement_id", "topic_id", "agreement_id"),
    )

    agreement_id: Mapped[int] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    position: Mapped[int]

    topic: Mapped[Topic] = relationship()
    agreement: Mapped[Agreement] = relationship(overlaps="topic_links")

    @property
    def owner(self) -> Agreement:
        """The record on whose page this row stands."""
        return self.agreement


class AgreementLanguage(Base):
    """A language of an authentic text (VCLT art. 33)."""

    __tablename__ = "agreement_language"

    agreement_id: Mapped[int] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(3), primary_key=True, comment="ISO 639")
    position: Mapped[int]


class AgreementTerritory(Base):
    """A territory to which an agreement extends (VCLT art. 29)."""

    __tablename__ = "agreement_territory"

    agreement_id: Mapped[int] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True
    )
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), primary_key=True, index=True)
    position: Mapped[int]

    party: Mapped[Party] = relationship()
    agreement: Mapped[Agreement] = relationship(overlaps="territories")

    @property
    def owner(self) -> Agreement:
        """The record on whose page this row stands."""
        return self.agreement


class AgreementRelation(Base):
    """An agreement amends, implements, extends or supersedes another one."""

    __tablename__ = "agreement_relation"
    __table_args__ = (CheckConstraint("agreement_id <> other_id", "not_to_itself"),)

    agreement_id: Mapped[int] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[RelationKind] = mapped_column(primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True, index=True)
    position: Mapped[int]

    agreement: Mapped[Agreement] = relationship(
        back_populates="relations", foreign_keys=[agreement_id]
    )
    other: Mapped[Agreement] = relationship(foreign_keys=[other_id])

    @property
    def owner(self) -> Agreement:
        """The record on whose page this row stands."""
        return self.agreement

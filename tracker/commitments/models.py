"""Tables of commitments: what a side promised, and what was observed of it since."""

from __future__ import annotations

import enum
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.agreements.models import Agreement
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
from tracker.meetings.models import Meeting
from tracker.parties.models import Party
from tracker.sources.models import Source
from tracker.text import LINE, PARAGRAPHS, TITLE


class CommitmentKind(enum.StrEnum):
    """In what form something was promised or said."""

    CLAUSE = "clause"
    DECISION = "decision"
    JOINT_TARGET = "joint-target"
    STATEMENT = "statement"


class CommitmentStatus(enum.StrEnum):
    """What became of a commitment, as somebody has recorded it."""

    OPEN = "open"
    MET = "met"
    MISSED = "missed"
    DROPPED = "dropped"
    SUPERSEDED = "superseded"


class MadeBy(enum.StrEnum):
    """Which side is committed: one of the two, or both together."""

    A = "A"
    B = "B"
    BOTH = "both"


class Commitment(Record, Base):
    """What one side or both promised: in an agreement, at a meeting, or outside of both."""

    __tablename__ = "commitment"
    __table_args__ = (
        CheckConstraint(
            "(agreement_id IS NOT NULL AND meeting_id IS NULL"
            " AND side_a_id IS NULL AND side_b_id IS NULL)"
            " OR (meeting_id IS NOT NULL AND agreement_id IS NULL"
            " AND side_a_id IS NULL AND side_b_id IS NULL)"
            " OR (agreement_id IS NULL AND meeting_id IS NULL"
            " AND side_a_id IS NOT NULL AND side_b_id IS NOT NULL AND side_a_id <> side_b_id)",
            "one_origin",
        ),
        CheckConstraint("made_on_first IS NULL OR side_a_id IS NOT NULL", "made_on_without_origin"),
        CheckConstraint("target IS NULL OR unit IS NOT NULL", "target_has_a_unit"),
        CheckConstraint("baseline IS NULL OR unit IS NOT NULL", "baseline_has_a_unit"),
        CheckConstraint(
            "baseline_on_first IS NULL OR baseline IS NOT NULL", "baseline_on_has_a_baseline"
        ),
        CheckConstraint(
            "(superseded_by_id IS NULL AND coalesce(status, '') <> 'superseded')"
            " OR (superseded_by_id IS NOT NULL AND coalesce(status, '') = 'superseded')",
            "superseded_by_another",
        ),
        CheckConstraint("superseded_by_id <> id", "not_by_itself"),
        *text_check(text=PARAGRAPHS, measure=LINE, unit=LINE, note=PARAGRAPHS),
        *span_check("made_on", "due_on", "baseline_on"),
        Index("ix_commitment_due_on_last_id", "due_on_last", "id"),
        index_of_some(
            "ix_commitment_side_a_id_side_b_id",
            "side_a_id",
            "side_b_id",
            where="side_a_id IS NOT NULL",
        ),
        index_of_some("ix_commitment_side_b_id", "side_b_id", where="side_b_id IS NOT NULL"),
        index_of_some("ix_commitment_meeting_id", "meeting_id", where="meeting_id IS NOT NULL"),
        index_of_some(
            "ix_commitment_agreement_id", "agreement_id", where="agreement_id IS NOT NULL"
        ),
        NEVER_REUSE,
    )

    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    side_a_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    side_b_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    own_made_on: Mapped[PartialDate | None] = partial_date("made_on")
    made_by: Mapped[MadeBy]
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[CommitmentKind] = mapped_column(index=True)
    due_on: Mapped[PartialDate | None] = partial_date("due_on")
    measure: Mapped[str | None] = mapped_column(String(LINE), comment="what is measured")
    unit: Mapped[str | None] = mapped_column(
        String(LINE), comment="of the baseline, the target and the values observed"
    )
    baseline: Mapped[Decimal | None]
    baseline_on: Mapped[PartialDate | None] = partial_date("baseline_on")
    target: Mapped[Decimal | None]
    status: Mapped[CommitmentStatus | None] = mapped_column(
        index=True, comment="empty: nothing to keep, as in a remark"
    )
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("commitment.id"), index=True)
    note: Mapped[str | None] = mapped_column(Text)

    agreement: Mapped[Agreement | None] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    own_side_a: Mapped[Party | None] = relationship(foreign_keys=[side_a_id])
    own_side_b: Mapped[Party | None] = relationship(foreign_keys=[side_b_id])
    superseded_by: Mapped[Commitment | None] = relationship(
        back_populates="supersedes", remote_side="Commitment.id"
    )
    supersedes: Mapped[list[Commitment]] = relationship(
        back_populates="superseded_by", order_by="Commitment.id", passive_deletes="all"
    )
    observations: Mapped[list[Observation]] = relationship(
        back_populates="commitment",
        cascade="all, delete-orphan",
        order_by="Observation.position",
        passive_deletes=True,
    )

    @property
    def origin(self) -> Agreement | Meeting | None:
        """Where it was made: an agreement, a meeting, or neither."""
        return self.agreement or self.meeting

    @property
    def side_a(self) -> Party:
        """The first of the two parties: the origin's, or the commitment's own."""
        return self._side("side_a")

    @property
    def side_b(self) -> Party:
        """The second of the two parties."""
        return self._side("side_b")

    def _side(self, name: str) -> Party:
        side = getattr(self.origin, name) if self.origin else getattr(self, f"own_{name}")
        assert isinstance(side, Party)
        return side

    @property
    def made_on(self) -> PartialDate | None:
        """When it was made: the day of the signature or of the meeting, or the day of its own."""
        if self.agreement is not None:
            return self.agreement.signed_on
        return self.meeting.begins_on if self.meeting is not None else self.own_made_on


class Observation(Base):
    """What was found on a day: a number in the commitment's unit, or a word."""

    __tablename__ = "observation"
    __table_args__ = (
        CheckConstraint("on_first IS NOT NULL", "has_a_date"),
        CheckConstraint(
            "(value IS NULL AND word IS NOT NULL) OR (value IS NOT NULL AND word IS NULL)",
            "number_or_word",
        ),
        *text_check(word=TITLE, note=TITLE, locator=LINE),
        *span_check("on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(
        ForeignKey("commitment.id", ondelete="CASCADE"), index=True
    )
    on: Mapped[PartialDate | None] = partial_date("on")
    value: Mapped[Decimal | None]
    word: Mapped[str | None] = mapped_column(String(TITLE))
    note: Mapped[str | None] = mapped_column(String(TITLE))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), index=True)
    locator: Mapped[str | None] = mapped_column(
        String(LINE), comment="where in the source: paragraph, page, article"
    )
    position: Mapped[int]

    commitment: Mapped[Commitment] = relationship(back_populates="observations")
    source: Mapped[Source | None] = relationship()

    @property
    def owner(self) -> Commitment:
        """The record on whose page this row stands."""
        return self.commitment

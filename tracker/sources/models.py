"""Tables of sources and of the citations that tie them to facts."""

from __future__ import annotations

import enum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.dates import PartialDate
from tracker.db import NEVER_REUSE, Base, Record, partial_date, span_check, text_check
from tracker.text import LINE, PARAGRAPHS, TITLE

CITED = ("party", "body", "person", "agreement", "commission", "meeting", "commitment")


class SourceKind(enum.StrEnum):
    """What kind of document a source is."""

    OFFICIAL_TEXT = "official-text"
    GAZETTE = "gazette"
    PRESS_RELEASE = "press-release"
    NEWS_ARTICLE = "news-article"
    SOCIAL_MEDIA_POST = "social-media-post"
    MINUTES = "minutes"


class Basis(enum.StrEnum):
    """Whether a source says a fact, or whether it follows from what the source says."""

    STATED = "stated"
    INFERRED = "inferred"


class Source(Record, Base):
    """A document that attests facts."""

    __tablename__ = "source"
    __table_args__ = (
        *text_check(
            title=TITLE, publisher=LINE, author=LINE, link=TITLE, reporting=LINE, note=PARAGRAPHS
        ),
        CheckConstraint("link LIKE 'http://%' OR link LIKE 'https://%'", "link_scheme"),
        *span_check("published_on"),
        NEVER_REUSE,
    )

    title: Mapped[str] = mapped_column(String(TITLE), index=True)
    kind: Mapped[SourceKind]
    publisher: Mapped[str | None] = mapped_column(String(LINE))
    author: Mapped[str | None] = mapped_column(String(LINE))
    published_on: Mapped[PartialDate | None] = partial_date("published_on", index=True)
    link: Mapped[str | None] = mapped_column(String(TITLE))
    language: Mapped[str | None] = mapped_column(String(3), comment="ISO 639")
    reporting: Mapped[str | None] = mapped_column(
        String(LINE), comment="whose report this source passes on"
    )
    note: Mapped[str | None] = mapped_column(Text)


class Citation(Record, Base):
    """Which source attests which record and which of its fields, where, and on what basis."""

    __tablename__ = "citation"
    __table_args__ = (
        CheckConstraint(
            " + ".join(f"(CASE WHEN {name}_id IS NULL THEN 0 ELSE 1 END)" for name in CITED)
            + " = 1",
            "one_record",
        ),
        CheckConstraint("basis <> 'inferred' OR reasoning IS NOT NULL", "inferred_has_reasoning"),
        *text_check(locator=LINE, says=TITLE, reasoning=PARAGRAPHS),
        NEVER_REUSE,
    )

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    party_id: Mapped[int | None] = mapped_column(
        ForeignKey("party.id", ondelete="CASCADE"), index=True
    )
    body_id: Mapped[int | None] = mapped_column(
        ForeignKey("body.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    agreement_id: Mapped[int | None] = mapped_column(
        ForeignKey("agreement.id", ondelete="CASCADE"), index=True
    )
    commission_id: Mapped[int | None] = mapped_column(
        ForeignKey("commission.id", ondelete="CASCADE"), index=True
    )
    meeting_id: Mapped[int | None] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), index=True
    )
    commitment_id: Mapped[int | None] = mapped_column(
        ForeignKey("commitment.id", ondelete="CASCADE"), index=True
    )
    fields: Mapped[str] = mapped_column(
        String(TITLE), default="", comment="names of the attested columns, ;-parted; empty = all"
    )
    locator: Mapped[str | None] = mapped_column(
        String(LINE), comment="where in the source: paragraph, page, article"
    )
    basis: Mapped[Basis]
    says: Mapped[str | None] = mapped_column(
        String(TITLE), comment="what the source says where it differs from the record"
    )
    reasoning: Mapped[str | None] = mapped_column(
        Text, comment="how it was inferred, or why another source is preferred"
    )

    source: Mapped[Source] = relationship()

    @property
    def record(self) -> str:
        """Which kind of record is attested: one of CITED."""
        return next(name for name in CITED if getattr(self, f"{name}_id") is not None)

    @property
    def record_id(self) -> int:
        """The id of the attested record."""
        return int(getattr(self, f"{self.record}_id"))

    @property
    def field_names(self) -> tuple[str, ...]:
        """The attested columns; none means the record as a whole."""
        return tuple(self.fields.split(";")) if self.fields else ()

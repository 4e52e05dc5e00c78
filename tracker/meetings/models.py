"""Tables of meetings: sessions of commissions, and meetings of two parties without one."""

from __future__ import annotations

import enum
from datetime import date

from sqlalchemy import (
    CheckConstraint,
    Computed,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    inspect,
    text,
)
from sqlalchemy.orm import Mapped, MappedColumn, Session, mapped_column, relationship

from tracker.agreements.models import Side
from tracker.commissions.models import Commission
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
from tracker.meetings.sequence import MeetingStatus
from tracker.meetings.standing import Act, Standing, standing
from tracker.parties.models import Party
from tracker.people.models import Person
from tracker.text import LINE, PARAGRAPHS, TITLE


class MeetingKind(enum.StrEnum):
    """Sessions belong to a commission; the others are meetings of two parties."""

    SESSION = "session"
    HIGH_LEVEL_MEETING = "high-level-meeting"
    VISIT = "visit"
    CONSULTATIONS = "consultations"


class MeetingFormat(enum.StrEnum):
    """How the participants meet."""

    IN_PERSON = "in-person"
    ONLINE = "online"
    HYBRID = "hybrid"


class Role(enum.StrEnum):
    """In what role a person takes part."""

    CO_CHAIR = "co-chair"
    PARTICIPANT = "participant"


class ItemState(enum.StrEnum):
    """What has become of an action item; one that is open is carried to the next session."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


OPEN = "{} IN ('planned', 'confirmed')"
UNDATED = "begins_on_last IS NULL AND ends_on_last IS NULL"


def _part(name: str, *columns: str, where: str) -> Index:
    """An index of a part of the list; `{}` is the status, as `expressions.unindexed` writes it."""
    sqlite, postgresql = (text(where.format(status)) for status in ("(status || '')", "status"))
    return Index(name, *columns, sqlite_where=sqlite, postgresql_where=postgresql)


def _worked_out(comment: str, *columns: str) -> MappedColumn[date | None]:
    """A day that the database itself works out: the first of some columns that is known."""
    known = Computed(f"coalesce({', '.join(columns)})")
    return mapped_column(Date, known, nullable=True, deferred=True, sort_order=98, comment=comment)


class Meeting(Record, Base):
    """A session of a commission, or another meeting of two parties."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("commission_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 100000", "number_positive"),
        CheckConstraint("due_from <= due_to", "due_in_order"),
        CheckConstraint("begins_on_first <= ends_on_last", "ends_not_before_it_begins"),
        CheckConstraint("status <> 'held' OR begins_on_first IS NOT NULL", "held_has_a_date"),
        CheckConstraint(
            "(kind = 'session' AND commission_id IS NOT NULL"
            " AND side_a_id IS NULL AND side_b_id IS NULL)"
            " OR (kind <> 'session' AND commission_id IS NULL AND number IS NULL"
            " AND side_a_id IS NOT NULL AND side_b_id IS NOT NULL AND side_a_id <> side_b_id)",
            "commission_or_two_sides",
        ),
        *text_check(city=LINE, title=TITLE, outcome=PARAGRAPHS, minutes=TITLE, note=PARAGRAPHS),
        *span_check("begins_on", "ends_on"),
        Index("ix_meeting_begins_on_first_id", "begins_on_first", "id"),
        Index("ix_meeting_due_to_id", "due_to", "id"),
        index_of_some("ix_meeting_titled", "id", where="title IS NOT NULL"),
        # Sessions have no sides of their own, and would be most of the rows of a whole index.
        index_of_some(
            "ix_meeting_side_a_id_side_b_id",
            "side_a_id",
            "side_b_id",
            where="side_a_id IS NOT NULL",
        ),
        index_of_some("ix_meeting_side_b_id", "side_b_id", where="side_b_id IS NOT NULL"),
        # What the list counts, and one index for each of its parts: see `queries.by_section`.
        Index("ix_meeting_opens_on_id", "opens_on", "id"),
        Index("ix_meeting_closes_on_id", "closes_on", "id"),
        _part("ix_meeting_open", "closes_on", "id", "status", where=OPEN),
        _part(
            "ix_meeting_open_undated",
            "due_to",
            "id",
            where=f"{OPEN} AND {UNDATED}",
        ),
        _part("ix_meeting_postponed", "closes_on", "id", "status", where="{} = 'postponed'"),
        _part("ix_meeting_held", "opens_on", "id", "status", where="{} = 'held'"),
        _part("ix_meeting_held_until", "closes_on", "id", "status", where="{} = 'held'"),
        _part("ix_meeting_cancelled", "placed_on", "id", "status", where="{} = 'cancelled'"),
        NEVER_REUSE,
    )

    commission_id: Mapped[int | None] = mapped_column(ForeignKey("commission.id"))
    number: Mapped[int | None]
    due_from: Mapped[date | None]
    due_to: Mapped[date | None]
    begins_on: Mapped[PartialDate | None] = partial_date("begins_on")
    ends_on: Mapped[PartialDate | None] = partial_date("ends_on")
    status: Mapped[MeetingStatus] = mapped_column(index=True, active_history=True)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    city: Mapped[str | None] = mapped_column(String(LINE))
    kind: Mapped[MeetingKind]
    side_a_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    side_b_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    title: Mapped[str | None] = mapped_column(String(TITLE))
    extraordinary: Mapped[bool] = mapped_column(default=False)
    format: Mapped[MeetingFormat | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    minutes: Mapped[str | None] = mapped_column(
        String(TITLE), comment="reference of the agreed minutes"
    )
    note: Mapped[str | None] = mapped_column(Text)

    opens_on: Mapped[date | None] = _worked_out(
        "the first day on which it can take place", "begins_on_first", "due_from", "due_to"
    )
    closes_on: Mapped[date | None] = _worked_out(
        "the last day on which it can take place", "ends_on_last", "begins_on_last", "due_to"
    )
    placed_on: Mapped[date | None] = _worked_out(
        "the first day on which it takes place, else by which it is due",
        "begins_on_first",
        "due_to",
    )

    decisions: Mapped[list[Decision]] = relationship(
        back_populates="meeting",
        cascade="all, delete-orphan",
        order_by="Decision.position",
        passive_deletes=True,
    )
    action_items: Mapped[list[ActionItem]] = relationship(
        back_populates="meeting",
        cascade="all, delete-orphan",
        order_by="ActionItem.position",
        passive_deletes=True,
    )
    commission: Mapped[Commission | None] = relationship()
    host: Mapped[Party | None] = relationship(foreign_keys=[host_id])
    own_side_a: Mapped[Party | None] = relationship(foreign_keys=[side_a_id])
    own_side_b: Mapped[Party | None] = relationship(foreign_keys=[side_b_id])
    participants: Mapped[list[Participation]] = relationship(
        back_populates="meeting",
        cascade="all, delete-orphan",
        order_by="Participation.position",
        passive_deletes=True,
    )
    acts: Mapped[list[MeetingAct]] = relationship(
        back_populates="meeting",
        cascade="all, delete-orphan",
        order_by="MeetingAct.position",
        passive_deletes=True,
    )

    @property
    def side_a(self) -> Party:
        """The first of the two parties that meet: the commission's, or the meeting's own."""
        return self._side("side_a", self.own_side_a)

    @property
    def side_b(self) -> Party:
        """The second of the two parties that meet."""
        return self._side("side_b", self.own_side_b)

    def stood_on(self, day: date) -> Standing:
        """How it stood on a day; `standing.py` has the rule."""
        return standing(
            Standing(self.status, self.begins_on, self.ends_on),
            [act.as_done for act in self.acts],
            day,
        )

    def _side(self, name: str, own: Party | None) -> Party:
        side = own if self.commission is None else getattr(self.commission, name)
        assert isinstance(side, Party)
        return side


class Participation(Base):
    """A person takes part in a meeting for one side."""

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("meeting_id", "side", "person_id"),
        *text_check(capacity=LINE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    side: Mapped[Side]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    capacity: Mapped[str | None] = mapped_column(String(LINE))
    role: Mapped[Role] = mapped_column(default=Role.PARTICIPANT)
    position: Mapped[int]

    meeting: Mapped[Meeting] = relationship(back_populates="participants")
    person: Mapped[Person] = relationship()

    @property
    def owner(self) -> Meeting:
        """The record on whose page this row stands."""
        return self.meeting


class MeetingAct(Base):
    """An explicit act on a meeting: when it was planned, confirmed, held, postponed, cancelled."""

    __tablename__ = "meeting_act"
    __table_args__ = (
        *text_check(note=TITLE),
        *span_check("done_on", "new_date"),
        Index("ix_meeting_act_done_on_first", "done_on_first"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[MeetingStatus]
    done_on: Mapped[PartialDate | None] = partial_date("done_on")
    new_date: Mapped[PartialDate | None] = partial_date("new_date")
    note: Mapped[str | None] = mapped_column(String(TITLE))
    position: Mapped[int]

    meeting: Mapped[Meeting] = relationship(back_populates="acts")

    @property
    def as_done(self) -> Act:
        """The act as the rule of how a meeting stood takes it."""
        return Act(self.kind, self.done_on, self.new_date)


@event.listens_for(Session, "before_flush")
def _keep_acts(session: Session, *_context: object) -> None:
    """A status that a form or a file changed has its act, too; nobody said when it was done.

    That a meeting was held says it by itself: on its last day.
    """
    for meeting in session.dirty:
        if not isinstance(meeting, Meeting) or not inspect(meeting).attrs.status.history.deleted:
            continue
        acts = meeting.acts
        if acts and acts[-1].kind == meeting.status:
            continue
        held = meeting.status == MeetingStatus.HELD
        done_on = (meeting.ends_on or meeting.begins_on) if held else None
        position = acts[-1].position + 1 if acts else 0
        acts.append(MeetingAct(kind=meeting.status, done_on=done_on, position=position))


class Decision(Base):
    """Something that a meeting decided."""

    __tablename__ = "decision"
    __table_args__ = (*text_check(text=TITLE, reference=LINE),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(String(TITLE))
    reference: Mapped[str | None] = mapped_column(
        String(LINE), comment="where in the agreed minutes: paragraph, page"
    )
    position: Mapped[int]

    meeting: Mapped[Meeting] = relationship(back_populates="decisions")


class ActionItem(Base):
    """What somebody is to do after a meeting, and until when."""

    __tablename__ = "action_item"
    __table_args__ = (
        CheckConstraint("side IS NOT NULL OR person_id IS NOT NULL", "somebody"),
        CheckConstraint("done_on_first IS NULL OR state <> 'open'", "closed_when_dated"),
        *text_check(text=TITLE, note=TITLE),
        *span_check("due_on", "done_on"),
        NEVER_REUSE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(String(TITLE))
    side: Mapped[Side | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    due_on: Mapped[PartialDate | None] = partial_date("due_on")
    state: Mapped[ItemState] = mapped_column(default=ItemState.OPEN)
    done_on: Mapped[PartialDate | None] = partial_date("done_on")
    note: Mapped[str | None] = mapped_column(String(TITLE))
    position: Mapped[int]

    meeting: Mapped[Meeting] = relationship(back_populates="action_items")
    person: Mapped[Person | None] = relationship()

    @property
    def owner(self) -> Meeting:
        """The record on whose page this row stands."""
        return self.meeting

"""Candidates for what needs attention, narrowed in SQL.

Each kind costs the same few queries, however many candidates there are: what belongs to them is
loaded by a subquery, and not in portions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload, subqueryload

from tracker.agreements.awaited import AWAITED, CONSENT
from tracker.agreements.due_days import Deadline
from tracker.agreements.models import Action, ActionKind, Agreement
from tracker.agreements.rules import END_KINDS, NOTICES
from tracker.agreements.statuses import status_on_day
from tracker.agreements.term_due import ALIVE, TERM_DUE
from tracker.commissions.models import Commission, CommissionStatus, Host
from tracker.commitments.models import Commitment, CommitmentStatus
from tracker.commitments.queries import of_party
from tracker.commitments.table import ORIGIN
from tracker.dates import PartialDate
from tracker.db import first_day, last_day
from tracker.expressions import unindexed
from tracker.meetings.models import Meeting, MeetingAct
from tracker.meetings.queries import IS_OPEN, final_day, in_status, with_sides
from tracker.meetings.rules import OPEN
from tracker.meetings.sequence import MeetingStatus
from tracker.overview.due import Asked
from tracker.parties.models import Party
from tracker.parties.queries import with_party

Chosen = TypeVar("Chosen", bound=tuple[Any, ...])
# How a meeting stands that is still to take place.
STANDING = (*OPEN, MeetingStatus.POSTPONED)


def _sides(model: Any, party: Party) -> ColumnElement[bool]:
    return or_(model.side_a_id == party.id, model.side_b_id == party.id)


def meetings_in_question(asked: Asked) -> Select[tuple[Meeting]]:
    """Meetings that are open or postponed, or were so on the day that is asked about."""
    within = and_(Meeting.status.in_(STANDING), final_day().between(asked.first, asked.last))
    return meetings_of(asked).where(or_(within, Meeting.id.in_(stood_otherwise(asked))))


def meetings_of(asked: Asked, *, few: bool = False) -> Select[tuple[Meeting]]:
    """The meetings of a party or a commission, or all, with what a line says of one."""
    acts = selectinload(Meeting.acts) if few else subqueryload(Meeting.acts)
    query = (
        select(Meeting)
        .options(
            joinedload(Meeting.commission).joinedload(Commission.side_a),
            joinedload(Meeting.commission).joinedload(Commission.side_b),
            joinedload(Meeting.own_side_a),
            joinedload(Meeting.own_side_b),
            joinedload(Meeting.host),
            acts,
        )
        .order_by(func.coalesce(final_day(), Meeting.due_to).nulls_last(), Meeting.id)
    )
    return _meetings_asked_for(query, asked)


def _meetings_asked_for(query: Select[Chosen], asked: Asked) -> Select[Chosen]:
    if asked.party is not None:
        number = asked.party.id
        query = query.where(Meeting.id.in_(with_sides(lambda record: with_party(record, number))))
    if asked.commission is not None:
        query = query.where(Meeting.commission_id == asked.commission.id)
    return query


def plain_meetings(numbers: Collection[int]) -> Select[Any]:
    """What a line says of these meetings, as plain columns; its parties by their ids."""
    own, commission = Meeting.__table__.c, Commission.__table__.c
    return (
        select(
            Meeting.id,
            Meeting.number,
            Meeting.title,
            Meeting.status,
            Meeting.city,
            Meeting.due_to,
            own.begins_on_first,
            own.begins_on_last,
            own.ends_on_first,
            own.ends_on_last,
            own.host_id,
            func.coalesce(commission.side_a_id, own.side_a_id).label("a_id"),
            func.coalesce(commission.side_b_id, own.side_b_id).label("b_id"),
            commission.name.label("commission"),
            commission.status.label("commission_status"),
        )
        .outerjoin(commission.id.table, commission.id == own.commission_id)
        .where(Meeting.id.in_(numbers))
    )


def stood_otherwise(asked: Asked) -> CompoundSelect[tuple[int]]:
    """Meetings of which the rule has to say how they stood on the day, or on which day.

    Acts or a session after the day changed them since; or they were put off to no new day.
    """
    return union_all(
        select(MeetingAct.meeting_id).where(first_day(MeetingAct.done_on) > asked.today),
        select(Meeting.id).where(in_status(MeetingStatus.HELD), Meeting.opens_on > asked.today),
        select(Meeting.id).where(in_status(MeetingStatus.POSTPONED), final_day().is_(None)),
    )


def standing_between(
    asked: Asked, first: date, last: date, without: Collection[int]
) -> list[Select[tuple[int]]]:
    """The numbers of meetings that are to take place by a day of a span, by how they stand."""
    query = select(Meeting.id).where(final_day().between(first, last))
    if without:
        query = query.where(Meeting.id.not_in(without))
    query = _meetings_asked_for(query, asked)
    return [query.where(IS_OPEN), query.where(in_status(MeetingStatus.POSTPONED))]


def first_standing(found: Iterable[Select[tuple[int]]], most: int) -> Select[tuple[int]]:
    """The first of these, as the list orders them: by their last days, then by their keys."""
    order = (final_day(), cast(Meeting.id, String))
    each = union_all(
        *(
            select(
                part.add_columns(final_day().label("day")).order_by(*order).limit(most).subquery()
            )
            for part in found
        )
    ).subquery()
    return select(each.c.id).order_by(each.c.day, cast(each.c.id, String)).limit(most)


def foreseen_without_session(asked: Asked) -> Select[tuple[Commission]]:
    """Foreseen commissions that say by when they were to meet first, and have no session."""
    query = (
        select(Commission)
        .where(
            Commission.status == CommissionStatus.FORESEEN,
            first_day(Commission.first_due_on).is_not(None),
            ~exists().where(Meeting.commission_id == Commission.id),
        )
        .options(
            joinedload(Commission.side_a),
            joinedload(Commission.side_b),
            joinedload(Commission.agreement),
            subqueryload(Commission.hosts).joinedload(Host.party),
        )
        .order_by(last_day(Commission.first_due_on), Commission.id)
    )
    if asked.party is not None:
        query = query.where(_sides(Commission, asked.party))
    if asked.commission is not None:
        query = query.where(Commission.id == asked.commission.id)
    return query


# What a line says of its agreement; read as plain columns, since there can be thousands.
_LINE = (
    Agreement.id,
    Agreement.title,
    Agreement.short_title,
    Agreement.side_a_id,
    Agreement.side_b_id,
)


def with_terms(asked: Asked) -> Select[Any]:
    """What agreements that are in force or rest on a day say of their terms: entry and clause."""
    query = select(
        *_LINE,
        first_day(Agreement.in_force_on).label("first"),
        last_day(Agreement.in_force_on).label("last"),
        Agreement.duration_months,
        Agreement.renewal,
        Agreement.renewal_months,
        Agreement.notice_months,
        Agreement.notice_days,
        Agreement.lead_days,
    ).where(
        Agreement.duration_months.is_not(None),
        first_day(Agreement.in_force_on) <= asked.today,
        status_on_day(asked.today).in_(ALIVE),
    )
    return _asked_for(query, asked)


def renewals(asked: Asked) -> Select[tuple[int]]:
    """The agreement of each renewal that is on record by a day."""
    done = func.coalesce(first_day(Action.effective_on), first_day(Action.done_on))
    return select(Action.agreement_id).where(
        Action.kind == ActionKind.RENEWED, or_(done.is_(None), done <= asked.today)
    )


def ending(asked: Asked) -> Select[tuple[Agreement]]:
    """Agreements of which the record states an end to come, up to the span's last day."""
    which = union_all(
        select(Agreement.id).where(
            last_day(Agreement.ended_on) >= asked.today, first_day(Agreement.ended_on) <= asked.last
        ),
        _ended_by(asked, Action.effective_on),
        _ended_by(asked, Action.done_on).where(first_day(Action.effective_on).is_(None)),
    )
    query = (
        select(Agreement)
        .where(Agreement.id.in_(which))
        .options(subqueryload(Agreement.actions), subqueryload(Agreement.signatures))
        .order_by(Agreement.id)
    )
    return _asked_for(query, asked)


def _ended_by(asked: Asked, on: InstrumentedAttribute[PartialDate | None]) -> Select[tuple[int]]:
    """What ends on one of the two days of an action; each of them has an index with the kind."""
    return select(Action.agreement_id).where(
        Action.kind.in_((*END_KINDS, *NOTICES)),
        last_day(on) >= asked.today,
        first_day(on) <= asked.last,
    )


def awaiting_entry(asked: Asked) -> Select[Any]:
    """Agreements signed by a day that bind, or that a side agreed to be bound by, and wait."""
    query = (
        select(
            *_LINE,
            first_day(Agreement.signed_on).label("first"),
            last_day(Agreement.signed_on).label("last"),
            Agreement.in_force_after_months,
            Agreement.in_force_after_days,
        )
        .join(AWAITED, AWAITED.c.agreement_id == Agreement.id)
        .where(AWAITED.c.signed_on_first <= asked.today)
    )
    return _asked_for(query, asked)


def waiting_entries(asked: Asked, which: ColumnElement[bool]) -> Select[tuple[int]]:
    """The numbers of some of these, to be counted."""
    query = select(AWAITED.c.agreement_id).where(AWAITED.c.signed_on_first <= asked.today, which)
    if asked.party is not None or asked.commission is not None:
        query = query.join(Agreement, Agreement.id == AWAITED.c.agreement_id)
    return _asked_for(query, asked)


def old_entries(day: date) -> ColumnElement[bool]:
    """What was signed before a day and enters into force by no day that follows from anything."""
    return and_(~AWAITED.c.timed, AWAITED.c.signed_on_last < day)


def younger_entries(day: date) -> list[Select[tuple[int]]]:
    """The others of which something can be said: a day follows, or a side has notified."""
    number = select(AWAITED.c.agreement_id)
    return [
        number.where(AWAITED.c.timed),
        number.where(~AWAITED.c.timed, AWAITED.c.signed_on_last >= day, AWAITED.c.notified),
    ]


def consents(asked: Asked) -> Select[Any]:
    """What the sides of agreements that wait notified by the day: kind, side, when."""
    first = func.coalesce(first_day(Action.done_on), first_day(Action.effective_on))
    last = func.coalesce(last_day(Action.done_on), last_day(Action.effective_on))
    return (
        select(
            Action.agreement_id,
            Action.kind,
            Action.side,
            first.label("first"),
            last.label("last"),
        )
        .join(AWAITED, AWAITED.c.agreement_id == Action.agreement_id)
        .where(
            AWAITED.c.notified,
            Action.kind.in_(CONSENT),
            or_(first.is_(None), first <= asked.today),
        )
        .order_by(Action.agreement_id, Action.position)
    )


# A date that is known by its year alone lies no further apart.
FURTHEST = timedelta(days=400)


def kept_deadlines(asked: Asked, what: Deadline, without: Collection[int]) -> list[Select[Any]]:
    """What terms make fall due up to the span's last day: agreement, kind of deadline, day.

    As of a day of `term_due.KEPT`, but for agreements of some numbers. In parts, for each of which
    there is an index: what is to come, what has possibly passed, and what shows for its reminder.
    """
    due = TERM_DUE.c
    known = select(due.agreement_id, due.kind, due.due_first.label("day")).where(
        due.known_first <= asked.today, due.known_last >= asked.today
    )
    if asked.party is not None or asked.commission is not None:
        known = _asked_for(known.join(Agreement, Agreement.id == due.agreement_id), asked)
    if without:
        known = known.where(due.agreement_id.not_in(without))
    # So that SQLite takes the indexes of few rows for the other parts; it cannot know that they are
    # few as long as there are none.
    of_kind = unindexed(due.kind) == what.value
    begun = known.where(
        of_kind,
        due.due_first < due.due_last,
        due.due_first < asked.today,
        due.due_first > asked.today - FURTHEST,
    )
    reminded = known.where(
        of_kind,
        due.remind_on.is_not(None),
        due.due_first > asked.last,
        due.remind_on <= asked.last,
    )
    to_come = known.where(due.kind == what.value, due.due_first.between(asked.today, asked.last))
    return [to_come, begun, *([reminded] if what is Deadline.NOTICE else [])]


def first_deadlines(found: Iterable[Sequence[Select[Any]]], most: int) -> CompoundSelect[Any]:
    """The first of each part of some deadlines, as the list orders them: by their keys."""

    def few(part: Select[Any]) -> Select[Any]:
        due = TERM_DUE.c
        order = (due.due_first, cast(due.agreement_id, String))
        return select(part.order_by(*order).limit(most).subquery())

    return union_all(*(few(part) for parts in found for part in parts))


def _asked_for(query: Select[Chosen], asked: Asked) -> Select[Chosen]:
    if asked.party is not None:
        query = query.where(_sides(Agreement, asked.party))
    if asked.commission is not None:
        query = query.where(Agreement.id == asked.commission.agreement_id)
    return query


def open_commitments(asked: Asked) -> Select[tuple[Commitment]]:
    """Open commitments that are to be kept by a day of the span."""
    query = (
        select(Commitment)
        .where(
            Commitment.status == CommitmentStatus.OPEN,
            last_day(Commitment.due_on).between(asked.first, asked.last),
        )
        .options(*ORIGIN, subqueryload(Commitment.observations))
        .order_by(last_day(Commitment.due_on), Commitment.id)
    )
    if asked.party is not None:
        query = query.where(of_party(asked.party.id))
    if asked.commission is not None:
        sessions = select(Meeting.id).where(Meeting.commission_id == asked.commission.id)
        query = query.where(Commitment.meeting_id.in_(sessions))
    return query

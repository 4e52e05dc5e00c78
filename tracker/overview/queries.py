"""Candidates for what needs attention, narrowed in SQL.

Each kind costs the same few queries, however many candidates there are: what belongs to them is
loaded by a subquery, and not in portions.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload, subqueryload

from tracker.agreements.models import Action, ActionKind, Agreement, Binding
from tracker.agreements.rules import END_KINDS, NOTICES, AgreementStatus
from tracker.agreements.statuses import status_on_day
from tracker.commissions.models import Commission, CommissionStatus, Host
from tracker.commitments.models import Commitment, CommitmentStatus
from tracker.commitments.queries import of_party
from tracker.commitments.table import ORIGIN
from tracker.dates import PartialDate
from tracker.db import first_day, last_day
from tracker.meetings.models import Meeting
from tracker.meetings.queries import final_day
from tracker.meetings.rules import OPEN
from tracker.meetings.sequence import MeetingStatus
from tracker.overview.due import Asked
from tracker.parties.models import Party

# Kinds of action that say that a side, or both, agreed to be bound.
CONSENT = (
    ActionKind.DOMESTIC_PROCEDURE_NOTIFIED,
    ActionKind.RATIFIED,
    ActionKind.APPROVED,
)


def _sides(model: Any, party: Party) -> ColumnElement[bool]:
    return or_(model.side_a_id == party.id, model.side_b_id == party.id)


def meetings_in_question(asked: Asked) -> Select[tuple[Meeting]]:
    """Meetings that are open or postponed, or were held after the day that is asked about."""
    held_later = and_(
        Meeting.status == MeetingStatus.HELD, first_day(Meeting.begins_on) > asked.today
    )
    # Acts can have moved a meeting since: where there are any, the rule looks at the days itself.
    acted = Meeting.acts.any()
    waiting = and_(
        Meeting.status.in_((*OPEN, MeetingStatus.POSTPONED)),
        or_(final_day().between(asked.first, asked.last), acted),
    )
    cancelled_later = and_(Meeting.status == MeetingStatus.CANCELLED, acted)
    query = (
        select(Meeting)
        .where(or_(waiting, held_later, cancelled_later))
        .options(
            joinedload(Meeting.commission).joinedload(Commission.side_a),
            joinedload(Meeting.commission).joinedload(Commission.side_b),
            joinedload(Meeting.own_side_a),
            joinedload(Meeting.own_side_b),
            joinedload(Meeting.host),
            subqueryload(Meeting.acts),
        )
        .order_by(func.coalesce(final_day(), Meeting.due_to).nulls_last(), Meeting.id)
    )
    if asked.party is not None:
        sessions = select(Commission.id).where(_sides(Commission, asked.party))
        query = query.where(or_(_sides(Meeting, asked.party), Meeting.commission_id.in_(sessions)))
    if asked.commission is not None:
        query = query.where(Meeting.commission_id == asked.commission.id)
    return query


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
    alive = (AgreementStatus.IN_FORCE.value, AgreementStatus.SUSPENDED.value)
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
        status_on_day(asked.today).in_(alive),
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
    query = select(
        *_LINE,
        first_day(Agreement.signed_on).label("first"),
        last_day(Agreement.signed_on).label("last"),
        Agreement.in_force_after_months,
        Agreement.in_force_after_days,
    ).where(*_waits(asked), Agreement.id.in_(_bound(asked)))
    return _asked_for(query.order_by(first_day(Agreement.signed_on).desc(), Agreement.id), asked)


def consents(asked: Asked) -> Select[Any]:
    """What the sides of these agreements notified by the day: kind, side, when."""
    first = func.coalesce(first_day(Action.done_on), first_day(Action.effective_on))
    last = func.coalesce(last_day(Action.done_on), last_day(Action.effective_on))
    query = (
        select(
            Action.agreement_id,
            Action.kind,
            Action.side,
            first.label("first"),
            last.label("last"),
        )
        .join(Agreement, Action.agreement_id == Agreement.id)
        .where(
            Action.kind.in_(CONSENT),
            or_(first.is_(None), first <= asked.today),
            *_waits(asked),
        )
        .order_by(Action.agreement_id, Action.position)
    )
    return _asked_for(query, asked)


def _bound(asked: Asked) -> CompoundSelect[tuple[int]]:
    """What binds and waits, by its index, and what a side agreed to be bound by, by that."""
    waiting = (first_day(Agreement.in_force_on).is_(None), first_day(Agreement.ended_on).is_(None))
    return union_all(
        select(Agreement.id).where(
            *waiting,
            Agreement.binding == Binding.BINDING,
            first_day(Agreement.signed_on) <= asked.today,
        ),
        select(Action.agreement_id).where(Action.kind.in_(CONSENT)),
    )


def _waits(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    entered = select(Action.agreement_id).where(Action.kind == ActionKind.ENTERED_INTO_FORCE)
    return (
        first_day(Agreement.signed_on) <= asked.today,
        first_day(Agreement.in_force_on).is_(None),
        first_day(Agreement.ended_on).is_(None),
        Agreement.id.not_in(entered),
        Agreement.binding != Binding.NON_BINDING,
    )


def _asked_for(query: Select[Any], asked: Asked) -> Select[Any]:
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

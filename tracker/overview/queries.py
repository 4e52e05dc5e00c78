"""Candidates for what needs attention, narrowed in SQL; each kind costs few queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.agreements.models import Action, ActionKind, Agreement, Binding
from tracker.agreements.queries import status_expression
from tracker.agreements.rules import AgreementStatus
from tracker.commissions.models import Commission, CommissionStatus, Host
from tracker.commitments.models import Commitment, CommitmentStatus
from tracker.commitments.queries import of_party
from tracker.commitments.table import COMMITMENTS
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
            selectinload(Meeting.acts),
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
            selectinload(Commission.hosts).joinedload(Host.party),
        )
        .order_by(last_day(Commission.first_due_on), Commission.id)
    )
    if asked.party is not None:
        query = query.where(_sides(Commission, asked.party))
    if asked.commission is not None:
        query = query.where(Commission.id == asked.commission.id)
    return query


def with_terms(asked: Asked) -> Select[Any]:
    """What agreements that are in force or rest on a day say of their terms: id, entry, clause."""
    alive = (AgreementStatus.IN_FORCE.value, AgreementStatus.SUSPENDED.value)
    query = select(
        Agreement.id,
        first_day(Agreement.in_force_on),
        last_day(Agreement.in_force_on),
        Agreement.duration_months,
        Agreement.renewal,
        Agreement.renewal_months,
        Agreement.notice_months,
        Agreement.notice_days,
        Agreement.lead_days,
    ).where(
        Agreement.duration_months.is_not(None),
        first_day(Agreement.in_force_on) <= asked.today,
        status_expression(asked.today).in_(alive),
    )
    return _asked_for(query, asked)


def renewals(asked: Asked) -> Select[Any]:
    """How many renewals of each agreement are on record by a day."""
    done = func.coalesce(first_day(Action.effective_on), first_day(Action.done_on))
    return (
        select(Action.agreement_id, func.count().label("times"))
        .where(Action.kind == ActionKind.RENEWED, or_(done.is_(None), done <= asked.today))
        .group_by(Action.agreement_id)
    )


def named(numbers: Sequence[int]) -> Select[tuple[Agreement]]:
    """Agreements by their numbers, with their sides."""
    return (
        select(Agreement)
        .where(Agreement.id.in_(numbers))
        .options(joinedload(Agreement.side_a), joinedload(Agreement.side_b))
        .order_by(Agreement.id)
    )


def awaiting_entry(asked: Asked) -> Select[tuple[Agreement]]:
    """Agreements signed by a day that bind, or that a side agreed to be bound by, and wait."""
    consented = Agreement.actions.any(Action.kind.in_(CONSENT))
    entered = Agreement.actions.any(Action.kind == ActionKind.ENTERED_INTO_FORCE)
    query = (
        select(Agreement)
        .where(
            first_day(Agreement.signed_on) <= asked.today,
            first_day(Agreement.in_force_on).is_(None),
            first_day(Agreement.ended_on).is_(None),
            ~entered,
            Agreement.binding != Binding.NON_BINDING,
            or_(Agreement.binding == Binding.BINDING, consented),
        )
        .options(
            joinedload(Agreement.side_a),
            joinedload(Agreement.side_b),
            selectinload(Agreement.actions),
        )
        .order_by(first_day(Agreement.signed_on).desc(), Agreement.id)
    )
    return _asked_for(query, asked)


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
        .options(*COMMITMENTS.load)
        .order_by(last_day(Commitment.due_on), Commitment.id)
    )
    if asked.party is not None:
        query = query.where(of_party(asked.party.id))
    if asked.commission is not None:
        sessions = select(Meeting.id).where(Meeting.commission_id == asked.commission.id)
        query = query.where(Commitment.meeting_id.in_(sessions))
    return query

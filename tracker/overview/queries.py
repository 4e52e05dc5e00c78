"""Candidates for what needs attention, narrowed in SQL.

Each kind costs the same few queries, however many candidates there are: what belongs to them is
loaded by a subquery, and not in portions.
"""

from __future__ import annotations

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
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import joinedload, selectinload, subqueryload

from tracker.agreements.models import Agreement
from tracker.among import among
from tracker.commissions.models import Commission, CommissionStatus, Host
from tracker.commitments.models import Commitment, CommitmentStatus
from tracker.commitments.queries import of_party
from tracker.commitments.table import ORIGIN
from tracker.db import first_day, last_day
from tracker.meetings.models import Meeting, MeetingAct
from tracker.meetings.queries import IS_OPEN, final_day, in_status, with_sides
from tracker.meetings.rules import OPEN
from tracker.meetings.sequence import MeetingStatus
from tracker.overview.due import Asked
from tracker.overview.kept_queries import counted, whole_number
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


def some_meetings(asked: Asked) -> Select[tuple[Meeting]]:
    """Meetings of some ``ids``."""
    return meetings_of(asked, few=True).where(among(Meeting.id))


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


def plain_meetings(_asked: Asked) -> Select[Any]:
    """What a line says of the meetings of some ``ids``, as plain columns; parties by their ids."""
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
        .where(among(Meeting.id))
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


def some_otherwise(asked: Asked) -> CompoundSelect[tuple[int]]:
    """So many of these as a parameter says."""
    return stood_otherwise(asked).limit(whole_number("most"))


def _standing(asked: Asked) -> list[Select[tuple[int]]]:
    """The numbers of meetings that are to take place by a day of the span, by how they stand.

    Without those of some numbers.
    """
    query = select(Meeting.id).where(
        final_day().between(asked.first, asked.last), not_(among(Meeting.id, "without"))
    )
    query = _meetings_asked_for(query, asked)
    return [query.where(IS_OPEN), query.where(in_status(MeetingStatus.POSTPONED))]


def first_standing(asked: Asked) -> Select[tuple[int]]:
    """The first of these, as the list orders them: by their last days, then by their keys."""
    order, most = (final_day(), cast(Meeting.id, String)), whole_number("most")
    each = union_all(
        *(
            select(
                part.add_columns(final_day().label("day")).order_by(*order).limit(most).subquery()
            )
            for part in _standing(asked)
        )
    ).subquery()
    return select(each.c.id).order_by(each.c.day, cast(each.c.id, String)).limit(most)


def count_standing(asked: Asked) -> Select[tuple[int]]:
    """How many of these there are, counted no further than a parameter says."""
    return counted(union_all(*_standing(asked)))


def foreseen_without_session(asked: Asked) -> Select[Any]:
    """Foreseen commissions that say by when they were to meet first, and have no session.

    As plain columns, with the day of the agreement's signing and the first of the hosts.
    """
    first_host = (
        select(Host.id)
        .where(Host.commission_id == Commission.id)
        .order_by(Host.position)
        .limit(1)
        .correlate(Commission)
        .scalar_subquery()
    )
    query = (
        select(
            Commission.id,
            Commission.name,
            Commission.side_a_id,
            Commission.side_b_id,
            first_day(Commission.first_due_on).label("first"),
            last_day(Commission.first_due_on).label("last"),
            first_day(Agreement.signed_on).label("agreed"),
            Host.city,
            Host.party_id.label("host_id"),
        )
        .outerjoin(Agreement, Agreement.id == Commission.agreement_id)
        .outerjoin(Host, Host.id == first_host)
        .where(
            Commission.status == CommissionStatus.FORESEEN,
            first_day(Commission.first_due_on).is_not(None),
            ~exists().where(Meeting.commission_id == Commission.id),
        )
        .order_by(last_day(Commission.first_due_on), Commission.id)
    )
    if asked.party is not None:
        query = query.where(_sides(Commission, asked.party))
    if asked.commission is not None:
        query = query.where(Commission.id == asked.commission.id)
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

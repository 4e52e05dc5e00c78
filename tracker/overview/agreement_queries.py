"""What needs attention of agreements, narrowed in SQL: what terms set, stated ends, entries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    cast,
    func,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, subqueryload

from tracker.agreements.awaited import AWAITED, CONSENT
from tracker.agreements.due_days import Deadline
from tracker.agreements.models import Action, ActionKind, Agreement
from tracker.agreements.rules import END_KINDS, NOTICES
from tracker.agreements.statuses import status_on_day
from tracker.agreements.term_due import ALIVE, TERM_DUE
from tracker.among import among
from tracker.dates import PartialDate
from tracker.db import first_day, last_day
from tracker.expressions import unindexed
from tracker.overview.due import Asked
from tracker.overview.kept_queries import counted, day, whole_number
from tracker.parties.queries import with_party

Chosen = TypeVar("Chosen", bound=tuple[Any, ...])

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


def old_entries(asked: Asked) -> Select[tuple[int]]:
    """The numbers of those that enter into force by no day that follows from anything.

    Of these, what was signed before the day ``long_ago``.
    """
    query = select(AWAITED.c.agreement_id).where(
        AWAITED.c.signed_on_first <= asked.today,
        ~AWAITED.c.timed,
        AWAITED.c.signed_on_last < day("long_ago"),
    )
    if asked.party is not None or asked.commission is not None:
        query = query.join(Agreement, Agreement.id == AWAITED.c.agreement_id)
    return _asked_for(query, asked)


def first_old_entries(asked: Asked) -> Select[tuple[int]]:
    """The first of these, as the list orders what was signed on the same day: by their keys."""
    order = (AWAITED.c.signed_on_last, cast(AWAITED.c.agreement_id, String))
    return old_entries(asked).order_by(*order).limit(whole_number("most"))


def count_old_entries(asked: Asked) -> Select[tuple[int]]:
    """How many of these there are, counted no further than a parameter says."""
    return counted(old_entries(asked))


def _some_entries() -> CompoundSelect[tuple[int]]:
    """Those of some ``ids``, and the younger ones of which something can be said.

    Of them a day follows, or a side has notified.
    """
    number, timed = select(AWAITED.c.agreement_id), AWAITED.c.timed
    younger = AWAITED.c.signed_on_last >= day("long_ago")
    return union_all(
        number.where(among(AWAITED.c.agreement_id)),
        number.where(timed),
        number.where(~timed, younger, AWAITED.c.notified),
    )


def some_awaiting_entry(asked: Asked) -> Select[Any]:
    """What awaits its entry, of these."""
    return awaiting_entry(asked).where(Agreement.id.in_(_some_entries()))


def some_consents(asked: Asked) -> Select[Any]:
    """What the sides of these notified."""
    return consents(asked).where(AWAITED.c.agreement_id.in_(_some_entries()))


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


def _kept_deadlines(asked: Asked, what: Deadline) -> list[Select[Any]]:
    """What terms make fall due up to the span's last day: agreement, kind of deadline, day.

    As of a day of `term_due.KEPT`, but for agreements of some numbers. In parts, for each of which
    there is an index: what is to come, what has possibly passed since the day ``furthest``, and
    what shows for its reminder.
    """
    due = TERM_DUE.c
    known = select(due.agreement_id, due.kind, due.due_first.label("day")).where(
        _known(asked), not_(among(due.agreement_id, "without"))
    )
    if asked.party is not None or asked.commission is not None:
        known = _asked_for(known.join(Agreement, Agreement.id == due.agreement_id), asked)
    # So that SQLite takes the indexes of few rows for the other parts; it cannot know that they are
    # few as long as there are none.
    of_kind = unindexed(due.kind) == what.value
    begun = known.where(
        of_kind,
        due.due_first < due.due_last,
        due.due_first < asked.today,
        due.due_first > day("furthest"),
    )
    reminded = known.where(
        of_kind,
        due.remind_on.is_not(None),
        due.due_first > asked.last,
        due.remind_on <= asked.last,
    )
    to_come = known.where(due.kind == what.value, due.due_first.between(asked.today, asked.last))
    return [to_come, begun, *([reminded] if what is Deadline.NOTICE else [])]


def _known(asked: Asked) -> ColumnElement[bool]:
    """What is kept as of the day."""
    return and_(TERM_DUE.c.known_first <= asked.today, TERM_DUE.c.known_last >= asked.today)


def first_deadlines(asked: Asked) -> CompoundSelect[Any]:
    """The first of each part of these, as the list orders them: by their keys."""

    def few(part: Select[Any]) -> Select[Any]:
        due = TERM_DUE.c
        order = (due.due_first, cast(due.agreement_id, String))
        return select(part.order_by(*order).limit(whole_number("most")).subquery())

    return union_all(*(few(part) for what in Deadline for part in _kept_deadlines(asked, what)))


def count_notices(asked: Asked) -> Select[tuple[int]]:
    """How many last days for notice these are, counted no further than a parameter says."""
    return counted(union_all(*_kept_deadlines(asked, Deadline.NOTICE)))


def count_expiries(asked: Asked) -> Select[tuple[int]]:
    """How many ends of terms these are, counted no further than a parameter says."""
    return counted(union_all(*_kept_deadlines(asked, Deadline.EXPIRY)))


def plain_deadlines(asked: Asked) -> Select[Any]:
    """What a line says of the deadlines of agreements of some ``ids``, as they are kept."""
    due = TERM_DUE.c
    return (
        select(
            *_LINE,
            Agreement.renewal,
            Agreement.notice_months,
            Agreement.notice_days,
            due.kind,
            due.number,
            due.due_first,
            due.due_last,
            due.remind_on,
        )
        .join(TERM_DUE, due.agreement_id == Agreement.id)
        .where(among(Agreement.id), _known(asked))
    )


def _asked_for(query: Select[Chosen], asked: Asked) -> Select[Chosen]:
    if asked.party is not None:
        query = query.where(with_party(Agreement, asked.party.id))
    if asked.commission is not None:
        query = query.where(Agreement.id == asked.commission.agreement_id)
    return query

"""Selections of commitments, for this feature's list and for the pages of others.

The clauses say in SQL what `progress` says of values; a test holds them together.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, not_, or_, select

from tracker.agreements.models import Agreement
from tracker.commissions.models import Commission
from tracker.commitments.models import Commitment, CommitmentStatus, Observation
from tracker.commitments.progress import Answer
from tracker.db import any_of
from tracker.meetings.models import Meeting
from tracker.parties.queries import HasId, between, with_party

Clause = ColumnElement[bool]

_due_first: Any = Commitment.due_on_first  # type: ignore[attr-defined]
_due_last: Any = Commitment.due_on_last  # type: ignore[attr-defined]
_baseline_first: Any = Commitment.baseline_on_first  # type: ignore[attr-defined]
_on_first: Any = Observation.on_first  # type: ignore[attr-defined]
_on_last: Any = Observation.on_last  # type: ignore[attr-defined]


def of_party(party_id: int) -> Clause:
    """Those between a party and any other."""
    return _between(lambda record: with_party(record, party_id))


def of_pair(one: HasId, other: HasId) -> Clause:
    """Those between two parties, whichever of them is side A."""
    return _between(lambda record: between(record, one, other))


def _between(sides: Any) -> Clause:
    """Begins with what the parties have, found by indexes, and not with all that was promised."""
    in_agreement = Commitment.agreement_id == Agreement.id
    at_meeting = Commitment.meeting_id == Meeting.id
    in_session = Meeting.commission_id == Commission.id
    own = select(Commitment.id)
    return Commitment.id.in_(
        any_of(
            own.where(sides(Commitment)),
            own.join(Agreement, in_agreement).where(sides(Agreement)),
            own.join(Meeting, at_meeting).where(sides(Meeting)),
            own.join(Meeting, at_meeting).join(Commission, in_session).where(sides(Commission)),
        )
    )


def of_agreement(agreement_id: int) -> Clause:
    """Those that an agreement contains."""
    return Commitment.agreement_id == agreement_id


def of_meeting(meeting_id: int) -> Clause:
    """Those that were made at a meeting."""
    return Commitment.meeting_id == meeting_id


def _at_target(day: Any, day_of_observation: Any) -> Clause:
    """Some observation of the baseline's time or later, made by a day, reaches the target."""
    down = and_(Commitment.baseline.is_not(None), Commitment.target < Commitment.baseline)
    at_target = or_(
        and_(down, Observation.value <= Commitment.target),
        and_(
            or_(Commitment.baseline.is_(None), Commitment.target >= Commitment.baseline),
            Observation.value >= Commitment.target,
        ),
    )
    since = or_(_baseline_first.is_(None), _on_last >= _baseline_first)
    return exists().where(
        Observation.commitment_id == Commitment.id, at_target, since, day_of_observation <= day
    )


def overdue(answer: Answer, day: date) -> Clause:
    """Those of which the rule of `progress.overdue` gives this answer on a day."""
    is_open = Commitment.status == CommitmentStatus.OPEN
    perhaps_late = and_(is_open, _due_first.is_not(None), _due_first < day)
    surely_done, perhaps_done = _at_target(day, _on_last), _at_target(day, _on_first)
    perhaps = and_(perhaps_late, not_(surely_done))
    surely = and_(is_open, _due_last.is_not(None), _due_last < day, not_(perhaps_done))
    if answer is Answer.YES:
        return surely
    if answer is Answer.POSSIBLY:
        return and_(perhaps, not_(surely))
    # A comparison with nothing is neither true nor false in SQL; an empty status is not open.
    return or_(Commitment.status.is_(None), _due_first.is_(None), not_(perhaps))


def open_due_within(day: date, days: int) -> Clause:
    """Open ones whose date ends on a day or up to so many days after it."""
    until = day + timedelta(days=days)
    return and_(
        Commitment.status == CommitmentStatus.OPEN,
        _due_last >= day,
        _due_last <= until,
        not_(_at_target(day, _on_last)),
    )


def overdue_on(day: date) -> Clause:
    """Those that are certainly overdue on a day."""
    return overdue(Answer.YES, day)


def select_commitments(*clauses: Clause) -> Select[tuple[Commitment]]:
    """Commitments that fit all clauses, the earliest due first and those without a date last.

    Give it the options of `COMMITMENTS.load` where their parties and origins are shown.
    """
    return in_order(select(Commitment).where(*clauses))


def in_order(query: Select[Any]) -> Select[Any]:
    """The same commitments, the earliest due first and those without a date last."""
    return query.order_by(_due_last.is_(None), _due_last, Commitment.id)

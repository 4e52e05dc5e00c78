"""Commitments as rows: what a line of another page tells of each, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.agreements.models import Agreement
from tracker.among import among
from tracker.commissions.models import Commission
from tracker.commitments.models import Commitment, CommitmentStatus, Observation
from tracker.commitments.queries import Clause, in_order
from tracker.dates import PartialDate
from tracker.meetings.models import Meeting
from tracker.parties.models import Party

_OWN = Commitment.__table__.c
_SEEN = Observation.__table__.c


@dataclass(frozen=True, slots=True)
class ObservationTold:
    """What was found on a day, under the names of the record."""

    on: PartialDate | None
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class CommitmentTold:
    """What is told of a commitment, under the names of the record, and its parties by name."""

    id: int
    text: str
    status: CommitmentStatus | None
    due_on: PartialDate | None
    baseline: Decimal | None
    baseline_on: PartialDate | None
    target: Decimal | None
    parties: tuple[str, str]
    observations: Sequence[ObservationTold]


AnyCommitment = Commitment | CommitmentTold


def _told() -> Select[Any]:
    """All commitments; the two parties are those of the origin, as `Commitment.side_a` says."""
    agreement, meeting, commission = (model.__table__ for model in (Agreement, Meeting, Commission))
    parties = {side: Party.__table__.alias() for side in ("side_a_id", "side_b_id")}
    origins = (agreement, commission, meeting, _OWN.id.table)
    query = select(
        *(_OWN[name] for name in ("id", "text", "status", "baseline", "target")),
        *(_OWN[f"{day}_{end}"] for day in ("due_on", "baseline_on") for end in ("first", "last")),
        *(party.c.name for party in parties.values()),
    )
    query = (
        query.outerjoin(agreement, agreement.c.id == _OWN.agreement_id)
        .outerjoin(meeting, meeting.c.id == _OWN.meeting_id)
        .outerjoin(commission, commission.c.id == meeting.c.commission_id)
    )
    for side, party in parties.items():
        query = query.join(party, party.c.id == func.coalesce(*(one.c[side] for one in origins)))
    return query


_TOLD = _told()
_OBSERVED = (
    select(
        _SEEN.commitment_id,
        _SEEN.on_first,
        _SEEN.on_last,
        _SEEN.value,
    )
    .where(among(_SEEN.commitment_id))
    .order_by(_SEEN.commitment_id, _SEEN.position)
)


def told_of(*clauses: Clause, most: int) -> Select[Any]:
    """The first commitments that fit all clauses, to be read by `told`."""
    return in_order(_TOLD.where(*clauses)).limit(most)


def told(
    session: Session, query: Select[Any], given: Mapping[str, Any] | None = None
) -> list[CommitmentTold]:
    """The commitments of a query of `told_of`, in its order."""
    connection = session.connection()
    found = connection.execute(query, given).all()
    # Without a number to reach, no observation changes how it stands.
    numbers = [row.id for row in found if row.target is not None]
    seen = connection.execute(_OBSERVED, {"ids": numbers}) if numbers else ()
    observed = _observed(seen)
    return [_commitment(row, observed.get(row.id, ())) for row in found]


def _observed(found: Iterable[Any]) -> dict[int, list[ObservationTold]]:
    """Observations by the number of their commitment."""
    observed: dict[int, list[ObservationTold]] = {}
    for number, first, last, value in found:
        one = ObservationTold(PartialDate.from_span(first, last), value)
        observed.setdefault(number, []).append(one)
    return observed


def _commitment(row: Any, observations: Sequence[ObservationTold]) -> CommitmentTold:
    number, text, status, baseline, target = row[:5]
    due, due_last, since, since_last = row[5:9]
    return CommitmentTold(
        number,
        text,
        status,
        PartialDate.from_span(due, due_last),
        baseline,
        PartialDate.from_span(since, since_last),
        target,
        (row[9], row[10]),
        observations,
    )

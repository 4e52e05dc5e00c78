"""Meetings as rows of a list: the columns that it shows and no more, in one query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from tracker.among import among
from tracker.columns import Reading
from tracker.commissions.models import Commission
from tracker.dates import PartialDate
from tracker.meetings.models import Meeting, MeetingKind
from tracker.meetings.sequence import MeetingStatus
from tracker.parties.models import Party


@dataclass(frozen=True, slots=True)
class Named:
    """A commission or a party, as a list names it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """What a list shows of a meeting, under the names of the record."""

    id: int
    number: int | None
    title: str | None
    kind: MeetingKind
    status: MeetingStatus
    city: str | None
    due_to: date | None
    begins_on: PartialDate | None
    ends_on: PartialDate | None
    commission: Named | None
    host: Named | None
    own_side_a: Named | None
    own_side_b: Named | None

    @property
    def side_a(self) -> Named:
        """The first of the two parties, of a meeting without a commission."""
        assert self.own_side_a is not None
        return self.own_side_a

    @property
    def side_b(self) -> Named:
        """The second of the two parties, of a meeting without a commission."""
        assert self.own_side_b is not None
        return self.own_side_b


AnyMeeting = Meeting | MeetingRow


def _rows() -> Select[Any]:
    own, commission = Meeting.__table__.c, Commission.__table__
    named = (
        (commission, own.commission_id),
        *((Party.__table__.alias(), key) for key in (own.host_id, own.side_a_id, own.side_b_id)),
    )
    query = select(
        *(own[name] for name in ("id", "number", "title", "kind", "status", "city", "due_to")),
        *(own[f"{day}_on_{end}"] for day in ("begins", "ends") for end in ("first", "last")),
        *(column for table, _key in named for column in (table.c.id, table.c.name)),
    )
    for table, key in named:
        query = query.outerjoin(table, key == table.c.id)
    return query


# Kept, so that a list need not build it anew.
ROWS = _rows()
_OF_NUMBERS = ROWS.where(among(Meeting.__table__.c.id))


def rows(numbers: Sequence[int], reading: Reading) -> Sequence[MeetingRow]:
    """The meetings of these numbers, in no order."""
    return made(reading.session.connection().execute(_OF_NUMBERS, {"ids": numbers}))


def made(found: Iterable[Any]) -> list[MeetingRow]:
    """What rows of `ROWS` stand for."""
    return [_row(*row) for row in found]


def _row(*row: Any) -> MeetingRow:
    number, session, title, kind, status, city, due_to = row[:7]
    begins, begins_last, ends, ends_last = row[7:11]
    commission, host, side_a, side_b = (_named(*row[at : at + 2]) for at in range(11, 19, 2))
    return MeetingRow(
        number,
        session,
        title,
        kind,
        status,
        city,
        due_to,
        PartialDate.from_span(begins, begins_last),
        PartialDate.from_span(ends, ends_last),
        commission,
        host,
        side_a,
        side_b,
    )


def _named(number: int | None, name: str | None) -> Named | None:
    return None if number is None or name is None else Named(number, name)

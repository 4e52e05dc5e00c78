"""Agreements as rows of a list: the columns that it shows and no more, in one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from tracker.agreements.models import Agreement, AgreementKind, called
from tracker.agreements.rules import AgreementStatus
from tracker.agreements.statuses import status_on_day
from tracker.among import among
from tracker.clock import day_asked
from tracker.columns import Reading
from tracker.dates import PartialDate
from tracker.parties.models import Party


# Not frozen, which would make each of them take three times as long.
@dataclass(slots=True)
class SideOfRow:
    """A party, as a list names it."""

    code: str
    name: str


@dataclass(slots=True)
class AgreementRow:
    """What a list shows of an agreement, under the names of the record; status is as of a day."""

    id: int
    title: str
    short_title: str | None
    kind: AgreementKind
    signed_on: PartialDate | None
    side_a: SideOfRow
    side_b: SideOfRow
    status: AgreementStatus

    @property
    def name(self) -> str:
        """What lists and links call the agreement."""
        return called(self)


def rows(numbers: Sequence[int], reading: Reading) -> Sequence[AgreementRow]:
    """The agreements of these numbers, in no order."""
    found = reading.session.connection().execute(_query(day_asked()), {"ids": numbers}).all()
    return [
        AgreementRow(
            number,
            title,
            short,
            kind,
            _span(first, last),
            SideOfRow(a, a_name),
            SideOfRow(b, b_name),
            AgreementStatus(status),
        )
        for number, title, short, kind, first, last, a, a_name, b, b_name, status in found
    ]


# Many agreements share a day; that a span is whole need not be proved for each of them.
_span = lru_cache(maxsize=8_192)(PartialDate.from_span)


@lru_cache(maxsize=8)
def _query(day: date) -> Select[Any]:
    """Kept, so that a list need not build it anew."""
    own = Agreement.__table__.c
    a, b = Party.__table__.alias(), Party.__table__.alias()
    columns = (own.title, own.short_title, own.kind, own.signed_on_first, own.signed_on_last)
    return (
        select(own.id, *columns, a.c.code, a.c.name, b.c.code, b.c.name, status_on_day(day))
        .join(a, own.side_a_id == a.c.id)
        .join(b, own.side_b_id == b.c.id)
        .where(among(own.id))
    )

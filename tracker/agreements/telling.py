"""Agreements of two parties as rows: what a page tells of each and of what happened to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, func, select
from sqlalchemy.orm import Session

from tracker.agreements.models import (
    Action,
    ActionKind,
    Agreement,
    AgreementKind,
    EndedHow,
    Side,
)
from tracker.agreements.rules import AgreementStatus
from tracker.agreements.sides import AGREEMENT_SIDE
from tracker.agreements.statuses import status_on_day
from tracker.among import among
from tracker.dates import PartialDate
from tracker.parties.models import Party

_OWN = Agreement.__table__.c
_ACT = Action.__table__.c
_SIDE = AGREEMENT_SIDE.c


@dataclass(frozen=True, slots=True)
class ActionTold:
    """Something that happened to an agreement, under the names of the record."""

    kind: ActionKind
    side: Side | None
    note: str | None
    done_on: PartialDate | None
    effective_on: PartialDate | None


@dataclass(frozen=True, slots=True)
class AgreementTold:
    """What is told of an agreement, under the names of the record; status is as of a day."""

    id: int
    name: str
    kind: AgreementKind
    status: AgreementStatus
    ended_how: EndedHow | None
    signed_on: PartialDate | None
    provisionally_applied_on: PartialDate | None
    in_force_on: PartialDate | None
    ended_on: PartialDate | None
    side_a: Party
    side_b: Party
    actions: Sequence[ActionTold]


def latest_between(
    session: Session, a: Party, b: Party, day: date, most: int
) -> list[AgreementTold]:
    """The agreements of two parties that were signed last, those without a day at the end."""
    found = _run(session, _latest(most), _given(a, b, day))
    actions = _actions(session, [row.id for row in found])
    parties = {a.id: a, b.id: b}
    return [_told(row, parties, actions.get(row.id, ())) for row in found]


def counts_between(session: Session, a: Party, b: Party, day: date) -> dict[AgreementStatus, int]:
    """How many agreements of two parties have each status on a day."""
    found = _run(session, _COUNTS, _given(a, b, day))
    return {AgreementStatus(name): count for name, count in found}


def _run(session: Session, query: Select[Any], given: Mapping[str, Any]) -> Sequence[Any]:
    """What a statement of plain columns gives; the session has nothing to add to it."""
    return session.connection().execute(query, given).all()


def _given(a: Party, b: Party, day: date) -> Mapping[str, Any]:
    return {"party": a.id, "other": b.id, "day": day}


# Statements are kept, so that a page need not build them anew.
_DAY = bindparam("day", type_=Date)
_OF_BOTH = (_SIDE.party_id == bindparam("party"), _SIDE.other_id == bindparam("other"))


def _counts() -> Select[Any]:
    """Along the sides of one of the two, of which an index holds the last status."""
    each = select(status_on_day(_DAY, _SIDE.agreement_id).label("status")).where(*_OF_BOTH)
    of_each = each.subquery()
    return select(of_each.c.status, func.count()).group_by(of_each.c.status)


_COUNTS = _counts()


@lru_cache(maxsize=8)
def _latest(most: int) -> Select[Any]:
    newest = _SIDE.signed_on_first.desc().nulls_last()
    which = (
        select(_SIDE.agreement_id).where(*_OF_BOTH).order_by(newest, _SIDE.agreement_id).limit(most)
    )
    days = ("signed_on", "provisionally_applied_on", "in_force_on", "ended_on")
    return (
        select(
            *(_OWN[name] for name in ("id", "title", "short_title", "kind", "ended_how")),
            *(_OWN[f"{name}_{end}"] for name in days for end in ("first", "last")),
            _OWN.side_a_id,
            _OWN.side_b_id,
            status_on_day(_DAY).label("status"),
        )
        .where(_OWN.id.in_(which))
        .order_by(_OWN.signed_on_first.desc().nulls_last(), _OWN.id)
    )


def _told(row: Any, parties: Mapping[int, Party], actions: Sequence[ActionTold]) -> AgreementTold:
    number, title, short_title, kind, ended_how, *ends = row[:13]
    signed, applied, in_force, ended = map(PartialDate.from_span, ends[::2], ends[1::2])
    side_a, side_b, status = row[13:]
    return AgreementTold(
        number,
        short_title or title,
        kind,
        AgreementStatus(status),
        ended_how,
        signed,
        applied,
        in_force,
        ended,
        parties[side_a],
        parties[side_b],
        actions,
    )


_ACTIONS = (
    select(
        _ACT.agreement_id,
        _ACT.kind,
        _ACT.side,
        _ACT.note,
        _ACT.done_on_first,
        _ACT.done_on_last,
        _ACT.effective_on_first,
        _ACT.effective_on_last,
    )
    .where(among(_ACT.agreement_id))
    .order_by(_ACT.agreement_id, _ACT.position)
)


def _actions(session: Session, numbers: Sequence[int]) -> dict[int, list[ActionTold]]:
    """What happened to agreements, by their numbers."""
    found: dict[int, list[ActionTold]] = {}
    for number, kind, side, note, *days in _run(session, _ACTIONS, {"ids": numbers}):
        done, effective = PartialDate.from_span(*days[:2]), PartialDate.from_span(*days[2:])
        found.setdefault(number, []).append(ActionTold(kind, side, note, done, effective))
    return found

"""Narrow tables along which lists of agreements are walked: one row a side, one row a topic.

They hold nothing of their own: triggers, made by the migration in plain SQL, write them whenever
a row that they follow from is written, on whatever way. They have no foreign keys, since nothing
else writes them, and keys would cost each import twice.

A side also has its agreement's last status and since when, so that most lists of one status need
no look at `kept_spans`: `LAST_STATUS` writes them with the spans, and the trigger takes them along
to the rows that it writes anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Index,
    Integer,
    Select,
    String,
    Table,
    and_,
    delete,
    insert,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from tracker.agreements.kept_spans import SPANS
from tracker.agreements.models import Agreement, AgreementTopic
from tracker.among import among
from tracker.authorship import BULK, Told
from tracker.db import Base
from tracker.derived import Derivation
from tracker.indexes import made_at_once
from tracker.triggers import taken_away

_OWN = Agreement.__table__.c
_LINK = AgreementTopic.__table__.c
_WHEN = ("insert", "update", "delete")

AGREEMENT_SIDE = Table(
    "agreement_side",
    Base.metadata,
    Column("agreement_id", Integer, primary_key=True, autoincrement=False),
    Column("party_id", Integer, primary_key=True, autoincrement=False),
    Column("other_id", Integer, nullable=False, comment="the party of the other side"),
    Column("signed_on_first", Date),
    Column("signed_on_last", Date),
    Column("last_status", String(40), comment="that of the last span, once it is worked out"),
    Column("last_since", Date, comment="the first day of the last span"),
    Index(
        "ix_agreement_side_party",
        "party_id",
        "signed_on_first",
        "agreement_id",
        "signed_on_last",
        "last_since",
        "last_status",
    ),
    Index(
        "ix_agreement_side_both",
        "party_id",
        "other_id",
        "signed_on_first",
        "agreement_id",
        "signed_on_last",
        "last_since",
        "last_status",
    ),
    info={"history": False, "triggers": tuple(f"agreement_side_{when}" for when in _WHEN)},
    sqlite_with_rowid=False,
)

AGREEMENT_SUBJECT = Table(
    "agreement_subject",
    Base.metadata,
    Column("agreement_id", Integer, primary_key=True, autoincrement=False),
    Column("topic_id", Integer, primary_key=True, autoincrement=False),
    Column("signed_on_first", Date),
    Column("signed_on_last", Date),
    Index(
        "ix_agreement_subject_topic",
        "topic_id",
        "signed_on_first",
        "agreement_id",
        "signed_on_last",
    ),
    info={
        "history": False,
        "triggers": (
            *(f"agreement_subject_{when}" for when in _WHEN),
            "agreement_subject_signed",
        ),
    },
    sqlite_with_rowid=False,
)


TABLES = (AGREEMENT_SIDE, AGREEMENT_SUBJECT)


_SIDE, _SPAN = AGREEMENT_SIDE.c, SPANS.c
_LAST = and_(_SPAN.agreement_id == _SIDE.agreement_id, _SPAN.last_day == date.max)
_SOME = among(_SIDE.agreement_id)
_OTHER = or_(
    _SIDE.last_status.is_distinct_from(_SPAN.status),
    _SIDE.last_since.is_distinct_from(_SPAN.first_day),
)
_take = (
    update(AGREEMENT_SIDE)
    .values(last_status=_SPAN.status, last_since=_SPAN.first_day)
    .where(_LAST, _SOME, _OTHER)
)
_not_taken = (
    select(_SIDE.agreement_id).outerjoin_from(AGREEMENT_SIDE, SPANS, _LAST).where(_SOME, _OTHER)
)


def _take_last(connection: Connection, ids: Sequence[int]) -> None:
    connection.execute(_take, {"ids": ids})


def _last_wrong(connection: Connection, ids: Sequence[int]) -> Iterable[int]:
    return set(connection.scalars(_not_taken, {"ids": ids}))


# Worked out with the spans, after them, and noted as stale with them: it reads nothing else.
LAST_STATUS = Derivation(
    "last_status",
    "agreement",
    (),
    _take_last,
    _last_wrong,
    {AGREEMENT_SIDE.name: "agreement_id"},
)


def _columns(table: Table) -> list[Column[Any]]:
    """The columns that follow from the agreement itself."""
    return [column for column in table.c if column.name not in ("last_status", "last_since")]


def _should_be(table: Table) -> list[Select[Any]]:
    """The rows that a narrow table should have, in the order of `_columns`."""
    days = (_OWN.signed_on_first, _OWN.signed_on_last)
    if table is AGREEMENT_SUBJECT:
        return [select(_OWN.id, _LINK.topic_id, *days).join(_LINK.agreement_id.table)]
    a, b = _OWN.side_a_id, _OWN.side_b_id
    return [select(_OWN.id, a, b, *days), select(_OWN.id, b, a, *days).where(a != b)]


def work_out(connection: Connection, ids: Sequence[int]) -> None:
    """Write the rows of some agreements anew."""
    _write(connection, ids)
    _take_last(connection, ids)


def _write(connection: Connection, ids: Sequence[int]) -> None:
    for table in TABLES:
        connection.execute(delete(table).where(among(table.c.agreement_id)), {"ids": ids})
        for rows in _should_be(table):
            source = rows.where(among(_OWN.id))
            names = [column.name for column in _columns(table)]
            connection.execute(insert(table).from_select(names, source), {"ids": ids})


@contextmanager
def written_at_once(session: Session, tables: Mapping[str, str], coming: int) -> Iterator[Told]:
    """Write the rows of new agreements batch by batch, without SQLite's triggers for each."""
    connection = session.connection()
    if connection.dialect.name == "postgresql" or _OWN.id.table.name not in tables:
        yield lambda _ids: None
        return
    own = {table.name: "agreement_id" for table in TABLES}
    with (
        made_at_once(connection, own, coming),
        taken_away(connection, ["agreement_side_insert", "agreement_subject_insert"]),
    ):
        yield lambda ids: _write(connection, ids)


BULK.append(written_at_once)


def wrong(connection: Connection, ids: Sequence[int]) -> Iterable[int]:
    """Those among some agreements whose rows are not as they should be.

    What the status says is asked with it, see `LAST_STATUS`.
    """
    found: set[int] = set()
    for table in TABLES:
        there = select(*_columns(table)).where(among(table.c.agreement_id))
        should = union_all(*(rows.where(among(_OWN.id)) for rows in _should_be(table)))
        one, other = (
            set(map(tuple, connection.execute(query, {"ids": ids}))) for query in (there, should)
        )
        found |= {row[0] for row in one ^ other}
    return found

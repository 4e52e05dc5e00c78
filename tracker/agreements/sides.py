"""Narrow tables along which lists of agreements are walked: one row a side, one row a topic.

They hold nothing of their own: triggers, made by the migration in plain SQL, write them whenever
a row that they follow from is written, on whatever way. They have no foreign keys, since nothing
else writes them, and keys would cost each import twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Index,
    Integer,
    Select,
    Table,
    delete,
    insert,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from tracker.agreements.models import Agreement, AgreementTopic
from tracker.authorship import BULK, Told
from tracker.db import Base
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
    Index(
        "ix_agreement_side_party",
        "party_id",
        "signed_on_first",
        "agreement_id",
        "signed_on_last",
    ),
    Index(
        "ix_agreement_side_both",
        "party_id",
        "other_id",
        "signed_on_first",
        "agreement_id",
        "signed_on_last",
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


def _should_be(table: Table) -> list[Select[Any]]:
    """The rows that a narrow table should have, in the order of its columns."""
    days = (_OWN.signed_on_first, _OWN.signed_on_last)
    if table is AGREEMENT_SUBJECT:
        return [select(_OWN.id, _LINK.topic_id, *days).join(_LINK.agreement_id.table)]
    a, b = _OWN.side_a_id, _OWN.side_b_id
    return [select(_OWN.id, a, b, *days), select(_OWN.id, b, a, *days).where(a != b)]


def work_out(connection: Connection, ids: Sequence[int]) -> None:
    """Write the rows of some agreements anew."""
    for table in TABLES:
        connection.execute(delete(table).where(table.c.agreement_id.in_(ids)))
        for rows in _should_be(table):
            source = rows.where(_OWN.id.in_(ids))
            connection.execute(insert(table).from_select(list(table.c.keys()), source))


@contextmanager
def written_at_once(session: Session, tables: Mapping[str, str]) -> Iterator[Told]:
    """Write the rows of new agreements batch by batch, without SQLite's triggers for each."""
    connection = session.connection()
    if connection.dialect.name == "postgresql" or _OWN.id.table.name not in tables:
        yield lambda _ids: None
        return
    with taken_away(session, ["agreement_side_insert", "agreement_subject_insert"]):
        yield lambda ids: work_out(connection, ids)


BULK.append(written_at_once)


def wrong(connection: Connection, ids: Sequence[int]) -> Iterable[int]:
    """Those among some agreements whose rows are not as they should be."""
    found: set[int] = set()
    for table in TABLES:
        there = select(table).where(table.c.agreement_id.in_(ids))
        should = union_all(*(rows.where(_OWN.id.in_(ids)) for rows in _should_be(table)))
        one, other = (set(map(tuple, connection.execute(query))) for query in (there, should))
        found |= {row[0] for row in one ^ other}
    return found

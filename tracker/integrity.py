"""What must hold in a database, asked one check after the other.

A database keeps its own rules as long as nobody goes around it: another program on the SQLite file
(its foreign keys and CHECKs are off for whoever does not ask for them), an index or a trigger that
was dropped by hand, a disk that returns other bytes than it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Inspector,
    Table,
    UniqueConstraint,
    and_,
    func,
    inspect,
    literal_column,
    select,
    text,
    type_coerce,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from tracker.agreements import sides
from tracker.agreements.models import Agreement
from tracker.catalogue import TABLES
from tracker.clock import today
from tracker.columns import Reading
from tracker.derived import checking
from tracker.history.verify import faults
from tracker.schema import Base
from tracker.search import index

Check = Callable[[Session], Iterable[str]]
ROWS_NAMED = 20
BATCH = 1_000


def problems(session: Session) -> list[str]:
    """What the checks find; each line names a table and, where it is about one, the row.

    A stage is reached when the one before has found nothing: the rows of a damaged table cannot
    be read, and a value that is in no list cannot be asked what it means.
    """
    for stage in STAGES:
        if found := list(_found(session, stage)):
            return found
    return []


def _found(session: Session, stage: Iterable[Check]) -> Iterator[str]:
    try:
        for check in stage:
            yield from check(session)
    except DBAPIError as error:
        yield f"The database cannot be read: {str(error.orig).strip().splitlines()[0]}"


def storage(session: Session) -> Iterator[str]:
    """Whether SQLite can read each page of its file and finds each row in its indexes.

    PostgreSQL looks at a page when it reads it, and has nothing to ask beforehand.
    """
    if _dialect(session) == "sqlite":
        for (line,) in session.execute(text("PRAGMA integrity_check")):
            # Broken CHECKs stand among these lines too, but without their rows.
            if line != "ok" and not line.startswith("CHECK constraint failed"):
                yield str(line)


def objects(session: Session) -> Iterator[str]:
    """Whether all declared tables, columns, keys, rules, indexes and triggers are there."""
    inspector = inspect(session.connection())
    there = set(inspector.get_table_names())
    triggers = trigger_names(session)
    for table in Base.metadata.sorted_tables:
        if table.name not in there:
            yield f"{table.name}: the table is missing"
            continue
        for kind, declared, found in _parts(inspector, table):
            for name in sorted(declared - found):
                yield f"{table.name}: {kind} {name} is missing"
        for name in sorted(set(table.info.get("triggers", ())) - triggers):
            yield f"{table.name}: the trigger {name} is missing or switched off"


def _parts(inspector: Inspector, table: Table) -> Iterator[tuple[str, set[str], set[str]]]:
    """For each kind of thing that a table has: the declared names, and those found."""
    by_kind: dict[type, set[str]] = {}
    for constraint in table.constraints:
        by_kind.setdefault(type(constraint), set()).add(str(constraint.name))
    for kind, word, found in (
        (CheckConstraint, "the rule", inspector.get_check_constraints(table.name)),
        (ForeignKeyConstraint, "the foreign key", inspector.get_foreign_keys(table.name)),
        (UniqueConstraint, "the unique key", inspector.get_unique_constraints(table.name)),
    ):
        yield word, by_kind.get(kind, set()), _names(found)
    primary = inspector.get_pk_constraint(table.name)["constrained_columns"]
    yield "the primary key's column", set(table.primary_key.columns.keys()), set(primary)
    yield "the column", set(table.columns.keys()), _names(inspector.get_columns(table.name))
    dialect = inspector.bind.dialect.name
    indexes = {str(one.name) for one in table.indexes if one.info.get("only", dialect) == dialect}
    yield "the index", indexes, _names(inspector.get_indexes(table.name))


def _names(found: Iterable[Any]) -> set[str]:
    return {str(item["name"]) for item in found}


def trigger_names(session: Session) -> set[str]:
    """The triggers of the database that do their work."""
    if _dialect(session) == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    return set(session.scalars(text(query)))


def broken_indexes(session: Session) -> Iterator[str]:
    """Indexes that PostgreSQL itself holds for unusable, after a failed building of them."""
    if _dialect(session) == "postgresql":
        query = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
        for name in session.scalars(text(query)):
            yield f"the index {name} cannot be used; build it again with REINDEX"


def foreign_keys(session: Session) -> Iterator[str]:
    """Rows that point at a row that is not there."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            parent = key.referred_table.alias()
            pairs = [(e.parent, parent.c[e.column.name]) for e in key.elements]
            given = and_(*(own.is_not(None) for own, _its in pairs))
            found = select(parent).where(*(own == its for own, its in pairs)).correlate(table)
            said = f"points at a row of {key.referred_table.name} that is not there ({key.name})"
            yield from _rows(session, table, and_(given, ~found.exists()), said)


def constraints(session: Session) -> Iterator[str]:
    """Rows that break a CHECK of their table."""
    dialect = session.get_bind().dialect
    for table in Base.metadata.sorted_tables:
        for rule in sorted(table.constraints, key=lambda one: str(one.name)):
            if isinstance(rule, CheckConstraint):
                kept = rule.sqltext.compile(
                    dialect=dialect, compile_kwargs={"literal_binds": True, "include_table": False}
                )
                broken: ColumnElement[bool] = literal_column(f"NOT ({kept})")
                yield from _rows(session, table, broken, f"breaks the rule {rule.name}")


def _rows(session: Session, table: Table, where: ColumnElement[bool], said: str) -> Iterator[str]:
    """The rows of a table for which something holds, the first ones by name."""
    # As they stand in the database: what is wrong may be the value itself.
    key = [type_coerce(column, NullType()) for column in table.primary_key.columns]
    found = session.execute(select(*key).where(where).order_by(*key).limit(ROWS_NAMED)).all()
    for row in found:
        yield f"{table.name} {' '.join(map(str, row))} {said}"
    if len(found) == ROWS_NAMED:
        count = session.scalar(select(func.count()).select_from(table).where(where)) or 0
        if count > ROWS_NAMED:
            yield f"{table.name}: {count - ROWS_NAMED} more rows: {said}"


def rules(session: Session) -> Iterator[str]:
    """Records whose columns do not fit together, by the rules that forms and files keep."""
    for name, table in TABLES.items():
        reading = Reading(session, today(), bulk=True)
        for record in session.scalars(select(table.model).options(*table.load)):
            reading.record = record
            values = {column.name: column.get(record) for column in table.stored}
            for problem in table.check(values, reading):
                yield f"{name} {record.id}, {problem.column}: {problem}"


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def history(session: Session) -> Iterator[str]:
    """Whether the history has no gap, and ends with what is there."""
    return faults(session.connection())


def derived(session: Session) -> Iterator[str]:
    """Whether what is derived from records follows from them as they are."""
    return checking.faults(session.connection())


def narrow(session: Session) -> Iterator[str]:
    """Whether the tables along which lists are walked hold what follows from the agreements."""
    ids = [Agreement.id, *(table.c.agreement_id for table in sides.TABLES)]
    last = max(session.scalar(select(func.max(one))) or 0 for one in ids)
    for first in range(1, last + 1, BATCH):
        batch = range(first, first + BATCH)
        for number in sorted(sides.wrong(session.connection(), batch)):
            yield f"agreement {number}: its rows in the tables of lists are not right"


def search_index(session: Session) -> Iterator[str]:
    """Whether the index of words holds what is searched."""
    return index.faults(session.connection())


STAGES: tuple[tuple[Check, ...], ...] = (
    (storage, objects, broken_indexes),
    (foreign_keys, constraints),
    (rules, history, derived, narrow, search_index),
)

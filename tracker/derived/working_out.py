"""Work out anew what is stale, before a transaction is committed or for all records at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    bindparam,
    delete,
    event,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import ORMExecuteState, Session

from tracker import indexes
from tracker.among import among
from tracker.db import Base
from tracker.derived.bulk import Brought, brought
from tracker.derived.models import Stale
from tracker.derived.registry import DERIVATIONS, Derivation, Ids, More
from tracker.derived.triggers import silenced
from tracker.indexes import LOOKS, look_anew, made_at_once
from tracker.sqlite_cache import LARGE_KIB, cache_of

BATCH = 1000
Told = Callable[[int, int], None]
_WROTE = "derived_wrote"
_STALE = Stale.__table__
_KINDS = select(_STALE.c.kind, func.count()).group_by(_STALE.c.kind)


def work_out_now(session: Session, told: Told) -> None:
    """Work out what follows from all that a session wrote, before its commit does so.

    It may take minutes: ``told`` hears how far it is, and Ctrl-C may still stop it.
    """
    session.flush()
    work_out_stale(session.connection(), brought(session), told)


def work_out_stale(
    connection: Connection, came: Sequence[Brought] = (), told: Told | None = None
) -> None:
    """Work out what follows from records that came in bulk, and what is noted as stale.

    It is done in this transaction, which takes the notes away; those that another transaction is
    just taking away are left to it. ``told`` hears after each batch how many of how many are done.
    """
    done = 0
    total = sum(_steps(derivation, len(one)) for one in came for derivation in one.derivations)

    def tell(more: int) -> None:
        if told is not None:
            told(min(done + more, total), total)

    for one in came:
        with silenced(connection, one.triggers):
            for derivation in one.derivations:
                several = one.batches(BATCH)
                done += _work_out_batches(connection, derivation, several, len(one), tell)
    while noted := dict(connection.execute(_KINDS).tuples().all()):
        before = done
        steps = (_steps(one, noted.get(one.kind, 0)) for one in DERIVATIONS)
        total = max(total, done + sum(steps))
        for derivation in DERIVATIONS:
            if derivation.kind in noted:
                coming = noted[derivation.kind]
                several = _taken(connection, derivation.kind)
                done += _work_out_batches(connection, derivation, several, coming, tell)
        if done == before:
            break
    if done >= BATCH:
        look_anew(connection, ())


def work_out_all(connection: Connection, kinds: Collection[str] | None = None) -> None:
    """Work out everything, or all of some kinds, whatever is noted, in this transaction."""
    noted = delete(_STALE)  # type: ignore[arg-type]
    connection.execute(noted if kinds is None else noted.where(_STALE.c.kind.in_(kinds)))
    for derivation in DERIVATIONS:
        if kinds is None or derivation.kind in kinds:
            every = batches(connection, derivation)
            coming = count_records(connection, derivation)
            _work_out_batches(connection, derivation, every, coming, lambda _more: None)


def work_out_batch(
    connection: Connection, derivation: Derivation, after: int
) -> tuple[int | None, int]:
    """Work out the records that come next after one of them.

    Gives the last one's id, None at the end, and how many they were.
    """
    ids = _batch(connection, derivation, after)
    if ids:
        _lock(connection, derivation, ids)
        derivation.work_out(connection, ids)
    return (ids[-1] if ids else None), len(ids)


def count_records(connection: Connection, derivation: Derivation) -> int:
    """How many records a derivation has to work out."""
    table = Base.metadata.tables[derivation.record]
    return connection.scalar(select(func.count()).select_from(table)) or 0


def batches(connection: Connection, derivation: Derivation) -> Iterator[Ids]:
    """The ids of all records of a derivation, in order."""
    last = 0
    while ids := _batch(connection, derivation, last):
        yield ids
        last = ids[-1]


def _batch(connection: Connection, derivation: Derivation, after: int) -> Ids:
    key = Base.metadata.tables[derivation.record].c.id
    query = select(key).where(key > after).order_by(key).limit(BATCH)
    return connection.scalars(query).all()


def _steps(derivation: Derivation, coming: int) -> int:
    """How many steps it takes to work out so many records: each is a step, or two of very many."""
    return coming * 2 if _are_very_many(derivation, coming) else coming


def _are_very_many(derivation: Derivation, coming: int) -> bool:
    return coming >= indexes.LEAST and derivation.very_many is not None


def _work_out_batches(
    connection: Connection,
    derivation: Derivation,
    several: Iterable[Ids],
    coming: int,
    tell: More,
) -> int:
    """Work out batches of some records, about ``coming``; gives how many steps it took.

    ``tell`` hears now and then how many there were so far.
    """
    done = 0
    work_out = derivation.work_out

    def more(steps: int) -> None:
        nonlocal done
        done += steps
        tell(done)

    with ExitStack() as as_long:
        if coming >= BATCH:
            as_long.enter_context(cache_of(connection, LARGE_KIB))
            as_long.enter_context(made_at_once(connection, derivation.writes, coming))
        if derivation.very_many is not None and _are_very_many(derivation, coming):
            work_out = as_long.enter_context(derivation.very_many(connection, more))
        for number, ids in enumerate(several, 1):
            _lock(connection, derivation, ids)
            work_out(connection, ids)
            if len(ids) == BATCH and number in LOOKS:
                look_anew(connection, derivation.writes)
            more(len(ids))
    return done


def _lock(connection: Connection, derivation: Derivation, ids: Ids) -> None:
    if connection.dialect.name == "postgresql":
        # Of two transactions that wrote rows of one record, the later one sees what the earlier
        # one wrote: it waits here, and reads afterwards.
        key = Base.metadata.tables[derivation.record].c.id
        locked = select(key).where(among(key)).order_by(key).with_for_update(key_share=True)
        connection.execute(locked, {"ids": ids}).all()


def _notes(place: ColumnElement[Any]) -> Select[Any]:
    """The first notes of a kind from a record on, each with what it is taken away by."""
    return (
        select(place.label("place"), _STALE.c.record_id)
        .where(_STALE.c.kind == bindparam("kind_"), _STALE.c.record_id >= bindparam("after"))
        .order_by(_STALE.c.record_id)
        .limit(BATCH)
        # SQLite has one writer, and no such words.
        .with_for_update(skip_locked=True)
    )


# PostgreSQL, to which the table is empty in most statistics, would read all of it for each batch:
# so it is told where the rows lie, which do not move as long as they are locked.
_TAKING: Mapping[str, tuple[Executable, Executable]] = {
    "postgresql": (
        _notes(literal_column("CAST(stale.ctid AS text)")),
        text("DELETE FROM stale WHERE ctid = ANY(CAST(:places AS tid[]))"),
    ),
    "sqlite": (
        _notes(_STALE.c.id),
        delete(_STALE).where(  # type: ignore[arg-type]
            among(_STALE.c.id, "places")
        ),
    ),
}


def _taken(connection: Connection, kind: str) -> Iterator[Ids]:
    """The records noted as stale, in batches in their order; their notes are taken away before.

    In two statements: of a deletion that picks its rows itself, PostgreSQL may pick them anew for
    each row.
    """
    first_notes, take_away = _TAKING[connection.dialect.name]
    # From where the last batch ended: PostgreSQL walks over notes that it has just deleted.
    after = 0
    while got := connection.execute(first_notes, {"kind_": kind, "after": after}).all():
        connection.execute(take_away, {"places": [note.place for note in got]})
        yield sorted({note.record_id for note in got})
        if len(got) < BATCH:
            return
        after = got[-1].record_id


@event.listens_for(Session, "before_flush")
def _before_rows(session: Session, *_more: Any) -> None:
    if session.new or session.deleted or session.dirty:
        session.info[_WROTE] = True


@event.listens_for(Session, "do_orm_execute")
def _before_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info[_WROTE] = True


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    options = session.get_bind().get_execution_options()
    if session.info.get(_WROTE) or options.get("writing"):
        work_out_stale(session.connection(), brought(session))


@event.listens_for(Session, "after_transaction_end")
def _after_end(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop(_WROTE, None)
        brought(session)

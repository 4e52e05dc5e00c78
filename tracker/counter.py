"""The state of what is recorded: some counters, one of which rises with each committed write.

Triggers keep them (`tracker.history.counting`), so it does not matter who writes, and from which
process. They raise one in the transaction that writes, so nobody sees the new rows with the old
state, or the new state with the old rows.

There are several, since a transaction keeps others from its own counter until it is committed, and
a commit waits for the disk. Each server process of PostgreSQL has its own, as long as there are
enough of them; SQLite, which has one writer at a time, needs one.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    String,
    Table,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.db import Base

COUNTERS = 16


@dataclass(frozen=True)
class State:
    """What is recorded: which commits of each counter are there.

    ``values`` rise with the commits. ``tokens`` are made anew with them, by chance: a database that
    was restored counts on from older values, and must not come by the same states again with other
    rows in them.
    """

    values: tuple[int, ...]
    tokens: tuple[str, ...]

    def holds(self, values: Sequence[int]) -> bool:
        """Whether all commits of another state are in this one, too."""
        return all(own >= other for own, other in zip(self.values, values, strict=True))


class ChangeCounter(Base):
    """A counter; the migration that makes the table writes its rows."""

    __tablename__ = "change_counter"
    __table_args__ = (
        CheckConstraint(f"id BETWEEN 1 AND {COUNTERS}", "few_rows"),
        {"info": {"history": False}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, comment="rises in the order of the commits")
    token: Mapped[str] = mapped_column(String(40), comment="made anew, by chance, with each value")


_COUNTERS = ChangeCounter.__table__.c
STATE = select(_COUNTERS.value, _COUNTERS.token).order_by(_COUNTERS.id)


def state_of(session: Session) -> State | None:
    """The present state; none where a counter is missing, and then nothing can be said of it."""
    return as_state([(row[0], row[1]) for row in session.connection().execute(STATE).all()])


def as_state(rows: Sequence[tuple[int, str]]) -> State | None:
    """The state that the rows of the counters stand for, if all are there."""
    if len(rows) != COUNTERS:
        return None
    return State(tuple(value for value, _ in rows), tuple(token for _, token in rows))


def rise(connection: Connection) -> None:
    """Say that something else is shown now, after a write that no entry of the history stands for.

    Such are migrations, and working out anew what is derived from the records. Counters that were
    lost are put back.
    """
    table: Table = ChangeCounter.__table__  # type: ignore[assignment]
    changed = update(table).where(table.c.id == 1)
    connection.execute(changed.values(value=table.c.value + 1, token=secrets.token_hex(18)))
    there = set(connection.scalars(select(table.c.id)))
    for number in sorted(set(range(1, COUNTERS + 1)) - there):
        row = {"id": number, "value": 1, "token": secrets.token_hex(18)}
        connection.execute(insert(table).values(row))

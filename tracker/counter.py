"""The state of what is recorded, as one small row that is another one after each committed write.

Triggers keep it (`tracker.history.triggers`), so it does not matter who writes, and from which
process. They raise it in the transaction that writes, so nobody sees the new rows with the old
state, or the new state with the old rows.
"""

from __future__ import annotations

import secrets
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


@dataclass(frozen=True)
class State:
    """What is recorded, as of some commit.

    ``value`` rises with each commit that wrote something, in the order of the commits. ``token``
    is made anew with it, by chance: a database that was restored counts on from an older value,
    and must not come by the same states again with other rows in them.
    """

    value: int
    token: str


class ChangeCounter(Base):
    """The only row of its table; the migration that makes the table writes it."""

    __tablename__ = "change_counter"
    __table_args__ = (CheckConstraint("id = 1", "one_row"), {"info": {"history": False}})

    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, comment="rises in the order of the commits")
    token: Mapped[str] = mapped_column(String(40), comment="made anew, by chance, with each value")


_STATE = select(ChangeCounter.value, ChangeCounter.token)


def state_of(session: Session) -> State | None:
    """The present state; none where the row is missing, and then nothing can be said of it."""
    row = session.execute(_STATE).first()
    return State(*row) if row else None


def rise(connection: Connection) -> None:
    """Say that something else is shown now, after a write that no entry of the history stands for.

    Such are migrations, and working out anew what is derived from the records. A row that was lost
    is put back.
    """
    table: Table = ChangeCounter.__table__  # type: ignore[assignment]
    token = secrets.token_hex(18)
    done = connection.execute(update(table).values(value=table.c.value + 1, token=token))
    if not done.rowcount:
        connection.execute(insert(table).values(id=1, value=1, token=token))

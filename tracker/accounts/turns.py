"""One at a time: decisions that rest on what others have not changed meanwhile."""

from __future__ import annotations

import enum

from sqlalchemy import func, select
from sqlalchemy.orm import Session


class Turn(enum.IntEnum):
    """What is decided by one at a time; the numbers are those of PostgreSQL's advisory locks."""

    GUESSES = 7245122
    ADMINISTRATORS = 7245123


def take_turn(session: Session, turn: Turn) -> None:
    """Wait until nobody else decides, until the end of the transaction.

    On SQLite a session that writes has taken the only writers' turn at its beginning.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(turn.value)))

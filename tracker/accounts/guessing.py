"""Guesses at passwords and codes: counted in the database, and slowed.

Each guess is counted before it is looked at, in a short transaction of its own that ends here, so
that guesses which come at the same time, to several processes, are all counted. No transaction is
open while a hash is computed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert
from sqlalchemy.orm import Session

from tracker.accounts.credentials import digest, matches
from tracker.accounts.models import Guess
from tracker.accounts.queries import account_of, guesses
from tracker.accounts.rules import (
    OF_ACCOUNT,
    OF_NETWORK,
    OF_PAIR,
    WINDOW,
    longest,
    network_of,
    wait_left,
)
from tracker.accounts.turns import Turn, take_turn


class TooManyGuesses(Exception):
    """The next guess has to wait; ``seconds`` says how long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait {wait}")
        self.seconds = max(math.ceil(wait.total_seconds()), 1)


@dataclass(frozen=True)
class Guesser:
    """What is guessed at, and from which network address."""

    subject: str
    address: str

    @property
    def subject_key(self) -> str:
        """What is guessed at, as it is kept."""
        return digest(self.subject)

    @property
    def network(self) -> str:
        """From where, as it is kept."""
        return network_of(self.address)


def count_guess(engine: Engine, guesser: Guesser, now: datetime) -> None:
    """Count a guess as a wrong one, or raise TooManyGuesses and leave it uncounted."""
    with Session(engine.execution_options(writing=True)) as session, session.begin():
        take_turn(session, Turn.GUESSES)
        wait = _wait(session, guesser, now)
        if wait:
            raise TooManyGuesses(wait)
        session.execute(delete(Guess).where(Guess.made_at <= now - WINDOW))
        row = {"subject": guesser.subject_key, "network": guesser.network, "made_at": now}
        session.execute(insert(Guess).values(row))


def _wait(session: Session, guesser: Guesser, now: datetime) -> timedelta:
    subject, network = guesser.subject_key, guesser.network
    counted = (
        (OF_PAIR, guesses(now, subject=subject, network=network)),
        (OF_ACCOUNT, guesses(now, subject=subject)),
        (OF_NETWORK, guesses(now, network=network)),
    )
    waits = []
    for bound, query in counted:
        count, latest = session.execute(query).one()
        waits.append(wait_left(count, latest, bound, now))
    return longest(waits)


def forget_guesses(session: Session, guesser: Guesser) -> None:
    """Take back the guesses of somebody who turned out to be the right one."""
    session.execute(
        delete(Guess).where(Guess.subject == guesser.subject_key, Guess.network == guesser.network)
    )


@dataclass(frozen=True)
class Proven:
    """An account whose password somebody knew, and the hash that said so."""

    account_id: int
    password_hash: str


def prove(engine: Engine, email: str, password: str, address: str, now: datetime) -> Proven | None:
    """The active account whose e-mail address and password these are.

    Counts the guess first and raises TooManyGuesses. Whether the address is known, unknown,
    deactivated or without a password, there is as much work to do.
    """
    count_guess(engine, password_guesser(email, address), now)
    with Session(engine) as session:
        account = session.scalar(account_of(email))
        known = account if account is not None and account.active else None
        number, kept = (known.id, known.password_hash) if known else (None, None)
    right = matches(password, kept)
    return Proven(number, kept) if right and number is not None and kept is not None else None


def password_guesser(email: str, address: str) -> Guesser:
    """Who guesses at a password."""
    return Guesser(f"password of {email}", address)


def code_guesser(account_id: int, address: str) -> Guesser:
    """Who guesses at a code of the second factor."""
    return Guesser(f"code of {account_id}", address)

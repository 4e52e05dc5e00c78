"""A copy of the database that PostgreSQL keeps (a streaming standby) takes reading off it.

Requests that only show what is recorded read from the copy, while it answers and is no more than
some seconds behind. Whoever has just saved reads from the database itself until the copy holds what
they saved. Who somebody is, and what they may do, is asked of the database itself in each request:
a session that was ended is at an end, however far behind the copy is.

How far behind it is follows from the counters (`tracker.counter`): what the database itself said
some seconds ago, the copy must have reached.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from tracker.counter import COUNTERS, State, state_of
from tracker.text import whole_number
from tracker.web import fresh
from tracker.web.asking import NoAnswer, ask_within
from tracker.web.database import db, leave_copy, read_from_copy

LOG = logging.getLogger("tracker.replica")
# All in seconds: how old may be what a page shows; how long one that failed is left alone; how
# often the database itself is asked where it is.
MOST_BEHIND = 10.0
LEFT_ALONE = 5.0
SAMPLED = 1.0
# The state after a browser's last save. It is good for as long as the copy may be behind, with
# time to spare; whoever changes it makes their own pages older or slower.
COOKIE = "entente_saved"
COOKIE_LASTS = 60
HIGHEST = 2**63 - 1
# So often on end must a copy seem ahead before a line says so: what is committed reaches it some
# moments before the database itself shows it.
AHEAD = 5

IDENTITY = text("SELECT uid, (SELECT version_num FROM alembic_version) FROM installation")


class Unfit(RuntimeError):
    """The copy cannot be read from as it is now; the text says why."""


class NoCopy(Unfit):
    """What answers is no copy of this database, and will not become one."""


@dataclass(frozen=True)
class Sample:
    """Where the database itself was at a moment of this process's clock."""

    at: float
    state: State


class Replica:
    """The copy, as this process knows it."""

    def __init__(
        self, engine: Engine, primary: Engine, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.engine = engine
        self.primary = primary
        self.clock = clock
        self._lock = threading.Lock()
        self._samples: deque[Sample] = deque()
        self._again_at = 0.0
        self._admitted = False
        self._said = ""
        self._ahead = 0

    def offer(self, saved: Sequence[int] | None = None) -> tuple[Session, State] | None:
        """A session on the copy and its state, or none while it is not to be read from.

        ``saved`` is the state that it must have reached for whoever asks.
        """
        if not self._may_try():
            return None
        session = Session(self.engine)
        try:
            state = ask_within(session)
            self._admit(session)
        except (SQLAlchemyError, NoAnswer, Unfit) as error:
            session.close()
            self.failed(error)
            return None
        usable = False
        try:
            usable = (saved is None or state.holds(saved)) and self._is_near(state)
        finally:
            if not usable:
                session.close()
        return (session, state) if usable else None

    def failed(self, error: Exception) -> None:
        """Leave the copy alone for some seconds."""
        with self._lock:
            self._again_at = self.clock() + LEFT_ALONE
            self._admitted = False
        # Other connections that wait for their use lead to the same server.
        self.engine.dispose()
        reason = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        self._say(logging.WARNING, f"The copy is not read from: {reason}. Reads go to the database")

    def _may_try(self) -> bool:
        """Whether to ask the copy; of all that want to ask one that failed, one does."""
        with self._lock:
            now = self.clock()
            if now < self._again_at:
                return False
            if self._again_at and not self._admitted:
                self._again_at = now + LEFT_ALONE
            return True

    def _admit(self, session: Session) -> None:
        """Look once, and after each failure, whether this is a copy of our database."""
        if self._admitted:
            return
        check_is_copy(session, self.primary)
        with self._lock:
            self._admitted, self._again_at = True, 0.0

    def _is_near(self, state: State) -> bool:
        """Whether a state of the copy holds all that was there MOST_BEHIND seconds ago."""
        newest = self._newest()
        if (
            newest is None
            or newest.at + SAMPLED <= self.clock()
            or not newest.state.holds(state.values)
        ):
            newest = self._sample()
        if newest is None or _is_ahead(state, newest.state):
            self._ahead += 1
            if self._ahead >= AHEAD:
                self._say(
                    logging.ERROR, "The copy holds what the database does not. It is not read"
                )
            return False
        self._ahead = 0
        with self._lock:
            near = bool(self._samples) and state.holds(self._samples[0].state.values)
        if near:
            self._say(logging.INFO, "The copy is read from")
        else:
            self._say(logging.WARNING, "The copy is too far behind. Reads go to the database")
        return near

    def _newest(self) -> Sample | None:
        with self._lock:
            while self._samples and self._samples[0].at < self.clock() - MOST_BEHIND:
                self._samples.popleft()
            return self._samples[-1] if self._samples else None

    def _sample(self) -> Sample | None:
        at = self.clock()
        with Session(self.primary) as session:
            state = state_of(session)
        if state is None:
            return None
        sample = Sample(at, state)
        with self._lock:
            # Of two that ask at once, the later answer may come first.
            if not self._samples or state.holds(self._samples[-1].state.values):
                self._samples.append(sample)
        return sample

    def _say(self, level: int, what: str) -> None:
        """Write a line when something else is the case than before."""
        with self._lock:
            same, self._said = self._said == what, what
        if not same:
            LOG.log(level, "%s.", what)


def _is_ahead(state: State, own: State) -> bool:
    """Whether a state holds commits that another one lacks, or has others in their place."""
    counters = zip(state.values, own.values, state.tokens, own.tokens, strict=True)
    return any(
        value > own_value or (value == own_value and token != own_token)
        for value, own_value, token, own_token in counters
    )


def check_is_copy(session: Session, primary: Engine) -> None:
    """Raise Unfit unless a session is on a copy of the database, with the same schema."""
    found = session.execute(IDENTITY).first()
    with Session(primary) as own:
        wanted = own.execute(IDENTITY).first()
    if found is None or wanted is None or found[0] != wanted[0]:
        raise NoCopy("TRACKER_REPLICA_URL leads to another database, not to a copy of this one")
    if found[1] != wanted[1]:
        raise Unfit("the schema of the copy is not that of the database")


def init_app(app: Flask, engine: Engine, primary: Engine) -> None:
    """Let requests read from the copy; called before what makes tags, so that both agree."""
    app.extensions["copy"] = engine
    replica = Replica(engine, primary)
    app.extensions["replica"] = replica
    app.extensions["choose_copy"] = lambda: _choose(replica)
    app.register_error_handler(OperationalError, lambda error: _once_more(replica, error))
    app.after_request(lambda answer: _note_saved(primary, answer))


def _choose(replica: Replica) -> State | None:
    """Read from the copy in this request, if it may; its state."""
    offered = replica.offer(read_mark(request.cookies.get(COOKIE, "")))
    if offered is None:
        return None
    session, state = offered
    read_from_copy(session)
    return state


def read_mark(text: str) -> tuple[int, ...] | None:
    """The values of a browser's last save; none where the text holds no such."""
    values = [whole_number(part, HIGHEST) for part in text[:400].split(".")]
    known = tuple(value for value in values if value is not None)
    return known if len(known) == len(values) == COUNTERS else None


def _once_more(replica: Replica, error: OperationalError) -> ResponseReturnValue:
    """The copy failed while a page was made: make it from the database itself."""
    if not leave_copy():
        raise error
    replica.failed(error)
    fresh.look(state_of(db()))
    return current_app.dispatch_request()


def _note_saved(primary: Engine, answer: Response) -> Response:
    """Let whoever saved read from the database itself until the copy has it."""
    if request.method in ("GET", "HEAD", "OPTIONS") or answer.status_code >= 400:
        return answer
    with Session(primary) as session:
        state = state_of(session)
    if state is not None:
        answer.set_cookie(
            COOKIE,
            ".".join(map(str, state.values)),
            max_age=COOKIE_LASTS,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
    return answer

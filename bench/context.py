"""What each measurement has at hand: both servers on the same data, and who is signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench import servers
from bench.places import Places
from bench.servers import Server
from bench.visitor import Visitor
from tracker.accounts.guard import COOKIE
from tracker.accounts.models import Account
from tracker.accounts.rules import Role
from tracker.accounts.sessions import Visitor as Origin
from tracker.accounts.sessions import open_session
from tracker.agreements.models import Agreement
from tracker.authorship import AUTHOR, Author, Way
from tracker.clock import now
from tracker.db import make_engine

EMAIL = "bench@example.org"


@dataclass(frozen=True)
class Pace:
    """How long it takes: ``rounds`` of a page, ``seconds`` of a load, ``repeats`` of the rest."""

    rounds: int = 150
    seconds: float = 5.0
    repeats: int = 3


@dataclass(frozen=True)
class Bench:
    """Two servers side by side; ``first`` is what an agreement's number is off from its id."""

    places: Places
    program: Server
    limit: Server
    token: str
    first: int
    say: Callable[[str], object]
    pace: Pace = Pace()

    def editor(self) -> Visitor:
        """Somebody who is signed in and may change records."""
        return editor(self.program, self.token)

    def at_the_limit(self) -> Visitor:
        """Somebody who asks the limit."""
        return Visitor(self.limit.port)


def editor(server: Server, token: str) -> Visitor:
    """Somebody whose session the server's database knows."""
    return Visitor(server.port, {COOKIE: token})


@contextmanager
def both(places: Places, say: Callable[[str], object], pace: Pace = Pace()) -> Iterator[Bench]:
    """Both servers, as long as the block lasts."""
    token, first = prepare(places.url)
    with (
        servers.program(places.url, places.work) as program,
        servers.limit(places.limit, places.work, postgres=places.postgres) as limit,
    ):
        yield Bench(places, program, limit, token, first, say, pace)


def prepare(url: str) -> tuple[str, int]:
    """Sign an editor in; the cookie, and the id before the data set's first agreement."""
    engine = make_engine(url)
    with Session(engine.execution_options(writing=True)) as session:
        session.info[AUTHOR] = Author("measuring", Way.COMMAND)
        account = session.scalar(select(Account).where(Account.email == EMAIL))
        if account is None:
            account = Account(email=EMAIL, name="Measuring", role=Role.EDITOR)
            session.add(account)
            session.flush()
        token = open_session(session, account, Origin("127.0.0.1", "bench"), now())
        first = session.scalar(
            select(Agreement.id).where(Agreement.reference_list.like("BA-____-0000001"))
        )
        session.commit()
    engine.dispose()
    return token, (first or 1) - 1

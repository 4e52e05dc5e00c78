"""Guesses at a password, as many as can be sent, to several processes: how many are looked at."""

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.backups.conftest import tracker
from tests.soak.conftest import Start
from tests.soak.history import EDITOR
from tests.soak.server import RunningServer
from tests.soak.sizes import GUESSES
from tests.soak.visitor import Visitor
from tracker.accounts.credentials import hash_password
from tracker.accounts.models import Account
from tracker.db import make_engine

PASSWORD = "a long password that nobody guesses"  # noqa: S105
GUESSERS = 8


def guess(server: RunningServer, guesses: int) -> Counter[int]:
    """Send so many wrong passwords one after the other; how many got which answer."""
    ends: Counter[int] = Counter()
    with closing(Visitor(server.port)) as visitor:
        fields = visitor.get("/sign-in").fields()
        for number in range(guesses):
            typed = {**fields, "email": EDITOR, "password": f"wrong password {number}"}
            ends[visitor.post("/sign-in", typed).status] += 1
    return ends


@pytest.fixture
def known(ground: str, token: str) -> None:
    """The editor has a password."""
    engine = make_engine(ground)
    with Session(engine.execution_options(writing=True)) as session:
        account = session.scalars(select(Account).where(Account.email == EDITOR)).one()
        account.password_hash = hash_password(PASSWORD)
        session.commit()
    engine.dispose()


def test_few_of_many_guesses_are_looked_at(start: Start, known: None) -> None:
    server = start()
    begun = time.monotonic()

    with ThreadPoolExecutor(GUESSERS) as pool:
        ends = sum(
            pool.map(lambda _one: guess(server, GUESSES // GUESSERS), range(GUESSERS)), Counter()
        )
    minutes = (time.monotonic() - begun) / 60

    print(
        f"guesses: {ends.total()} by {GUESSERS} clients over 2 processes in {minutes:.1f} minutes: "
        f"{ends[422]} looked at, {ends[429]} told to wait"
    )
    assert set(ends) == {422, 429}
    # Five at once, then one after each wait, which doubles from some seconds to 15 minutes.
    assert 5 <= ends[422] <= 5 + 10 + minutes


def test_the_owner_comes_in_by_a_link_meanwhile(start: Start, known: None, ground: str) -> None:
    server = start()
    guess(server, 20)
    said = tracker(ground, "user", "link", EDITOR).output
    path = re.search(r"(/sign-in/link\S*)", said)
    assert path is not None, said
    with closing(Visitor(server.port)) as visitor:
        page = visitor.get(path[1])

        answer = visitor.post("/sign-in/link", page.fields())

        assert answer.status == 303
        assert EDITOR in visitor.get("/account").text

"""There is always somebody who can administer, also when two leave at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.client import CheckedClient
from tests.identities import add_account
from tracker.accounts.models import Account
from tracker.accounts.operations import change_role, deactivate
from tracker.accounts.queries import administrators
from tracker.accounts.rules import Role
from tracker.text import Refusal

Act = Callable[[Session, Account], None]


def leave_by_role(session: Session, account: Account) -> None:
    change_role(session, account, Role.EDITOR)


ACTS = [leave_by_role, deactivate]


@pytest.mark.parametrize("act", ACTS)
def test_the_last_one_cannot_leave(engine: Engine, act: Act) -> None:
    number = add_account(engine, Role.ADMINISTRATOR)
    add_account(engine, Role.ADMINISTRATOR, "gone@example.org", active=False)

    with Session(engine.execution_options(writing=True)) as session:
        account = session.get_one(Account, number)
        with pytest.raises(Refusal, match="the only administrator"):
            act(session, account)


@pytest.mark.parametrize("act", ACTS)
def test_of_two_that_leave_at_the_same_moment_one_stays(engine: Engine, act: Act) -> None:
    numbers = [add_account(engine, Role.ADMINISTRATOR, f"{n}@example.org") for n in "ab"]
    together = threading.Barrier(2)

    def leave(number: int) -> bool:
        together.wait(60)
        with Session(engine.execution_options(writing=True)) as session:
            try:
                act(session, session.get_one(Account, number, with_for_update=True))
            except Refusal:
                return False
            session.commit()
            return True

    with ThreadPoolExecutor(2) as threads:
        left = sorted(threads.map(leave, numbers))

    assert left == [False, True]
    with Session(engine) as session:
        assert len(session.scalars(administrators()).all()) == 1


def test_the_second_waits_until_the_first_is_done(engine: Engine) -> None:
    """The order that a race only sometimes takes: both have looked before either has left."""
    first, second = (add_account(engine, Role.ADMINISTRATOR, f"{n}@example.org") for n in "ab")
    outcome: list[str] = []

    def leave_second() -> None:
        with Session(engine.execution_options(writing=True)) as session:
            try:
                deactivate(session, session.get_one(Account, second))
                session.commit()
                outcome.append("left")
            except Refusal:
                outcome.append("stayed")

    with Session(engine.execution_options(writing=True)) as session:
        deactivate(session, session.get_one(Account, first))
        waiting = threading.Thread(target=leave_second)
        waiting.start()
        waiting.join(0.3)
        assert outcome == []
        session.commit()
    waiting.join(60)

    assert outcome == ["stayed"]


def test_the_page_says_why_not(administrator: CheckedClient, engine: Engine) -> None:
    with Session(engine) as session:
        number = session.scalar(select(Account.id))

    answer = administrator.submit(f"/users/{number}", action=f"/users/{number}/deactivate")
    assert answer.status_code == 422
    assert "the only administrator" in answer.text

    answer = administrator.submit(
        f"/users/{number}", {"role": "viewer"}, action=f"/users/{number}/role"
    )
    assert answer.status_code == 422
    assert "the only administrator" in answer.text

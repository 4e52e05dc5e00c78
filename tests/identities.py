"""People for tests: accounts and sessions written straight into the database."""

from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.accounts.guard import COOKIE
from tracker.accounts.models import Account
from tracker.accounts.rules import Role
from tracker.accounts.sessions import Visitor, open_session
from tracker.clock import now

HERE = Visitor("127.0.0.1", "a test")


def add_account(engine: Engine, role: Role, email: str | None = None, **more: object) -> int:
    """Add an active account without a password; its number."""
    with Session(engine.execution_options(writing=True)) as session:
        email = email or f"{role}@example.org"
        account = Account(email=email, name=role.capitalize(), role=role, **more)
        session.add(account)
        session.commit()
        return account.id


def session_token(engine: Engine, account_id: int) -> str:
    """The cookie of a new session of an account."""
    with Session(engine.execution_options(writing=True)) as session:
        account = session.get_one(Account, account_id)
        token = open_session(session, account, HERE, now())
        session.commit()
        return token


def sign_in(client: FlaskClient, engine: Engine, account_id: int) -> str:
    """Let a client carry the cookie of a new session; the cookie."""
    token = session_token(engine, account_id)
    client.set_cookie(COOKIE, token)
    return token

"""An editor with a password, and several browsers of theirs."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.accounts.people import password_hash
from tests.client import CheckedClient
from tests.identities import add_account
from tracker.accounts.rules import Role

EMAIL = "dilnoza@example.org"


@pytest.fixture
def editor(engine: Engine) -> int:
    """The number of an editor's account, which has a password."""
    return add_account(engine, Role.EDITOR, EMAIL, password_hash=password_hash())


@pytest.fixture
def browser(app: Flask) -> Callable[[], CheckedClient]:
    """Open a further browser, in which nobody is signed in."""

    def open_one() -> CheckedClient:
        client = app.test_client()
        assert isinstance(client, CheckedClient)
        return client

    return open_one

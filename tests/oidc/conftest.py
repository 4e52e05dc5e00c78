"""A provider of other people, one of the tests' own, and a site that lets people in by either."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.client import CheckedClient
from tests.identities import add_account
from tests.oidc.issuer import CLIENT, SECRET, Issuer, running_issuer
from tests.oidc.provider import RunningProvider
from tracker.accounts.rules import Role
from tracker.settings import Provider, Settings

EMAIL = "dilnoza@example.org"
BACK = "http://127.0.0.1:8000/sign-in/provider/return"

OpenBrowser = Callable[[], CheckedClient]


@pytest.fixture(scope="session")
def running_provider() -> Iterator[RunningProvider]:
    provider = RunningProvider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running_provider: RunningProvider) -> RunningProvider:
    """A provider of other people, with two people who are not those of another test."""
    running_provider.know("s-dilnoza", email=EMAIL, email_verified=True)
    running_provider.know("s-other", email="other@example.org", email_verified=True)
    return running_provider


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Those of a site with the provider that the test asks for."""
    if "issuer" in request.fixturenames:
        own = request.getfixturevalue("issuer").issuer
        return replace(settings, provider=Provider(own, CLIENT, SECRET, "Our Login"))
    theirs = request.getfixturevalue("provider")
    client_id, secret = theirs.register(BACK)
    return replace(settings, provider=Provider(theirs.issuer, client_id, secret, "Our Login"))


@pytest.fixture
def editor(engine: Engine) -> int:
    """The number of an editor's account, which has no password."""
    return add_account(engine, Role.EDITOR, EMAIL)


@pytest.fixture
def browser(app: Flask) -> OpenBrowser:
    """Open a further browser, in which nobody is signed in."""

    def open_one() -> CheckedClient:
        client = app.test_client()
        assert isinstance(client, CheckedClient)
        return client

    return open_one

"""The commands `tracker user …`, and the first link of `tracker init`."""

import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.accounts.people import is_in
from tests.client import CheckedClient
from tests.identities import add_account
from tracker.accounts.models import Account
from tracker.accounts.rules import Role
from tracker.cli import cli

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str) -> Run:
    def run(*words: str, **more: str) -> Result:
        env = {"TRACKER_DATABASE_URL": database_url, "TRACKER_SECRET_KEY": "for tests"}
        return CliRunner().invoke(cli, words, env=env | more)

    return run


def path_in(text: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/sign-in/link\?token=[\w-]{43})\n", text)
    assert found, text
    return found[1]


def test_somebody_is_added_let_in_and_listed(run: Run, anonymous: CheckedClient) -> None:
    added = run("user", "add", "Aziza@example.org", "--role", "editor", "--name", "Aziza")
    assert (added.exit_code, added.stdout) == (0, "aziza@example.org was added as editor.\n")

    link = run("user", "link", "aziza@example.org")
    assert anonymous.submit(path_in(link.stdout)).status_code == 303
    assert is_in(anonymous)

    (line,) = run("user", "list").stdout.splitlines()
    email, role, state, last, name = line.split("\t")
    assert (email, role, state, name) == ("aziza@example.org", "editor", "active", "Aziza")
    assert last != "never"


def test_a_role_is_changed_and_an_account_deactivated(
    run: Run, engine: Engine, client: CheckedClient
) -> None:
    assert run("user", "role", "editor@example.org", "viewer").exit_code == 0
    assert not is_in(client)
    assert run("user", "deactivate", "editor@example.org").exit_code == 0

    with Session(engine) as session:
        account = session.scalars(select(Account)).one()
        assert (account.role, account.active) == (Role.VIEWER, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("link", "nobody@example.org"), "There is no account with the e-mail address"),
        (("role", "administrator@example.org", "viewer"), "This is the only administrator."),
        (("deactivate", "administrator@example.org"), "This is the only administrator."),
        (("add", "administrator@example.org", "--role", "viewer"), "already"),
        (("add", "nobody", "--role", "viewer"), "This is no e-mail address."),
    ],
)
def test_a_refusal_has_its_reason_and_status_1(
    run: Run, engine: Engine, words: tuple[str, ...], said: str
) -> None:
    add_account(engine, Role.ADMINISTRATOR)

    done = run("user", *words)

    assert done.exit_code == 1
    assert said in done.stderr
    assert done.stdout == ""


def test_init_prints_a_link_until_an_administrator_has_signed_in(
    run: Run, engine: Engine, anonymous: CheckedClient
) -> None:
    first = path_in(run("init").stdout)
    second = path_in(run("init").stdout)
    assert anonymous.get(first).status_code == 410

    assert anonymous.submit(second).status_code == 303
    assert "administrator@localhost" in anonymous.get("/users").text

    assert "sign-in/link" not in run("init").stdout
    with Session(engine) as session:
        assert len(session.scalars(select(Account)).all()) == 1


def test_init_makes_no_account_beside_others(run: Run, engine: Engine) -> None:
    add_account(engine, Role.ADMINISTRATOR, "mine@example.org")

    path_in(run("init").stdout)

    with Session(engine) as session:
        assert session.scalars(select(Account.email)).all() == ["mine@example.org"]


def test_a_link_names_the_site_as_people_find_it(run: Run, app: Flask, engine: Engine) -> None:
    add_account(engine, Role.VIEWER)
    behind = {"TRACKER_PROXIES": "1", "TRACKER_TRUSTED_HOSTS": "entente.example.org"}

    assert run("user", "link", "viewer@example.org", PORT="9000").stdout.startswith(
        "http://127.0.0.1:9000/sign-in/link?token="
    )
    assert run("user", "link", "viewer@example.org", **behind).stdout.startswith(
        "https://entente.example.org/sign-in/link?token="
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("TRACKER_PUBLIC_READ", "maybe"), ("TRACKER_PROXIES", "-1"), ("TRACKER_PROXIES", "99")],
)
def test_a_setting_that_means_nothing_is_refused(run: Run, name: str, value: str) -> None:
    done = run("user", "list", **{name: value})

    assert done.exit_code == 1
    assert f"{name} is {value!r}." in done.stderr

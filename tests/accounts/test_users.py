"""The administrator's pages."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.accounts.conftest import EMAIL
from tests.accounts.people import enter, is_in
from tests.client import CheckedClient
from tracker.accounts.models import Account
from tracker.accounts.rules import Role


def test_somebody_is_added_and_comes_in_by_a_link(
    engine: Engine, administrator: CheckedClient, anonymous: CheckedClient
) -> None:
    typed = {"email": "Rustam@Example.org", "name": "Rustam Karimov", "role": "editor"}

    answer = administrator.submit("/users/new", typed)

    assert answer.status_code == 303
    with Session(engine) as session:
        account = session.scalars(select(Account).where(Account.name == "Rustam Karimov")).one()
        assert (account.email, account.role, account.active) == (
            "rustam@example.org",
            Role.EDITOR,
            True,
        )
        assert account.password_hash is None
    assert "Rustam Karimov" in administrator.get("/users").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "nobody"}, "This is no e-mail address."),
        ({"email": EMAIL.upper()}, "There is an account with this e-mail address already."),
        ({"name": "a\u202eb"}, "turn the direction"),
        ({"role": "emperor"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_added_says_why(
    editor: int, administrator: CheckedClient, typed: dict[str, str], said: str
) -> None:
    sent = {"email": "new@example.org", "name": "New", "role": "viewer"} | typed

    answer = administrator.submit("/users/new", sent)

    assert answer.status_code == 422
    assert said in answer.text


def test_a_deactivated_account_is_brought_back_with_its_password(
    editor: int, administrator: CheckedClient, browser: Callable[[], CheckedClient]
) -> None:
    page = f"/users/{editor}"
    administrator.submit(page, action=f"{page}/deactivate")
    assert "deactivated" in administrator.get(page).text

    administrator.submit(page, action=f"{page}/reactivate")

    client = browser()
    assert enter(client, EMAIL).status_code == 303
    assert is_in(client)


def test_a_role_that_is_none_is_refused(editor: int, administrator: CheckedClient) -> None:
    page = f"/users/{editor}"

    answer = administrator.submit(page, {"role": "emperor"}, action=f"{page}/role")

    assert answer.status_code == 422


def test_an_unknown_number_is_no_page(administrator: CheckedClient) -> None:
    administrator.page("/users/999", status=404)


def test_everybody_changes_their_own_name(
    editor: int, anonymous: CheckedClient, engine: Engine
) -> None:
    enter(anonymous, EMAIL)

    assert anonymous.submit("/account", {"name": " "}, action="/account/name").status_code == 422
    assert (
        anonymous.submit("/account", {"name": "D. K."}, action="/account/name").status_code == 303
    )

    assert "D. K." in anonymous.get("/people").text

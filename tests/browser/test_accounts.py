"""Signing in through the page, and the pages of accounts, with scripts and without."""

from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from tests.accounts.people import PASSWORD, password_hash
from tests.identities import add_account
from tracker.accounts.rules import Role

EMAIL = "administrator@example.org"


@pytest.fixture
def administrator(engine: Engine) -> int:
    return add_account(engine, Role.ADMINISTRATOR, EMAIL, password_hash=password_hash())


def test_an_administrator_signs_in_and_turns_the_second_factor_on(
    administrator: int, page: Page, axe: Callable[[Page], None]
) -> None:
    page.goto("/users")
    axe(page)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("do not go together")).to_be_visible()
    axe(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Accounts")
    axe(page)
    page.goto(f"/users/{administrator}")
    axe(page)

    page.goto("/account/second-factor")
    axe(page)
    secret = page.locator(".secret code").inner_text().replace(" ", "")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("textbox", name="Code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator(".codes li")).to_have_count(10)
    axe(page)

    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 recovery codes left")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()

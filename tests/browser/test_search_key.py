"""The key / leads to the search field from each page, and is only a character while typing."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle

pytestmark = [
    pytest.mark.usefixtures("seeded", "signed_in"),
    pytest.mark.parametrize("javascript", [True], indirect=True),
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]

PAGES = ("/", "/agreements", "/agreements/1", "/agreements/1/edit", "/account", "/nowhere")


def open_at_rest(page: Page, address: str) -> None:
    """Open a page, with the focus on none of its fields."""
    page.goto(address)
    settle(page)
    page.locator("#main").focus()


def test_the_key_leads_to_the_search_field_of_each_page(page: Page) -> None:
    for address in PAGES:
        open_at_rest(page, address)

        page.keyboard.press("/")

        field = page.locator("#site-search")
        expect(field).to_be_focused()
        expect(field).to_have_value("")


def test_on_the_page_of_the_search_it_leads_to_that_ones_field(page: Page) -> None:
    open_at_rest(page, "/search?q=security")

    page.keyboard.press("/")
    expect(page.locator("#q-all")).to_be_focused()
    page.keyboard.type("trade")

    # What stood there was selected, so that typing begins anew.
    expect(page.locator("#q-all")).to_have_value("trade")


@pytest.mark.parametrize("field", ["#title", "#summary", "#signed_on", "#site-search"])
def test_in_a_field_it_is_a_character(page: Page, field: str) -> None:
    page.goto("/agreements/new")
    page.locator(field).focus()

    page.keyboard.type("9/3")

    expect(page.locator(field)).to_have_value("9/3")
    expect(page.locator(field)).to_be_focused()


def test_in_a_list_of_choices_it_leads_nowhere(page: Page) -> None:
    page.goto("/agreements/new")
    page.locator("#kind").focus()

    page.keyboard.press("/")

    expect(page.locator("#kind")).to_be_focused()


@pytest.mark.parametrize("held", ["Control", "Alt", "Meta"])
def test_with_another_key_it_is_the_browsers(page: Page, held: str) -> None:
    open_at_rest(page, "/agreements")

    page.keyboard.press(f"{held}+/")

    expect(page.locator("#main")).to_be_focused()


def test_enter_then_searches(page: Page) -> None:
    open_at_rest(page, "/agreements/1")

    page.keyboard.press("/")
    page.keyboard.type("trade/economic commission")
    page.keyboard.press("Enter")

    page.wait_for_url("**/search?q=trade%2Feconomic+commission")
    expect(page.locator("#q-all")).to_have_value("trade/economic commission")

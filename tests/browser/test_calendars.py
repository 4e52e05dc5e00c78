"""The page of calendar feeds in a browser: accessible, in one column, an address taken at once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_is_accessible_and_nothing_sticks_out(
    page: Page, axe: Callable[[Page], None], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})

    page.goto("/calendars?feed=meetings&commission=1&status=planned&from=2026-11-24&to=2031")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe(page)


def test_one_click_takes_an_address_whole(page: Page, live_server: str) -> None:
    page.goto("/calendars?feed=deadlines&alarm=30")
    address = page.locator(".address").first
    expect(address).to_have_text(f"{live_server}/deadlines.ics?alarm=30")

    address.click()

    assert page.evaluate("getSelection().toString()") == f"{live_server}/deadlines.ics?alarm=30"

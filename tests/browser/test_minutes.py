"""Minutes in a browser, with scripts and without: written, carried to the next session, closed."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.meetings.models import Meeting

HELD, NEXT = "/meetings/3", "/meetings/4"  # Sessions 16 and 17 of the trade commission.


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).last.click()


def add_row(page: Page, rows: str) -> None:
    """Open a row where the form shows none yet."""
    if page.locator(f"#{rows}-0-text").count() == 0:
        page.locator(f"button[name=rows][value='{rows}:add']").click()
    expect(page.locator(f"#{rows}-0-text")).to_be_visible()


def test_a_decision_and_an_item_are_written_carried_and_closed(
    seeded: Session, signed_in: None, page: Page, axe: Callable[[Page], None]
) -> None:
    side_b = seeded.scalars(select(Meeting).where(Meeting.id == 3)).one().side_b.name
    page.goto(HELD)
    axe(page)
    page.get_by_role("link", name="Edit", exact=True).click()
    add_row(page, "decisions")
    add_row(page, "action_items")
    page.locator("#decisions-0-text").fill("A working group on transit is set up")
    page.locator("#action_items-0-text").fill("Send the list of barriers")
    page.locator("#action_items-0-side").select_option("B")
    page.locator("#action_items-0-person").fill("Laziz Kudratov")
    page.locator("#action_items-0-due_on").fill("September 2025")
    axe(page)
    save(page)

    expect(page.get_by_text("A working group on transit is set up")).to_be_visible()
    sides = page.locator(".side").filter(has_text="Send the list of barriers")
    expect(sides).to_have_count(1)
    expect(sides.get_by_role("heading")).to_have_text(side_b)
    axe(page)

    page.goto(NEXT)
    expect(page.get_by_role("heading", name="Agenda: open items")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Send the list of barriers").click()
    axe(page)
    page.locator("#state").select_option("done")
    page.locator("#done_on").fill("2 October 2025")
    save(page)
    expect(page.get_by_text("done · 2 October 2025")).to_be_visible()
    axe(page)

    page.goto(NEXT)
    expect(page.get_by_text("Send the list of barriers")).to_have_count(0)
    page.goto("/action-items")
    expect(page.get_by_role("link", name="Send the list of barriers")).to_be_visible()
    axe(page)

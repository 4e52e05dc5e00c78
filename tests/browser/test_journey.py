"""The main journey in a real browser, with scripts and without: record, plan, see."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tracker.catalogue import TABLES
from tracker.clock import today
from tracker.columns import Reading
from tracker.importing import Importer
from tracker.migrate import ROOT
from tracker.tabular import read_sheet


@pytest.fixture
def parties(db_session: Session) -> None:
    sheet = read_sheet((ROOT / "seeds" / "parties.csv").read_bytes())
    Importer(TABLES["parties"], Reading(db_session, today(), bulk=True)).run(sheet)
    db_session.commit()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).last.click()


def record_agreement(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/agreements/new")
    axe(page)
    page.get_by_label("Title (required)", exact=True).fill("Joint document on security cooperation")
    page.locator("#kind").select_option("joint-document")
    page.locator("#side_a").fill("Iran")
    page.locator("#side_b").fill("Uzbekistan")
    page.locator("#signed_on").fill("9 March 2022")
    for index, (side, name) in enumerate([("A", "Ali Shamkhani"), ("B", "Viktor Makhmudov")]):
        page.locator("button[name=rows][value='signatories:add']").click()
        page.locator(f"#signatories-{index}-side").select_option(side)
        page.locator(f"#signatories-{index}-person").fill(name)
    save(page)
    expect(page.get_by_text("Nobody is recorded under the name").first).to_be_visible()
    axe(page)
    page.get_by_label("Add “Ali Shamkhani” as new").check()
    page.get_by_label("Add “Viktor Makhmudov” as new").check()
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Joint document on security cooperation"
    )
    expect(page.get_by_text("9 March 2022").first).to_be_visible()
    axe(page)


def record_commission(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/commissions/new")
    page.locator("#name").fill("Joint Security Commission")
    page.locator("#side_a").fill("IR")
    page.locator("#side_b").fill("UZ")
    page.locator("#kind").select_option("joint-commission")
    page.locator("#status").select_option("foreseen")
    page.locator("#agreement").fill("#1")
    page.locator("#cadence_every").fill("1")
    page.locator("#cadence_unit").select_option("year")
    page.locator("#first_due_on").fill("2023-03-09")
    page.locator("#turns").select_option("by-session")
    for index, (party, city) in enumerate([("IR", "Tehran"), ("UZ", "Tashkent")]):
        page.locator("button[name=rows][value='hosts:add']").click()
        page.locator(f"#hosts-{index}-party").fill(party)
        page.locator(f"#hosts-{index}-city").fill(city)
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Joint Security Commission")
    axe(page)


def plan_sessions(page: Page, axe: Callable[[Page], None]) -> None:
    page.get_by_role("link", name="Plan the sessions").click()
    page.goto("/commissions/1/plan?until=2026")
    axe(page)
    page.get_by_role("button", name="Add these sessions").click()
    expect(page.get_by_text("5 sessions were added")).to_be_visible()
    axe(page)


def test_an_agreement_is_recorded_and_its_sessions_planned(
    parties: None, page: Page, axe: Callable[[Page], None]
) -> None:
    record_agreement(page, axe)
    record_commission(page, axe)
    plan_sessions(page, axe)

    page.goto("/")

    expect(page.get_by_text("no record that it was held").first).to_be_visible()
    axe(page)
